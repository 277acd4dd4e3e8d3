"""Fits the linker's weights and writes ontology/linking.json. See README.md.

python training/linker/train.py CORPORA_FOLDER [--out ontology/linking.json]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression

sys.path.insert(0, str(Path(__file__).parent))
from collect import BY_NAME, UNJUDGED, Page, answered, named_only, pages

from kg.link.features import ALONE, AROUND, Asked, Item
from kg.link.rules import rules
from kg.link.trees import Trees
from kg.link.weighing import Weigher, ranked
from kg.link.weights import shares
from kg.pipeline import Pipeline

TRAIN = ("aida-dev.en", "slavicner-silver-dev.bg", "slavicner-silver-dev.ru", "slavicner-silver-dev.uk")
ROUNDS, LEAVES = 120, 8  # trees, leaves of each
# What can only speak for an item, or only against it, whatever a few samples say.
MONOTONE = {
    **dict.fromkeys(("similarity", "label", "prior", "agreement", "country_named", "same_country"), 1),
    **dict.fromkeys(("related", "beside", "fellows", "standing", "belief", "said", "echo"), 1),
    **dict.fromkeys(("behind", "brand", "minor", "guessed", "late", "rivals"), -1),
}
SPORT = 0.3  # weight of articles about sport: half of AIDA, but a tenth of the news
PIECE = 5
NAMED, MOST_NAMED = ("az", "bg", "cs", "el", "pl", "ro", "ru", "sl", "sr", "tr", "uk", "de", "fr"), 250
GUESSED, LEAD, ALIKE, UNLIKE = 0.5, 0.1, 0.82, 0.75
LACKING = 0.4  # the share of a page's items that a base is made to lack, times how little known they are
MOST_OF_ONE = 3  # mentions of one name that count
UNREAD = frozenset({"bg", "ru", "uk"})
CYRILLIC = re.compile("[\u0400-\u04ff]")
Question = tuple[np.ndarray, int, float]  # features (candidates x features), place of the right one or -1, weight


def trees(asked: Sequence[Question], rounds: int = ROUNDS) -> dict[str, Any]:
    """Boosted trees that tell right candidates from wrong ones, in the form of kg.link.trees."""
    x = np.concatenate([q[0] for q in asked])
    y = np.concatenate([np.arange(len(q[0])) == q[1] for q in asked])
    w = np.concatenate([np.full(len(q[0]), q[2]) for q in asked])
    model = HistGradientBoostingClassifier(
        max_iter=rounds,
        max_leaf_nodes=LEAVES,
        learning_rate=0.1,
        min_samples_leaf=20,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=0,
        monotonic_cst=[MONOTONE.get(name, 0) for name in (ALONE + AROUND)[: x.shape[1]]],
    ).fit(x, y, sample_weight=w)
    return exported(model)


def exported(model: HistGradientBoostingClassifier) -> dict[str, Any]:
    """The trees as lists of numbers."""
    found: dict[str, Any] = {name: [] for name in ("roots", "feature", "limit", "left", "right", "value")}
    depth = 0
    for (tree,) in model._predictors:  # noqa: SLF001 - scikit-learn has no public way to its trees
        base = len(found["feature"])
        found["roots"].append(base)
        for at, node in enumerate(tree.nodes):
            leaf = bool(node["is_leaf"])
            depth = max(depth, int(node["depth"]))
            found["feature"].append(0 if leaf else int(node["feature_idx"]))
            found["limit"].append(0.0 if leaf else round(float(node["num_threshold"]), 5))
            found["left"].append(base + (at if leaf else int(node["left"])))
            found["right"].append(base + (at if leaf else int(node["right"])))
            found["value"].append(round(float(node["value"]), 5))
    bias = float(model._baseline_prediction[0, 0])  # noqa: SLF001
    return {"bias": bias, "depth": depth, **found}


class Unread:
    """A base that has no names in Cyrillic for people and organisations: so are most Greek and Azerbaijani names to it.

    What is found by sound only is rare in the training languages, which the base knows well.
    """

    def __init__(self, base: Any) -> None:
        self._base = base

    def __getattr__(self, name: str) -> Any:
        return getattr(self._base, name)

    def exact(self, key: str, code: str | None = None) -> Sequence[int]:
        """Without people and organisations."""
        return [row for row in self._base.exact(key, code) if self._base.kind(row) not in {"PER", "ORG"}]

    def names(self, row: int) -> Sequence[str]:
        """In Latin letters only."""
        return [name for name in self._base.names(row) if not CYRILLIC.search(name)]


class Lacking:
    """A base without some of its items: what it offers for their names is wrong, and sounds and parts get their chance.

    No corpus has enough names whose item the base lacks though it knows something of that very name or sound.
    """

    def __init__(self, base: Any, absent: frozenset[int]) -> None:
        self._base = base
        self._absent = absent

    def __getattr__(self, name: str) -> Any:
        return getattr(self._base, name)

    def exact(self, key: str, code: str | None = None) -> Sequence[int]:
        """Without the absent."""
        return [row for row in self._base.exact(key, code) if row not in self._absent]

    def similar(self, skeleton: str, limit: int) -> Sequence[int]:
        """Without the absent."""
        return [row for row in self._base.similar(skeleton, limit + 1) if row not in self._absent][:limit]

    def surname(self, key: str, limit: int) -> Sequence[int]:
        """Without the absent."""
        return [row for row in self._base.surname(key, limit + 1) if row not in self._absent][:limit]


def lacking(page: Page, base: Any) -> tuple[Page, Weigher] | None:
    """The page once more, asked of a base that lacks some of its items, the less known the likelier; None: none."""
    rows = {row for row in page.asked.values() if row is not None and row >= 0}
    absent = frozenset(row for row in rows if _chance(page.name, row) < LACKING * (1 - base.prior(row)))
    if not absent:
        return None
    asked = {one: None if row in absent else row for one, row in page.asked.items()}
    return replace(page, asked=asked), Weigher(Lacking(base, absent))


def _chance(*of: object) -> float:
    """0..1, the same for the same page and row in every run."""
    return int.from_bytes(hashlib.sha256(repr(of).encode()).digest()[:4], "big") / 2**32


class Trainer:
    """Pages with their candidates, and the two passes over them."""

    def __init__(self, pipeline: Pipeline, found: Sequence[Page]) -> None:
        self.weigher = Weigher(pipeline.base)
        deaf = Weigher(Unread(pipeline.base))
        pages_ = [(page, self.weigher) for page in found]
        pages_ += [(page, deaf) for page in found if page.lang in UNREAD]
        pages_ += [pair for page in found if (pair := lacking(page, pipeline.base))]
        whole = [(page, weigher.alone(page.asked, page.article, page.on)) for page, weigher in pages_]
        read = [*whole, *(piece for page, items in whole for piece in _pieces(page, items))]
        self.pages = [page for page, _ in read]
        self.items = [items for _, items in read]

    def alone(self) -> list[list[Question]]:
        """A list a page: the first pass's questions."""
        return [_questions(page, items) for page, items in zip(self.pages, self.items, strict=True)]

    def around(self, first: Trees) -> list[list[Question]]:
        """A list a page: the second pass's questions, given the first pass's trees."""
        return [
            _questions(page, self.weigher.around(ranked(items, first), page.on))
            for page, items in zip(self.pages, self.items, strict=True)
        ]


