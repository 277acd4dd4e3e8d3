"""The house keeps its floors, its doors and its manners. A failure's message says what to do."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1] / "kg"
FLOORS = (
    {"model", "errors", "edtf", "shipped"},
    {"ontology", "names", "web"},
    {"read", "language", "recognise", "knowledge", "link", "when", "extract", "rdf", "overrides"},
    {"pipeline", "graph", "export", "score", "reconcile"},
    {"query", "explain", "check"},
    {"serve"},
    {"cli"},
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
DOORS = {  # library -> the rooms that may import it
    "SPARQLWrapper": {"query"},
    "click": {"cli"},
    "jinja2": {"serve"},
    "pyoxigraph": {"rdf", "graph"},
    "pyshacl": {"check"},
    "requests": {"web"},
    "spacy": {"recognise"},
    "starlette": {"serve"},
}
LONGEST_FUNCTION = 40  # lines, its docstring not counted
LONGEST_FILE = 400  # lines

Function = ast.FunctionDef | ast.AsyncFunctionDef


def trees(house: Path) -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(house.rglob("*.py"))}


def room_of(house: Path, path: Path) -> str:
    return path.relative_to(house).parts[0].removesuffix(".py")


def imported(house: Path, path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, absolute dotted name) of every import, at whatever depth, TYPE_CHECKING blocks included."""
    package = (house.name, *path.relative_to(house).parts[:-1])
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else ()
            stem = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{stem}.{alias.name}") for alias in node.names)


