"""Names as chunks: what belongs to a name, which case it stands in, and which names are joined.

"с президентом Азербайджана Ильхамом Алиевым" is one chunk of the person, marked "with"; Azerbaijan only
describes it. Without this every country named in an office would become somebody who acts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from kg.extract.descriptions import describes_thing, named_behind, settled, with_appositions, with_owned
from kg.extract.endings import NOMINATIVE, markers_by_sound, markers_of_case
from kg.extract.scene import Chunk, Scene
from kg.model import Document, Link

_ROLE_WORDS = 6  # words between a country and the name of its minister, at most
_ADJECTIVES = 4  # words between a preposition and its name, at most
_DESCRIBING = frozenset({"LOC", "NORP", "ORG", "FAC"})
_THINGS = frozenset({"ORG", "FAC", "PROD", "EVT"})
_BETWEEN = frozenset({"word", "articles", "adverbs", "noun"})

Mentions = Sequence[tuple[int, int, Link]]


def with_chunks(scene: Scene, mentions: Mentions, forms: Mapping[str, frozenset[str]], document: Document) -> Scene:
    """The scene with its chunks. `forms` gives, for an entity's IRI, the ways the document writes it."""
    chunks = [_chunk(scene, index, start, end, link) for index, (start, end, link) in enumerate(mentions)]
    chunks = with_appositions(scene, _owners(scene, chunks))
    chunks = [_marked(scene, chunks, chunk, forms) for chunk in chunks]
    chunks = settled(scene, with_owned(scene, named_behind(chunks)), document)
    chunks = _places(scene, chunks)
    return replace(scene, chunks=tuple(_joined(scene, chunks)))


def _chunk(scene: Scene, index: int, start: int, end: int, link: Link) -> Chunk:
    possessive = any(first == end for first, _ in scene.found.cues.get("after:of", ()))
    thing = scene.lexicon.things.get(link.mention.hint or "") if link.mention.method == "thing" else None
    return Chunk(index, link, start, end, start, frozenset(), group=index, possessive=possessive, thing=thing)


def _owners(scene: Scene, chunks: list[Chunk]) -> list[Chunk]:
    """Countries, bodies and offices that describe the name after them."""
    for index in range(len(chunks) - 2, -1, -1):  # from the right: "Russian | Foreign Minister | Lavrov"
        first, second = chunks[index], chunks[index + 1]
        if _describes(scene, first, second):
            chunks[index] = replace(first, owner=second.index)
            head = next(one for one in chunks[index + 1 :] if one.owner is None)
            chunks[head.index] = replace(head, left=first.start)
    return chunks


def _describes(scene: Scene, first: Chunk, second: Chunk) -> bool:
    """Whether the first name only says more of the second."""
    if first.thing or second.thing:
        return describes_thing(scene, first, second) and _apart(scene, first)
    nominal, between = first.link.mention.nominal, range(first.end, second.start)
    if not (nominal or first.kind in _DESCRIBING) or not _one_phrase(scene, first, second, between):
        return False
    plain = any(scene.tags[i] in {"word", "noun"} for i in between)
    if nominal and second.kind == first.kind:
        return not plain  # "the Russian president | Vladimir Putin"
    if second.kind == "PER":
        return _describes_person(scene, first, between, plain=plain)
    if second.kind in _THINGS:
        return first.kind == "NORP" or first.possessive or (not between and first.kind == "LOC")
    return first.kind == "NORP" and second.kind == "LOC"


def _apart(scene: Scene, first: Chunk) -> bool:
    """Where verbs stand last, a name with an ending or postposition of its own describes nobody."""
    return not scene.lexicon.cues.verb_last or not (_stands_alone(scene, first) or _after(scene, first) - {"of"})


def _one_phrase(scene: Scene, first: Chunk, second: Chunk, between: range) -> bool:
    """Whether both names may belong to one noun phrase."""
    if len(between) > _ROLE_WORDS or not all(_inside_phrase(scene, i, second) for i in between):
        return False
    return _apart(scene, first)


def _describes_person(scene: Scene, first: Chunk, between: range, *, plain: bool) -> bool:
    if first.kind in {"LOC", "FAC"} and any(scene.tags[i] == "articles" for i in between):
        return False  # "in Berlin | the French president | Macron"
    brought = _prepositions(scene, first.start - 1) if first.start else frozenset()
    if first.kind in {"LOC", "FAC"} and not first.possessive and "in" in brought and "of" not in brought:
        return False  # "розповіла у Києві | міністерка | Анна Руїс"
    return plain or first.possessive or first.kind == "NORP" or _follows_word(scene, first)


def _stands_alone(scene: Scene, chunk: Chunk) -> bool:
    """Whether the name has an ending of its own: "Berlində" describes nobody, "Almaniya" or "Almaniyanın" may."""
    entity = chunk.entity
    labels = [text for lang, text in entity.labels if lang in (scene.sentence.lang, "mul")]
    found = markers_of_case(chunk.link.mention.surface, labels, scene.lexicon.cues)
    return bool(found & {"in", "to", "from", "with"}) and not found & {NOMINATIVE, "of"}