def _pieces(page: Page, items: Mapping[Asked, Sequence[Item]]) -> Iterator[tuple[Page, Mapping[Asked, Sequence[Item]]]]:
    """A long page as short ones of PIECE names: headlines and single sentences have little context."""
    names = list(page.asked)
    for start in range(0, len(names) if len(names) > PIECE else 0, PIECE):
        few = names[start : start + PIECE]
        yield replace(page, asked={one: page.asked[one] for one in few}), {one: items[one] for one in few}


def _questions(page: Page, items: Mapping[Asked, Sequence[Item]]) -> list[Question]:
    told = [(one, guessed(items[one]) if row == BY_NAME else row) for one, row in answered(page) if items[one]]
    return [_question(page, one, items[one], row) for one, row in told if row != UNJUDGED]


def guessed(items: Sequence[Item]) -> int | None:
    """The row of the one item that a name without a told answer surely is; UNJUDGED where none is sure.

    Its very name, of its kind, with no rival nearly as well known; or the full name of one person by its sound.
    """

    def of(item: Item, name: str) -> float:
        return item.values[ALONE.index(name)]

    fitting = [i for i in items if of(i, "agreement") == 1.0 and not of(i, "brand") and i.found.how != "part"]
    exact = sorted((i for i in fitting if i.found.how == "name"), key=lambda i: -of(i, "prior"))
    if exact:
        best, *others = exact
        sure = of(best, "prior") >= LEAD and all(of(best, "prior") - of(i, "prior") >= LEAD for i in others)
        return best.row if sure else UNJUDGED
    sound = [i for i in fitting if i.found.how == "sound" and of(i, "person") and of(i, "words") > 1]
    alike = [i for i in sound if of(i, "similarity") >= ALIKE]
    if len(alike) == 1:
        return alike[0].row
    return UNJUDGED if alike or any(of(i, "similarity") >= UNLIKE for i in items) else None


def _question(page: Page, one: Asked, items: Sequence[Item], row: int | None) -> Question:
    rows = [item.row for item in items]
    right = rows.index(row) if row in rows else -1
    weight = min(MOST_OF_ONE, page.counts[one]) ** 0.5
    if page.article.sport >= rules().sporting:
        weight *= SPORT
    if page.asked[one] == BY_NAME:
        weight *= GUESSED
    return np.array([item.values for item in items]), right, weight


def beliefs(question: Question, by: Trees) -> np.ndarray:
    """Beliefs in a question's candidates."""
    return np.array(shares(by.odds(question[0]).tolist()))


