"""Azerbaijani news sentences of our own: read from `az_news.jsonl`, and multiplied by swapping names.

In the file a name is `[PER Vladimir Putin+lə]`: kind, name, and after `+` its case ending as it stands. When
the name is swapped, the ending is made anew by vowel harmony: Putinlə, Bakıda, SOCAR-ın.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

FILE = Path(__file__).parent / "az_news.jsonl"
_MARK = re.compile(r"\[(PER|LOC|ORG) ([^\]+]+?)(?:\+([^\]]+))?\]")
_VOWELS = "aıoueəiöü"
KINDS = ("PER", "LOC", "ORG")
CASES = {  # ending -> (case, whether it goes on a possessive such as Nazirliyi)
    **dict.fromkeys(("ə", "a", "yə", "ya"), "dative"),
    **dict.fromkeys(("də", "da"), "locative"),
    **dict.fromkeys(("dən", "dan"), "ablative"),
    **dict.fromkeys(("in", "ın", "un", "ün", "nin", "nın", "nun", "nün"), "genitive"),
    **dict.fromkeys(("i", "ı", "u", "ü", "ni", "nı", "nu", "nü"), "accusative"),
    **dict.fromkeys(("lə", "la"), "instrumental"),
    **dict.fromkeys(("dir", "dır", "dur", "dür"), "copula"),
    **dict.fromkeys(("dəki", "dakı"), "relative"),
}


def attach(name: str, case: str, hyphen: str = "") -> str:
    """A name with a case ending in vowel harmony: Bakı + dative = Bakıya, Putin + instrumental = Putinlə."""
    letters = [one for one in name.lower().replace("i̇", "i") if one in _VOWELS]
    last = letters[-1] if letters else "e"
    front = last in "eəiöü"
    narrow = {"a": "ı", "ı": "ı", "o": "u", "u": "u", "e": "i", "ə": "i", "i": "i", "ö": "ü", "ü": "ü"}[last]
    wide = "ə" if front else "a"
    open_end = name[-1].lower() in _VOWELS
    endings = {
        "dative": ("y" if open_end else "") + wide,
        "locative": "d" + wide,
        "ablative": "d" + wide + "n",
        "genitive": ("n" if open_end else "") + narrow + "n",
        "accusative": ("n" if open_end else "") + narrow,
        "instrumental": "l" + wide,
        "copula": "d" + narrow + "r",
        "relative": "d" + wide + ("ki" if front else "kı"),
    }
    return name + hyphen + endings[case]


def news(mark: re.Pattern[str] = _MARK) -> list[list[tuple[str, str, str]]]:
    """The sentences, each as parts (kind or "", text, ending or "")."""
    sentences = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        text = json.loads(line)["text"]
        parts, position = [], 0
        for match in mark.finditer(text):
            parts += [("", text[position : match.start()], ""), (match[1], match[2], match[3] or "")]
            position = match.end()
        sentences.append([*parts, ("", text[position:], "")])
    return sentences


def swapped_news(
    seed: int, copies: int, more: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    """(text, spans) of every sentence as it is, and of `copies` with other names of the same kinds.

    Half of the names come from the sentences themselves, written as Azerbaijani news writes them; half from
    `more`: Azerbaijani labels of the knowledge base by kind.
    """
    rng = random.Random(seed)
    sentences = news()
    own = {kind: sorted({text for parts in sentences for k, text, _ in parts if k == kind}) for kind in KINDS}
    pools = [
        {kind: [one for one in pool.get(kind, ()) if not possessive(kind, one)] for kind in KINDS}
        for pool in (own, more)
    ]
    for parts in sentences:
        yield laid_out([(kind, text + ending) for kind, text, ending in parts])
        for _ in range(copies):
            yield laid_out([(kind, _other(kind, text, ending, pools, rng)) for kind, text, ending in parts])


def possessive(kind: str, name: str) -> bool:
    """Whether a name is a compound such as Xarici İşlər Nazirliyi, whose endings have an n before them."""
    return kind != "PER" and " " in name and name[-1] in "iıuü"


def _other(kind: str, text: str, ending: str, pools: list[dict[str, list[str]]], rng: random.Random) -> str:
    case = CASES.get(ending.lstrip("-"))
    if not kind or rng.random() < 0.2 or possessive(kind, text) or (ending and case is None):
        return text + ending
    name = rng.choice(rng.choice(pools)[kind] or pools[0][kind])
    return name if case is None else attach(name, case, "-" if name[-2:].isupper() else "")


def laid_out(parts: list[tuple[str, str]]) -> tuple[str, list[tuple[int, int, str]]]:
    """The parts as one text and the spans of the names in it."""
    text, spans = "", []
    for kind, part in parts:
        if kind:
            spans.append((len(text), len(text) + len(part), kind))
        text += part
    return text, spans
