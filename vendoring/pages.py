"""Fetches what the pages show from the npm registry and lays it into kg/serve/pages/static/vendor/.

    python vendoring/pages.py            needs npm; nobody needs to run it but who wants newer versions

The packages, their versions and licences stand in PACKAGES. Files are taken as they are, but for the map: it is
projected (Miller), rounded to a twentieth of a degree and written as two paths of one small SVG.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from math import log, pi, radians, tan
from pathlib import Path

TARGET = Path(__file__).parents[1] / "kg" / "serve" / "pages" / "static" / "vendor"
PACKAGES = {  # package -> (version, licence)
    "@zazuko/yasgui": ("4.6.2", "MIT"),
    "cytoscape": ("3.35.0", "MIT"),
    "world-atlas": ("2.0.2", "ISC; its data are Natural Earth's, in the public domain"),
    "@fontsource-variable/source-serif-4": ("5.3.1", "OFL-1.1"),
    "@fontsource-variable/source-sans-3": ("5.3.1", "OFL-1.1"),
}
SUBSETS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek")
SCALE = 20  # map units a degree: one is 5 km at the equator


def fetch(package: str, version: str, folder: Path) -> Path:
    """A package's files, unpacked."""
    done = subprocess.run(
        ["npm", "pack", "--silent", f"{package}@{version}"], cwd=folder, check=True, capture_output=True, text=True
    )
    with tarfile.open(folder / done.stdout.strip().splitlines()[-1]) as archive:
        archive.extractall(folder / package, filter="data")
    (root,) = (folder / package).iterdir()
    return root


def miller(longitude: float, latitude: float) -> tuple[int, int]:
    """Map units of a place; `kg/serve/pages/charts.py` has the same formula."""
    y = 1.25 * log(tan(pi / 4 + 0.4 * radians(latitude)))
    return round(longitude * SCALE), round(-y * 180 / pi * SCALE)


def arcs_of(topology: dict) -> list[list[tuple[int, int]]]:
    """The arcs of a TopoJSON file in map units, points that fall together taken once."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points: list[tuple[int, int]] = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            point = miller(x * sx + tx, max(-85.0, min(85.0, y * sy + ty)))
            if not points or points[-1] != point:
                points.append(point)
        arcs.append(points)
    return arcs


def rings_of(topology: dict) -> list[list[int]]:
    """Every ring of every country as indices of arcs; Antarctica, which no news map needs, left out."""
    rings = []
    for country in topology["objects"]["countries"]["geometries"]:
        if country.get("properties", {}).get("name") == "Antarctica" or "arcs" not in country:
            continue
        polygons = [country["arcs"]] if country["type"] == "Polygon" else country["arcs"]
        rings += [ring for polygon in polygons for ring in polygon]
    return rings


def unwrapped(lines: list[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
    """Lines that cross the 180th meridian go on beyond it, and stand a second time where they come in again."""
    whole, found = 360 * SCALE, []
    for points in lines:
        shift, last, moved = 0, points[0][0], []
        for x, y in points:
            shift += (x - last < -whole / 2) * whole - (x - last > whole / 2) * whole
            last = x
            moved.append((x + shift, y))
        found.append(moved)
        beyond = [side for side in (-1, 1) if any(x * side > whole / 2 for x, _ in moved)]
        found += [[(x - side * whole, y) for x, y in moved] for side in beyond]
    return found


def path(lines: list[list[tuple[int, int]]], *, closed: bool) -> str:
    """Lines as SVG path data, in relative steps."""
    out = []
    for points in lines:
        if len(points) < (4 if closed else 2):
            continue  # an island smaller than the grid
        x, y = points[0]
        out.append(f"M{x} {y}l")
        steps = []
        for nx, ny in points[1:]:
            steps.append(f"{nx - x} {ny - y}")
            x, y = nx, ny
        out.append(",".join(steps).replace(" -", "-").replace(",-", "-").replace(",", " "))
        if closed:
            out.append("z")
    return "".join(out)


def world(source: Path) -> str:
    """The map: land, and the borders that two countries share."""
    topology = json.loads(source.read_text())
    arcs, rings = arcs_of(topology), rings_of(topology)
    land = []
    for ring in rings:
        points: list[tuple[int, int]] = []
        for index in ring:
            part = arcs[index] if index >= 0 else arcs[~index][::-1]
            points += part[1:] if points else part
        land.append(points)
    uses = Counter(index if index >= 0 else ~index for ring in rings for index in ring)
    borders = [arcs[index] for index, times in sorted(uses.items()) if times > 1]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-3600 -2640 7200 4400">'
        f'<path id="land" d="{path(unwrapped(land), closed=True)}"/>'
        f'<path id="borders" fill="none" d="{path(unwrapped(borders), closed=False)}"/></svg>\n'
    )


def quiet(script: str) -> str:
    """YASGUI without other people's addresses: no endpoint, vocabulary service or prefix list but ours is in it.

    The pages' Content-Security-Policy forbids to call them anyway; so nobody need rely on it.
    """
    start, end = script.index("madsrdf=`"), script.index("prefixes_default={")
    script = script[:start] + re.sub(r"`https?://[^`]*`", "``", script[start:end]) + script[end:]
    for address in ("https://dbpedia.org/sparql", "https://query.wikidata.org/bigdata/namespace/wdq/sparql"):
        script = script.replace(address, "/sparql")
    return script.replace("lov.linkeddata.es/", "vocabularies.invalid/")


def take(roots: dict[str, Path]) -> None:
    """Lays the files we need into TARGET."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    yasgui = roots["@zazuko/yasgui"] / "build"
    for name in ("yasgui.min.js", "yasgui.min.css"):
        text = (yasgui / name).read_text(encoding="utf-8").rpartition("//# sourceMappingURL=")
        (TARGET / name).write_text(quiet(text[0]) if name.endswith("js") else text[0] or text[2], encoding="utf-8")
    shutil.copy(roots["cytoscape"] / "dist" / "cytoscape.min.js", TARGET)
    shutil.copy(roots["cytoscape"] / "LICENSE", TARGET / "cytoscape.LICENSE")
    (TARGET / "world.svg").write_text(world(roots["world-atlas"] / "countries-50m.json"))
    shutil.copy(roots["world-atlas"] / "LICENSE", TARGET / "world-atlas.LICENSE")
    for font in ("source-serif-4", "source-sans-3"):
        root = roots[f"@fontsource-variable/{font}"]
        for subset in SUBSETS:
            shutil.copy(root / "files" / f"{font}-{subset}-wght-normal.woff2", TARGET)
        shutil.copy(root / "LICENSE", TARGET / f"{font}.LICENSE")


def main() -> int:
    """All of it."""
    with tempfile.TemporaryDirectory() as folder:
        take({name: fetch(name, version, Path(folder)) for name, (version, _) in PACKAGES.items()})
    rows = "".join(f"| {name} | {version} | {licence} |\n" for name, (version, licence) in PACKAGES.items())
    (TARGET / "README.md").write_text(
        "# Vendored\n\nMade by `python vendoring/pages.py` from these npm packages; do not edit.\n"
        "yasgui.min.js is changed: the addresses of other people's endpoints and prefix lists are taken out. The\n"
        "package has no licence file of its own; its package.json says MIT, by Triply and Zazuko.\n\n"
        f"| package | version | licence |\n|---|---|---|\n{rows}"
    )
    size = sum(file.stat().st_size for file in TARGET.iterdir())
    print(f"{size:,} bytes in {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