def measure(asked: Sequence[Question], belief: Callable[[Question], np.ndarray]) -> dict[str, float]:
    """Ranking accuracy where the right item is offered; precision and recall of answers at the usual threshold."""
    offered = right = given = given_right = wanted = 0.0
    for question in asked:
        p = belief(question)
        best = int(p.argmax())
        if question[1] >= 0:
            offered += 1
            right += best == question[1]
        if p.sum() >= 0.5 and p[best] >= 0.25:
            given += 1
            given_right += best == question[1]
        wanted += question[1] >= 0
    return {"ranked": right / offered, "P": given_right / given, "R": given_right / wanted, "n": offered}


def curve(asked: Sequence[Question], belief: Callable[[Question], np.ndarray]) -> list[list[float]]:
    """(belief, share of right answers) by isotonic regression over the best candidates, thinned to 12 points."""
    xs, ys, ws = [], [], []
    for question in asked:
        p = belief(question)
        xs.append(float(p.max()))
        ys.append(float(p.argmax() == question[1]))
        ws.append(question[2])
    model = IsotonicRegression(y_min=0.01, y_max=0.995, out_of_bounds="clip").fit(xs, ys, ws)
    grid = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0]
    return [[x, round(float(y), 4)] for x, y in zip(grid, np.maximum.accumulate(model.predict(grid)), strict=True)]


def flat(groups: Sequence[Sequence[Question]]) -> list[Question]:
    """All questions of all pages."""
    return [question for group in groups for question in group]


def crossed(trainer: Trainer, folds: int = 5) -> tuple[list[Question], list[np.ndarray]]:
    """Second-pass questions with beliefs by trees that never saw the document (nor its other reading)."""
    names = sorted({page.name for page in trainer.pages})
    fold = {name: at % folds for at, name in enumerate(names)}
    asked, found = [], []
    for held in range(folds):
        inside = [fold[page.name] != held for page in trainer.pages]
        first = Trees.of(trees(flat([q for q, keep in zip(trainer.alone(), inside, strict=True) if keep])))
        placed = trainer.around(first)
        second = Trees.of(trees(flat([q for q, keep in zip(placed, inside, strict=True) if keep])))
        told = [BY_NAME not in page.asked.values() for page in trainer.pages]
        for question in flat([q for q, keep, t in zip(placed, inside, told, strict=True) if not keep and t]):
            asked.append(question)
            found.append(beliefs(question, second))
    return asked, found


def main() -> None:
    """Collect, fit, calibrate, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path, help="The folder with linking/ and ner/.")
    parser.add_argument("--out", type=Path, default=Path("ontology/linking.json"))
    parser.add_argument("--skip", type=Path, help="A JSON list of document ids that are held out.")
    arguments = parser.parse_args()
    pipeline = Pipeline.create()
    skip = frozenset(json.loads(arguments.skip.read_text())) if arguments.skip else frozenset()
    files = [arguments.corpora / "linking" / f"{name}.jsonl.gz" for name in TRAIN]
    found = [
        page for path in files for given in (True, False) for page in pages(pipeline, path, given=given, skip=skip)
    ]
    for lang in NAMED:
        found += named_only(pipeline, arguments.corpora / "ner" / f"train.{lang}.jsonl.gz", MOST_NAMED)
    write(Trainer(pipeline, found), arguments.out)


def write(trainer: Trainer, out: Path) -> None:
    """Fit both passes, calibrate on held-out documents, write the file and print what was held out."""
    first = trees(flat(trainer.alone()))
    second = trees(flat(trainer.around(Trees.of(first))))
    asked, held_out = crossed(trainer)
    by_id = {id(q): p for q, p in zip(asked, held_out, strict=True)}
    told = curve(asked, lambda q: by_id[id(q)])
    data = {"features": ALONE + AROUND, "curve": told, "first": first, "second": second}
    out.write_text(json.dumps(data, separators=(",", ":")).replace("],", "],\n") + "\n")
    print("held out:", measure(asked, lambda q: by_id[id(q)]))
    for low, high, share, number in reliability(asked, lambda q: by_id[id(q)], told):
        print(f"score {low:.1f} to {high:.1f}: {share:.3f} right of {number}")


def reliability(
    asked: Sequence[Question], belief: Callable[[Question], np.ndarray], told: Sequence[Sequence[float]]
) -> list[tuple[float, float, float, int]]:
    """(score from, to, share right, answers): scores after the curve. The curve itself was fitted on these answers."""
    xs, ys = zip(*told, strict=True)
    scores = np.array([float(np.interp(belief(q).max(), xs, ys)) for q in asked])
    right = np.array([int(belief(q).argmax()) == q[1] for q in asked])
    found = []
    for low in np.arange(0, 1, 0.1):
        inside = (scores >= low) & (scores < low + 0.1)
        if inside.any():
            found.append((float(low), float(low + 0.1), float(right[inside].mean()), int(inside.sum())))
    return found


if __name__ == "__main__":
    main()