def rooms_imported(house: Path, path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    for line, name in imported(house, path, tree):
        parts = name.split(".")
        if parts[0] == house.name and len(parts) > 1 and parts[1] != room_of(house, path):
            yield line, parts[1]


def wrong_floors(house: Path) -> list[str]:
    faults = []
    for path, tree in trees(house).items():
        room = room_of(house, path)
        if room == "__init__":
            continue
        if room not in FLOOR_OF:
            faults.append(f"{path}: the room {room!r} has no floor: give it one in FLOORS of tests/test_house.py")
            continue
        for line, target in rooms_imported(house, path, tree):
            if FLOOR_OF.get(target, -1) > FLOOR_OF[room]:
                faults.append(f"{path}:{line}: {room} imports {target} from above: move what it needs downstairs")
            elif FLOOR_OF.get(target) == FLOOR_OF[room] and FLOOR_OF[room] > 0:
                faults.append(f"{path}:{line}: {room} imports {target} sideways: hand a noun on through pipeline.py")
    return faults


def circles(house: Path) -> list[str]:
    """Circles between single modules, in a room or across rooms: Python may load them, a reader can't."""
    modules = {_module(house, path): (path, tree) for path, tree in trees(house).items()}
    edges = {
        name: {
            target for _, full in imported(house, path, tree) if (target := _known(full, modules)) not in {None, name}
        }
        for name, (path, tree) in modules.items()
    }
    return [f"circle: {' -> '.join(trail)}: move what both need into a third module" for trail in _walk(edges)]


def _module(house: Path, path: Path) -> str:
    parts = path.relative_to(house).with_suffix("").parts
    return ".".join([house.name, *(part for part in parts if part != "__init__")])


def _known(full: str, modules: dict[str, tuple[Path, ast.Module]]) -> str | None:
    return next((name for name in (full, full.rpartition(".")[0]) if name in modules), None)


def _walk(edges: dict[str, set[str]]) -> Iterator[list[str]]:
    done: set[str] = set()

    def visit(name: str, trail: list[str]) -> Iterator[list[str]]:
        if name in trail:
            yield [*trail[trail.index(name) :], name]
        elif name not in done:
            for target in sorted(edges[name]):
                yield from visit(target, [*trail, name])
            done.add(name)

    for name in sorted(edges):
        yield from visit(name, [])


def other_doors(house: Path) -> list[str]:
    return [
        f"{path}:{line}: {name.split('.')[0]} has its door in {' and '.join(sorted(rooms))}: ask that room instead"
        for path, tree in trees(house).items()
        for line, name in imported(house, path, tree)
        if room_of(house, path) not in (rooms := DOORS.get(name.split(".")[0], {room_of(house, path)}))
    ]


def functions(tree: ast.AST, public: bool = True) -> Iterator[tuple[Function, bool]]:
    """Every function and whether the world may call it: no underscore on it or on the class around it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield node, public and not node.name.startswith("_")
            yield from functions(node, public=False)
        else:
            hidden = isinstance(node, ast.ClassDef) and node.name.startswith("_")
            yield from functions(node, public and not hidden)


def _length(function: Function) -> int:
    doc = ast.get_docstring(function, clean=False)
    return (function.end_lineno or 0) - function.lineno + 1 - (doc.count("\n") + 1 if doc else 0)


def _untyped(function: Function) -> list[str]:
    every = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
    every += [one for one in (function.args.vararg, function.args.kwarg) if one]
    missing = [one.arg for one in every if one.annotation is None and one.arg not in {"self", "cls"}]
    return missing + (["return"] if function.returns is None else [])


def bad_manners(house: Path) -> list[str]:
    faults = []
    for path, tree in trees(house).items():
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > LONGEST_FILE:
            faults.append(f"{path}: {lines} lines (most: {LONGEST_FILE}): make it a folder of modules")
        for function, public in functions(tree):
            where = f"{path}:{function.lineno}: {function.name}"
            if _length(function) > LONGEST_FUNCTION:
                faults.append(f"{where} has {_length(function)} lines (most: {LONGEST_FUNCTION}): split it")
            if missing := _untyped(function):
                faults.append(f"{where}: give a type to {', '.join(missing)}")
            if public and ast.get_docstring(function) is None:
                faults.append(f"{where} is public: say in a docstring what it gives, in what unit or shape")
    return faults


@pytest.mark.parametrize("rule", [wrong_floors, circles, other_doors, bad_manners], ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule):
    faults = rule(HOUSE)
    assert not faults, "\n" + "\n".join(faults)


FINE = (
    '"""Doc."""\nfrom kg.model import Span\n\n'
    'def give(span: Span) -> int:\n    """Its length."""\n    return len(span)\n'
)
BROKEN = {
    "sideways": (wrong_floors, "link.py", "from kg.when import times\n", "sideways"),
    "upward": (wrong_floors, "names.py", "import kg.pipeline\n", "from above"),
    "upward, relative, in a folder": (wrong_floors, "read/html.py", "from ..pipeline import run\n", "from above"),
    "sideways, relative to the package": (wrong_floors, "link.py", "from . import when\n", "sideways"),
    "guarded": (wrong_floors, "link.py", "if TYPE_CHECKING:\n    from kg.when import When\n", "sideways"),
    "inside a function": (wrong_floors, "web.py", "def f():\n    from kg.cli import main\n", "from above"),
    "no floor": (wrong_floors, "attic.py", "", "has no floor"),
    "other door": (other_doors, "link.py", "from spacy.tokens import Doc\n", "has its door in recognise"),
    "circle": (circles, "model.py", "from kg import errors\n", "circle: kg.errors -> kg.model -> kg.errors"),
    "long": (bad_manners, "web.py", "def _f() -> None:\n" + "    print()\n" * 40, "41 lines"),
    "untyped": (bad_manners, "web.py", "def _f(a, *b: int) -> None:\n    print()\n", "give a type to a"),
    "no result type": (bad_manners, "web.py", "def _f(a: int):\n    print()\n", "give a type to return"),
    "undocumented": (bad_manners, "web.py", "class A:\n    def f(self) -> None:\n        print()\n", "f is public"),
    "long file": (bad_manners, "web.py", "A = 1\n" * 401, "401 lines"),
}


@pytest.fixture
def house(tmp_path):
    root = tmp_path / "kg"
    (root / "read").mkdir(parents=True)
    for name in ("__init__.py", "model.py", "read/__init__.py", "when.py", "pipeline.py"):
        (root / name).write_text("", encoding="utf-8")
    (root / "link.py").write_text(FINE, encoding="utf-8")
    (root / "errors.py").write_text("from kg.model import Span\n", encoding="utf-8")
    return root


@pytest.mark.parametrize("rule", [wrong_floors, circles, other_doors, bad_manners], ids=lambda rule: rule.__name__)
def test_a_clean_house_is_left_alone(rule, house):
    assert rule(house) == []


@pytest.mark.parametrize(("rule", "name", "code", "says"), BROKEN.values(), ids=BROKEN.keys())
def test_what_breaks_a_rule_is_found(rule, name, code, says, house):
    (house / name).write_text(code, encoding="utf-8")
    assert any(says in fault for fault in rule(house)), rule(house)
