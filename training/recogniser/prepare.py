"""Corpora in, training and development sets for the recogniser out.

    python training/recogniser/prepare.py --ner ../shared/corpora/ner --facts ../shared/facts --out work/data

Writes `train/*.spacy` (one file a language), `dev/*.spacy`, `dev-small.spacy` (what the training watches) and
`names.txt.gz` (the word list). Everything is a function of the inputs and SEED. `--languages` and `--sources`
choose a subset, so that a model can be made from corpora of a chosen licence (see MODEL_CARD.md).
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from az import swapped_news
from conventions import is_demonym, with_ending, without_title
from spacy.tokens import Doc, DocBin
from spacy.util import filter_spans
from spacy.vocab import Vocab

from kg.recognise.words import Words, skeleton

SEED = 20261122
LANGUAGES = ["az", "bg", "cs", "de", "el", "en", "es", "fr", "it", "nl", "pl", "pt", "ro", "ru", "sl", "sr", "tr", "uk"]
NO_DEV = frozenset(
    ["az", "de", "es", "fr", "it", "nl", "pt"]
)  # no usable dev file: DEV_SHARE of the documents is held out
DEV_SHARE = 0.1
AZ_DEV_SHARE = 0.2  # of 1.5k sentences, so that about 80 persons stand in it
# Most sentences of a silver corpus in an epoch: gold languages must not drown in Wikipedia.
CAPS = {("wikineural", "en"): 5000, ("wikineural", "pl"): 5000}
COPIES = {"az": 4, "ro": 1, "sr": 1, "sl": 1}  # augmented copies beside the sentences themselves
SMALL_DEV = 200  # sentences a language that the training watches
REPLACED = 0.35  # share of the texts (not az: it has its own way) whose names give way to the knowledge base's
CYRILLIC = frozenset(["bg", "ru", "uk"])
OWN = Path(__file__).parent / "own_news.jsonl"  # sentences of ours on what the corpora are too old to know
OWN_COPIES = 10
AUGMENTED = 0.15  # share of the other languages' sentences that get one augmented copy


@dataclass(frozen=True, slots=True)
class Text:
    """One training text as tokens; entities are (first token, token after the last, label)."""

    lang: str
    source: str
    words: tuple[str, ...]
    spaces: tuple[bool, ...]
    entities: tuple[tuple[int, int, str], ...]


def main() -> None:
    """Reads, cleans, balances, augments and writes; prints what it made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ner", type=Path, required=True)
    parser.add_argument("--facts", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--languages", nargs="*", default=LANGUAGES)
    parser.add_argument("--sources", nargs="*", help="only these corpora (slavicner, elner4, ...); default: all")
    options = parser.parse_args()
    for folder in ("train", "dev"):
        (options.out / folder).mkdir(parents=True, exist_ok=True)
    names = word_list(options.facts / "entities.jsonl.gz")
    write_names(names, options.out / "names.txt.gz")
    tokenizer = Words(Vocab(), names)
    known = {lang: labels(options.facts / "entities.jsonl.gz", lang, 0.1) for lang in options.languages}
    watched: list[Text] = []
    for lang in options.languages:
        train, dev = split(lang, options.ner, tokenizer, options.sources)
        made = augment(lang, replaced(lang, balance(train), known), known["en"])
        made += [text for text in own_news(tokenizer) if text.lang == lang] * OWN_COPIES
        if lang == "az":
            made += [
                text_of(tokenizer, "az", "own", text, spans) for text, spans in swapped_news(SEED, 12, known["az"])
            ]
        write(made, options.out / "train" / f"{lang}.spacy", tokenizer.vocab)
        write(dev, options.out / "dev" / f"{lang}.spacy", tokenizer.vocab)
        watched += random.Random(SEED).sample(dev, min(SMALL_DEV, len(dev)))
        print(
            f"{lang}: {len(train)} read, {len(made)} for training, {len(dev)} held out", count_labels(made), flush=True
        )
    write(watched, options.out / "dev-small.spacy", tokenizer.vocab)


def split(lang: str, folder: Path, tokenizer: Words, sources: Sequence[str] | None) -> tuple[list[Text], list[Text]]:
    """Training and held-out texts of one language."""
    rows = [row for row in read(folder / f"train.{lang}.jsonl.gz") if not sources or source_of(row) in sources]
    held = read(folder / f"dev.{lang}.jsonl.gz") if (folder / f"dev.{lang}.jsonl.gz").exists() else []
    if lang in NO_DEV:
        share = AZ_DEV_SHARE if lang == "az" else DEV_SHARE
        rows, held = held_out(rows + held, share)
    train = [from_row(row, tokenizer) for row in rows]
    return (without_nominals(train) if lang == "ro" else train), [from_row(row, tokenizer) for row in held]


def without_nominals(texts: Sequence[Text]) -> list[Text]:
    """RONEC calls `Șefii` or `Sportivul` at the head of a sentence a person: words that also stand in lower case."""
    common = Counter(word for text in texts for word in text.words if word.islower())

    def nominal(text: Text, first: int, last: int, label: str) -> bool:
        return label == "PER" and last - first == 1 and common[text.words[first].lower()] > 1

    return [replace(text, entities=tuple(one for one in text.entities if not nominal(text, *one))) for text in texts]


def read(path: Path) -> list[dict]:
    """The rows of a gzipped JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def source_of(row: Mapping) -> str:
    """The corpus that a row is from: the first part of its id."""
    return row["id"].split("/")[0]


def held_out(rows: Iterable[dict], share: float) -> tuple[list[dict], list[dict]]:
    """Rows divided by a hash of their text, so that the same sentence is always on the same side."""
    parts: tuple[list[dict], list[dict]] = ([], [])
    for row in rows:
        number = int(hashlib.sha256(row["text"].encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
        parts[number < share].append(row)
    return parts


def from_row(row: Mapping, tokenizer: Words) -> Text:
    """A corpus row as tokens, with its entities cleaned."""
    text, lang = row["text"], row["lang"]
    spans = [(one["start"], one["end"], one["label"]) for one in row["entities"]]
    spans = [with_ending(text, without_title(text, span, lang), lang) for span in spans]
    return text_of(tokenizer, lang, source_of(row), text, spans)


def text_of(tokenizer: Words, lang: str, source: str, text: str, spans: Iterable[tuple[int, int, str]]) -> Text:
    """A text and its character spans as tokens. Words in lower case that are called a person or a place are
    demonyms and adjectives (британците, российских): they get the label NORP.
    """
    doc = tokenizer(" ".join(text.split(" ")))
    found = [doc.char_span(start, end, label, alignment_mode="expand") for start, end, label in spans]
    entities = []
    for span in filter_spans([one for one in found if one is not None]):
        demonym = is_demonym(doc.text, (span.start_char, span.end_char, span.label_))
        label = "NORP" if demonym else span.label_
        first, last = trimmed([token.text for token in doc], span.start, span.end)
        if first < last:
            entities.append((first, last, label))
    words, spaces = zip(*((token.text, bool(token.whitespace_)) for token in doc), strict=True)
    return Text(lang, source, words, spaces, tuple(sorted(entities)))


def trimmed(words: Sequence[str], first: int, last: int) -> tuple[int, int]:
    """A span without blanks and quotation marks at its ends when they are not a pair."""
    while first < last and (words[first].isspace() or words[first] in "«„“\"”»',;:"):
        first += 1
    while first < last and (words[last - 1].isspace() or words[last - 1] in "«„“\"',;:"):
        last -= 1
    return first, last


def balance(texts: Sequence[Text]) -> list[Text]:
    """Caps on silver corpora: sentences with names first, then a few without."""
    by_source = defaultdict(list)
    for text in texts:
        by_source[text.source, text.lang].append(text)
    kept = []
    for key, group in sorted(by_source.items()):
        cap = CAPS.get(key, len(group))
        rng = random.Random(f"{SEED}{key}")
        shuffled = rng.sample(group, len(group)) if cap < len(group) else group
        named = [text for text in shuffled if text.entities]
        bare = [text for text in shuffled if not text.entities]
        kept += group if cap >= len(group) else named[: cap * 4 // 5] + bare[: cap // 5]
    return joined(kept)


def joined(texts: Sequence[Text]) -> list[Text]:
    """A fifth of the texts are two or three sentences: what is read later is not always well cut."""
    rng = random.Random(SEED)
    result: list[Text] = []
    position = 0
    while position < len(texts):
        length = rng.choice((2, 3)) if rng.random() < 0.1 else 1
        group = texts[position : position + length]
        result.append(group[0] if len(group) == 1 else joint(group))
        position += length
    return result


def joint(group: Sequence[Text]) -> Text:
    """Several texts as one, with a blank between."""
    words: list[str] = []
    spaces: list[bool] = []
    entities: list[tuple[int, int, str]] = []
    for text in group:
        offset = len(words)
        words += text.words
        spaces += (*text.spaces[:-1], True)
        entities += [(first + offset, last + offset, label) for first, last, label in text.entities]
    return Text(group[0].lang, group[0].source, tuple(words), tuple(spaces), tuple(entities))


def augment(lang: str, texts: Sequence[Text], foreign: Mapping[str, Sequence[str]]) -> list[Text]:
    """The texts, and altered copies of them: all of a small language's, a share of a large one's."""
    rng = random.Random(f"{SEED}{lang}")
    result = list(texts)
    for text in texts:
        copies = COPIES.get(lang, int(rng.random() < AUGMENTED))
        for _ in range(copies):
            change = rng.choice(CHANGES)
            result.append(change(text, rng, foreign))
        if lang == "sr":
            result.append(replace(text, words=tuple(cyrillic(word) for word in text.words)))
    return result


def replaced(lang: str, texts: Sequence[Text], known: Mapping[str, Mapping[str, Sequence[str]]]) -> list[Text]:
    """The texts, some with other names of the same kinds: names shall be known by their surroundings too."""
    if lang == "az":
        return list(texts)
    rng = random.Random(f"{SEED}{lang}replaced")
    near = ("bg", "ru", "uk") if lang in CYRILLIC else ("el",) if lang == "el" else (lang, "en")
    pools = {
        kind: [one for code in near for one in known.get(code, {}).get(kind, ())] for kind in ("PER", "LOC", "ORG")
    }

    def other(words: Sequence[str], label: str) -> list[str]:
        if label not in pools or rng.random() < 0.4:
            return list(words)
        ending = list(words[words.index("'") :]) if lang == "tr" and "'" in words else []
        return [*tokens(rng.choice(pools[label])), *ending]

    return [rewritten(text, other, _open) if rng.random() < REPLACED else text for text in texts]


def _open(words: Sequence[str]) -> bool:
    """Whether a blank follows: not inside O'Neill, Jean-Marie or Türkiye'de."""
    return words[-1] not in {"'", "’", "-", "."}


def own_news(tokenizer: Words) -> list[Text]:
    """The sentences of `own_news.jsonl`, marked as `[PER Vladimir Putin]`."""
    made = []
    for row in map(json.loads, OWN.read_text(encoding="utf-8").splitlines()):
        text, spans = "", []
        for kind, name, plain_part in re.findall(r"\[(PER|LOC|ORG) ([^\]]+)\]|([^\[]+)", row["text"]):
            if kind:
                spans.append((len(text), len(text) + len(name), kind))
            text += name or plain_part
        made.append(text_of(tokenizer, row["lang"], "own", text, spans))
    return made


def same(text: Text, rng: random.Random, foreign: Mapping) -> Text:  # noqa: ARG001
    """The text itself: repeated, so that a small language weighs more."""
    return text


def capitals(text: Text, rng: random.Random, foreign: Mapping) -> Text:  # noqa: ARG001
    """All capitals, as in headlines; Greek loses its accents, Turkish and Azerbaijani keep their dots."""
    return replace(text, words=tuple(upper(word, text.lang) for word in text.words))


def upper(word: str, lang: str) -> str:
    """A word in capitals by the rules of its language."""
    if lang in {"tr", "az"}:
        word = word.replace("i", "İ")
    return plain(word.upper()) if lang == "el" else word.upper()


def bare(text: Text, rng: random.Random, foreign: Mapping) -> Text:  # noqa: ARG001
    """Without diacritics, as typed in a hurry: Aliyev for Əliyev, Bucuresti for București."""
    return replace(text, words=tuple(plain(word) for word in text.words))


def plain(word: str) -> str:
    """A word without diacritics; й and ї stay, they are letters."""
    word = word.translate(str.maketrans("əƏıłŁđĐøØ", "eEilLdDoO"))
    if re.search("[а-яё]", word, re.IGNORECASE):
        return word.replace("ё", "е").replace("Ё", "Е")
    return "".join(one for one in unicodedata.normalize("NFD", word) if not unicodedata.combining(one))


def initials(text: Text, rng: random.Random, foreign: Mapping) -> Text:  # noqa: ARG001
    """Given names as initials: V.Putin, İ. Əliyev."""

    def short(words: Sequence[str], label: str) -> list[str]:
        if label != "PER" or len(words) < 2 or not all(word[0].isupper() for word in words):
            return list(words)
        return [words[0][0], ".", *words[1:]]

    tight = rng.random() < 0.5
    return rewritten(text, short, lambda words: not (tight and words[-1:] == ["."]))


def swapped(text: Text, rng: random.Random, foreign: Mapping[str, Sequence[str]]) -> Text:
    """A name for another of its kind, in Latin letters: any script stands in any news."""
    chosen = rng.randrange(len(text.entities)) if text.entities else -1
    seen = iter(range(len(text.entities)))

    def other(words: Sequence[str], label: str) -> list[str]:
        if next(seen) != chosen or label not in foreign:
            return list(words)
        return tokens(rng.choice(foreign[label]))

    return rewritten(text, other, lambda _: True)


def tokens(name: str) -> list[str]:
    """A name's words and signs, apart."""
    return re.findall(r"[^\W_]+|[^\w\s]", name)


def rewritten(
    text: Text, change: Callable[[Sequence[str], str], list[str]], blank: Callable[[list[str]], bool]
) -> Text:
    """The text with every entity's words changed; `blank` says whether a blank follows the words so far."""
    words: list[str] = []
    spaces: list[bool] = []
    entities = []
    position = 0
    for first, last, label in (*text.entities, (len(text.words), len(text.words), "")):
        words += text.words[position:first]
        spaces += text.spaces[position:first]
        if label:
            start = len(words)
            for word in change(text.words[first:last], label):
                words.append(word)
                spaces.append(blank(words))
            spaces[-1] = text.spaces[last - 1]
            entities.append((start, len(words), label))
        position = last
    return replace(text, words=tuple(words), spaces=tuple(spaces), entities=tuple(entities))


CHANGES = (same, same, capitals, bare, initials, swapped)
_TO_CYRILLIC = (
    *(("lj", "љ"), ("nj", "њ"), ("dž", "џ"), ("a", "а"), ("b", "б"), ("v", "в"), ("g", "г"), ("d", "д"), ("đ", "ђ")),
    *(("e", "е"), ("ž", "ж"), ("z", "з"), ("i", "и"), ("j", "ј"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н")),
    *(("o", "о"), ("p", "п"), ("r", "р"), ("s", "с"), ("t", "т"), ("ć", "ћ"), ("u", "у"), ("f", "ф"), ("h", "х")),
    *(("c", "ц"), ("č", "ч"), ("š", "ш")),
)


def cyrillic(word: str) -> str:
    """A Serbian word in Cyrillic; words with foreign letters stay as they are."""
    if re.search("[qwxy0-9]", word, re.IGNORECASE):
        return word
    for latin, letter in _TO_CYRILLIC:
        word = word.replace(latin, letter).replace(latin.capitalize(), letter.upper())
        word = word.replace(latin.upper(), letter.upper())
    return word


def word_list(path: Path) -> dict[str, str]:
    """Skeletons of the words of the knowledge base's names -> the classes of `kg.recognise.words.name_class`.

    A class stands when at least 15% of the entities that use the word use it so; a word of one entity alone
    stands only when that is prominent.
    """
    uses: dict[str, Counter[str]] = defaultdict(Counter)
    whole: set[str] = set()
    for row in read(path):
        if row["type"] in {"PER", "LOC", "ORG"}:
            for classes in classes_of(row):
                uses[classes[0]][classes[1]] += 1
                if row["prior"] > (0.15 if classes[1] in "LO" else 0.3):
                    whole.add(classes[0])
    names = {}
    for word, counts in uses.items():
        total = sum(counts.values())
        if total > 1 or word in whole:
            names[word] = "".join(one for one in "FSLlOo" if counts[one] >= 0.15 * total)
    return names


def classes_of(row: Mapping) -> set[tuple[str, str]]:
    """(skeleton, class) of every word of an entity's names, each once."""
    names = {*row["labels"].values(), *(one for group in row.get("aliases", {}).values() for one in group)}
    found = set()
    for name in names:
        words = [bare_word for word in tokens(name) if len(bare_word := skeleton(word)) > 1]
        for place, word in enumerate(words):
            if row["type"] == "PER":
                letter = "S" if place == len(words) - 1 else "F"
            else:
                letter = row["type"][0] if len(words) == 1 else row["type"][0].lower()
            found.add((word, letter))
    return found


def labels(path: Path, lang: str, least: float) -> dict[str, list[str]]:
    """Labels in one language by kind, of entities whose prior is above `least`, for swapping."""
    names = defaultdict(list)
    for row in read(path):
        if row["type"] in {"PER", "LOC", "ORG"} and row["prior"] > least and lang in row["labels"]:
            names[row["type"]].append(row["labels"][lang])
    return {kind: sorted(group) for kind, group in names.items()}


def write_names(names: Mapping[str, str], path: Path) -> None:
    """The word list as `skeleton<TAB>classes` lines."""
    lines = "".join(f"{word}\t{classes}\n" for word, classes in sorted(names.items()))
    path.write_bytes(gzip.compress(lines.encode("utf-8"), mtime=0))
    print(f"word list: {len(names)} words, {path.stat().st_size} bytes", flush=True)


def write(texts: Sequence[Text], path: Path, vocab: Vocab) -> None:
    """The texts as spaCy's binary documents, in a seeded order."""
    order = random.Random(SEED).sample(range(len(texts)), len(texts))
    DocBin(attrs=["ENT_IOB", "ENT_TYPE", "SPACY"], docs=docs(vocab, (texts[i] for i in order))).to_disk(path)


def docs(vocab: Vocab, texts: Iterable[Text]) -> Iterator[Doc]:
    """Each text as a spaCy document with its entities and, as its category, its corpus."""
    for text in texts:
        tags = ["O"] * len(text.words)
        for first, last, label in text.entities:
            tags[first:last] = [f"B-{label}", *[f"I-{label}"] * (last - first - 1)]
        doc = Doc(vocab, words=list(text.words), spaces=list(text.spaces), ents=tags)
        doc.cats = {text.source: 1.0}
        yield doc


def count_labels(texts: Iterable[Text]) -> dict[str, int]:
    """How many entities of each label, and how many words."""
    texts = list(texts)
    counts = Counter(label for text in texts for _, _, label in text.entities)
    return {"words": sum(len(text.words) for text in texts), **dict(sorted(counts.items()))}


if __name__ == "__main__":
    main()