def _inside_phrase(scene: Scene, i: int, second: Chunk) -> bool:
    """Whether a word may stand between a describing name and the name it describes."""
    tag, word = scene.tags[i], scene.words.folded[i]
    if tag == "comma":  # "τον Αζέρο ομόλογό του, Ίλχαμ Αλίεφ"
        return i == second.start - 1 and second.kind == "PER" and scene.tags[i - 1] != "chunk"
    if tag == "marker":
        return i in scene.covered("before:of") and i + 1 != second.start
    return tag in _BETWEEN or word in "'-" or i in scene.covered("after:of")


def _follows_word(scene: Scene, chunk: Chunk) -> bool:
    """Whether an office stands before the name: "президента на | Азербайджан | Илхам Алиев"."""
    i = chunk.start - 1
    while i >= 0 and (scene.tags[i] == "articles" or i in scene.covered("before:of")):
        i -= 1
    return i >= 0 and scene.tags[i] == "word" and not scene.words.folded[i].isdigit()


def _marked(scene: Scene, chunks: Sequence[Chunk], chunk: Chunk, forms: Mapping[str, frozenset[str]]) -> Chunk:
    """The chunk with its markers: prepositions first, postpositions, then the ending."""
    owned = any(one.owner == chunk.index for one in chunks)
    left, markers = _before(scene, chunk, described=owned)
    markers |= _after(scene, chunk)
    if (chunk.start, chunk.end) in scene.found.cues.get("genitive", ()) and not markers:
        markers = frozenset({"of", "to"})  # "ambasadorului": the form alone says it
    last = scene.lexicon.cues.verb_last
    if not markers - {NOMINATIVE} and not (chunk.possessive and last):
        markers |= _by_ending(scene, chunk, forms, owned=owned)
    elif not last and "in" in markers and _by_ending(scene, chunk, forms, owned=owned) == {"acc"}:
        markers = markers - {"in"} | {"to"}  # "в Сирию": whither, not where
    return replace(
        chunk, left=left, markers=frozenset(markers), possessive=chunk.possessive or (last and "of" in markers)
    )


def _by_ending(scene: Scene, chunk: Chunk, forms: Mapping[str, frozenset[str]], *, owned: bool) -> frozenset[str]:
    mention, cues = chunk.link.mention, scene.lexicon.cues
    if not cues.endings:
        return frozenset()
    if chunk.thing:
        return _case_of_thing(scene, chunk, owned=owned)
    every = [text for _, text in chunk.entity.labels]
    labels = [text for lang, text in chunk.entity.labels if lang in (scene.sentence.lang, "mul")] or every
    written = [one for one in forms.get(chunk.entity.iri, ()) if one != mention.surface]
    described = mention.nominal and cues.verb_last  # elsewhere the head noun stands first and says nothing
    found = markers_of_case(mention.surface, labels, cues, described=described)
    if found or described:
        return found
    # "Zurabişviliyə" does not begin as "Zurabishvili" does.
    return markers_by_sound(mention.surface, every, cues) or markers_of_case(mention.surface, written, cues)


def _case_of_thing(scene: Scene, chunk: Chunk, *, owned: bool) -> frozenset[str]:
    """The case of a description: told from the plain form that opens its row in things.toml."""
    cues, thing = scene.lexicon.cues, chunk.thing
    word = scene.words.folded[chunk.end - 1]
    first, *others = (thing.words.get(scene.sentence.lang) if thing else None) or ("",)
    plain = [first.rstrip("*"), *(one.rstrip("*") for one in others if one.endswith("*") and " " not in one)]
    found = markers_of_case(word, plain, cues) or markers_of_case(word, (), cues, described=cues.verb_last)
    if cues.verb_last and owned and found == {"acc"} and not word[:-1].endswith("n"):
        return frozenset({NOMINATIVE})  # "Kreml rəhbərliyi": the ending says whose it is; "-ni" is the object's
    if NOMINATIVE in found and "acc" not in cues.endings:
        return frozenset()  # Romanian: subject and object look the same
    if NOMINATIVE in found and chunk.kind in {"FAC", "PROD"} and not cues.verb_last:
        return found | {"acc"}  # what has no life looks the same as subject and as object
    return found


def _before(scene: Scene, chunk: Chunk, *, described: bool) -> tuple[int, frozenset[str]]:
    """(first word of the phrase, markers of the prepositions and articles before it)."""
    i, plain, opened, markers = chunk.left - 1, 0, False, set()
    while i >= 0:
        ending = _prepositions(scene, i) if not _article_first(scene, i) else frozenset()
        if i in scene.covered("nominative"):
            markers.add(NOMINATIVE)
        elif i in scene.covered("accusative"):
            markers.add("acc")
        if ending and described and "of" in ending and i > 0 and scene.tags[i - 1] == "word":
            described = False  # the "of" of "president of Azerbaijan Ilham Aliyev"
        elif ending:
            return i + 1, frozenset(markers - {"acc"} | ending)
        elif scene.tags[i] == "word" and plain < _ADJECTIVES and not opened:
            plain += 1
        elif i not in scene.covered("articles") and scene.words.folded[i] not in "'-":
            break
        opened = opened or (i in scene.covered("articles") and not described)  # "to recall | its | ambassador"
        i -= 1
    return i + 1, frozenset(markers)


def _article_first(scene: Scene, i: int) -> bool:
    """Whether a word that may be article and preposition opens a clause: "Des hommes armés ont attaqué"."""
    opens = i == 0 or scene.tags[i - 1] in {"comma", "stop", "that", "clause", "and", "quote", "relative"}
    return opens and i in scene.covered("articles")


def _prepositions(scene: Scene, last: int) -> frozenset[str]:
    """What the prepositions mark whose last word is this one; those of several words count more."""
    found: dict[int, set[str]] = {}
    for name, spans in scene.found.cues.items():
        if name.startswith("before:"):
            for start, end in spans:
                if end == last + 1:
                    found.setdefault(end - start, set()).add(name.removeprefix("before:"))
    return frozenset(found[max(found)]) if found else frozenset()


def _after(scene: Scene, chunk: Chunk) -> frozenset[str]:
    """What the postpositions and 's mark that follow the name at once, or after one plain word."""
    places = {chunk.end}
    last = scene.lexicon.cues.verb_last and chunk.thing is None  # a description is the noun itself
    if last and chunk.end < len(scene.tags) and scene.tags[chunk.end] == "word":
        places.add(chunk.end + 1)
    markers = set()
    for name, spans in scene.found.cues.items():
        if name.startswith("after:") and any(start in places for start, _ in spans):
            markers.add(name.removeprefix("after:"))
    return frozenset(markers)


def _places(scene: Scene, chunks: list[Chunk]) -> list[Chunk]:
    """A place inside another: Tajikistan only says where Dushanbe lies."""
    for first, second in pairwise(chunks):
        if first.kind not in {"LOC", "FAC"} or second.kind != "LOC" or first.owner is not None:
            continue
        if scene.lexicon.cues.verb_last:
            if "of" in first.markers and second.start - first.end <= 1:
                chunks[first.index] = replace(first, owner=second.index)
        elif _within(scene, first, second):
            chunks[second.index] = replace(second, owner=first.index)
    return chunks


def _within(scene: Scene, first: Chunk, second: Chunk) -> bool:
    between = range(first.end, second.start)
    words = [scene.words.folded[i] for i in between]
    after = scene.words.folded[second.end] if second.end < len(scene.words) else "."
    if words in (["["], ["("]):
        return True
    if words == [","]:  # not in "Russia, China and Iran", nor in "Paris, Rome, Berlin"
        if second.end + 1 < len(scene.tags) and scene.tags[second.end + 1] == "chunk":
            return False
        return bool({"in", "to", "from"} & first.markers) and "of" not in first.markers and after in ",.;)"
    return bool(words) and all(scene.tags[i] == "articles" or i in scene.covered("before:of") for i in between)


def _joined(scene: Scene, chunks: list[Chunk]) -> list[Chunk]:
    """Names joined by "and" or commas before an "and" get one group, and the markers of the first (SOV: the last)."""
    free = [chunk for chunk in chunks if chunk.owner is None]
    linked = False
    for first, second in reversed(list(pairwise(free))):
        how = _joint(scene, first, second)
        linked = how == "and" or (how == "comma" and linked)
        if not linked:
            continue
        chunks = [replace(one, group=first.group) if one.group == second.group else one for one in chunks]
    for group in {one.group for one in chunks}:
        _share(scene, chunks, [one.index for one in chunks if one.group == group and one.owner is None])
    return chunks


def _joint(scene: Scene, first: Chunk, second: Chunk) -> str:
    """What stands between two names: "and", "comma", or anything else ("")."""
    between = [i for i in range(first.end, second.left) if scene.tags[i] not in {"articles", "mark"}]
    if any(i in scene.covered("and") for i in between) and len(between) <= 3 and second.left <= second.start:
        return "and" if all(i in scene.covered("and") or scene.tags[i] == "comma" for i in between) else ""
    return "comma" if [scene.tags[i] for i in between] == ["comma"] else ""


def _share(scene: Scene, chunks: list[Chunk], members: Sequence[int]) -> None:
    if len(members) < 2:
        return
    source = chunks[members[-1] if scene.lexicon.cues.verb_last else members[0]]
    for index in members:
        one = chunks[index]
        if not one.markers - {NOMINATIVE, "acc"} or (
            scene.lexicon.cues.verb_last and one.markers <= {"with", NOMINATIVE}
        ):
            chunks[index] = replace(one, markers=source.markers | (one.markers & {"of", "to"}))
