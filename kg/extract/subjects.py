"""The subject of a trigger: the name that does it, by order, case and clause.

The walk goes left from the trigger. It passes what prepositions bring, asides between commas and times; it
ends at a subject that is no name ("..., the ministry said"), for then whoever stands further left did not do it.
"""

from __future__ import annotations

from kg.extract.endings import NOMINATIVE
from kg.extract.reach import OBJECT_REACH, PLAIN, Filler, right_of, takes_object, transitive
from kg.extract.scene import Chunk, Scene
from kg.extract.triggers import Trigger

_PASSED = frozenset({"articles", "adverbs", "word"})
_GOES_ON = frozenset({"word", "verb", "adverbs", "noun"})
_SURE = 0.6  # below it the subject may as well stand behind the verb


def subject(scene: Scene, trigger: Trigger) -> Filler | None:
    """The subject of the trigger's clause, or of the clause around it; a Filler without chunk for a pronoun."""
    named = scene.at[trigger.start] >= 0  # "the court ruled" begins with its subject
    if trigger.form == "verb" and not named and trigger.start - 1 in scene.covered("participle"):
        return None  # "one of the | detained | journalists": by whom is not said
    if trigger.type.attributes and trigger.start and scene.tags[trigger.start - 1] in {"comma", "quote", "stop"}:
        found = _subject_after(scene, trigger)
        if found and found.chunk and _at_once(scene, trigger, found.chunk):
            return found  # "..., said Peskov": whoever stands before the comma spoke of something else
    if _shares_subject(scene, trigger):
        found = _of_clause_before(scene, trigger)
        if found:
            return found
    first = _same_speaker(scene, trigger)
    if first is not None:
        return subject(scene, first)
    left = _Leftward(scene, trigger).run()
    if left and (left.chunk is None or left.factor >= _SURE):
        return left
    behind = None if _unnamed_before(scene, trigger) else _behind(scene, trigger)
    return behind or left


def _unnamed_before(scene: Scene, trigger: Trigger) -> bool:
    """Whether words that name nobody begin the clause and end at a speech verb: "His daughter | told Reuters"."""
    if not trigger.type.attributes or trigger.form != "verb" or scene.lexicon.cues.verb_last:
        return False
    i, words = trigger.start - 1, 0
    while i >= 0 and scene.tags[i] in {"word", "adverbs", "articles"} and scene.words.folded[i].isalpha():
        words, i = words + (scene.tags[i] == "word"), i - 1
    opens = i < 0 or scene.tags[i] in {"quote", "that", "stop"} or (scene.tags[i] == "comma" and words > 1)
    return opens and words > 0 and scene.tags[trigger.start - 1] == "word"


def _same_speaker(scene: Scene, trigger: Trigger) -> Trigger | None:
    """The speech verb whose speaker goes on: "Ruiz said that Vega was ill, and | added that ..."."""
    i = trigger.start - 1
    if not trigger.type.attributes or trigger.form != "verb" or i < 1 or scene.tags[i] != "and":
        return None
    if scene.tags[i - 1] != "comma":
        return None
    before = [
        one for one in scene.found.triggers if one.end < i and one.item.form == "verb" and one.item.type.attributes
    ]
    said = before[-1] if before else None
    opens = said is not None and any(j in scene.covered("that") for j in range(said.end, min(said.end + 2, i)))
    return (
        Trigger(said.item.type, "verb", said.start, said.end)
        if said and (opens or _that_behind(scene, said.end))
        else None
    )


def _that_behind(scene: Scene, end: int) -> bool:
    return end + 1 < len(scene.tags) and scene.tags[end] == "comma" and end + 1 in scene.covered("that")


def _at_once(scene: Scene, trigger: Trigger, chunk: Chunk) -> bool:
    """Whether only a time or place stands between: "..., ανακοίνωσε το βράδυ στη Λάρισα η | Πυροσβεστική"."""
    between = range(trigger.end, chunk.left)
    brought = {scene.at[i] for i in between if scene.at[i] >= 0}
    aside = scene.lexicon.cues.inverts and all(scene.chunks[index].markers - PLAIN for index in brought)
    passed = {"articles", "adverbs", "time", "marker"} | ({"chunk"} if aside else set())
    end = max(one.end for one in scene.members(chunk))
    if not scene.lexicon.cues.inverts and end < len(scene.tags) and scene.tags[end] in _GOES_ON:
        return False  # "said teachers and parents had left"
    return all(scene.tags[i] in passed for i in between) and chunk.start - chunk.left <= OBJECT_REACH


class _Leftward:
    """The walk from a trigger to the left, in search of its subject."""

    def __init__(self, scene: Scene, trigger: Trigger) -> None:
        self.scene = scene
        self.trigger = trigger
        self.factor = 1.0 if trigger.form != "noun" else 0.8
        self.plain = 0  # words since the last border: an unnamed noun phrase
        self.aside = False  # inside ", a former spy,"
        self.behind: Filler | None = None  # a name right after another verb: its object, or its subject turned round

    def run(self) -> Filler | None:
        scene, start = self.scene, self.trigger.start
        i = start if scene.tags[start] == "chunk" else start - 1  # "a Baku court ordered" begins inside a name
        while i >= 0:
            opened = start - i == 2 and scene.tags[i + 1] == "quote"  # Modi “brought up” the matter
            if scene.quoted[i] != scene.quoted[start] and not (opened and scene.tags[i] == "chunk"):
                if scene.quoted[start]:
                    return None  # inside a quotation the subject stands inside
                self.plain += scene.tags[i] == "word"
                i -= 1
                continue
            found, i = self._step(i)
            if found:
                return found if found.slot else self._turned()
        return self._turned()

    def _turned(self) -> Filler | None:
        """The name behind the other verb, if nothing before that verb may be its subject."""
        return self.behind if self.plain <= 1 else None

    def _step(self, i: int) -> tuple[Filler | None, int]:
        """(the subject, or a Filler without slot to give up), and the next word to look at."""
        scene, tag = self.scene, self.scene.tags[i]
        if scene.words.folded[i] == ")" and (opening := _opening(scene, i)) is not None:
            return None, opening - 1  # "Rape Crisis (England and Wales) | said"
        if tag == "chunk":
            return self._chunk(i, scene.chunks[scene.at[i]])
        if i in scene.covered("they") and not self.aside:
            return Filler(None, 0.0, ""), i  # who "they" are is not known
        plural = self.trigger.form == "verb" and self.trigger.start in scene.covered("plural")
        if tag == "pronouns" and plural and not self.aside:
            return Filler(None, 0.0, ""), i  # "he came, but they arrested him": others did
        if tag == "pronouns" or (tag == "pair" and self.trigger.form != "noun"):
            return (None, i - 1) if self.aside else (Filler(None, self.factor * 0.7, tag), i)
        if tag == "according" or (tag == "stop" and scene.words.folded[i] in ";:"):
            passed = False
        elif tag == "comma":
            passed = self._comma(i)
        else:
            passed = self.aside or self._word(tag)
        return (None, i - 1) if passed else (Filler(None, 0.0, ""), i)

    def _chunk(self, i: int, chunk: Chunk) -> tuple[Filler | None, int]:
        if not self.aside and _may_act(chunk, self.trigger) and not self._owned(chunk) and not self._part(chunk):
            if not _agrees(self.scene, self.trigger, chunk):
                return None, min(i, chunk.left) - 1
            found = Filler(chunk, self.factor * 0.97 ** min(self.plain, 6), "subject")
            if not self._behind_verb(chunk) or self._asked(chunk):
                return found, i
            self.behind = self.behind or found
        self.plain = self.plain if self.aside else 0
        return None, min(i, chunk.left) - 1

    def _part(self, chunk: Chunk) -> bool:
        """Whether a name only opens a compound where verbs stand last: "Meclis grubunda", "BRİKS | sammitində"."""
        scene, cues, i = self.scene, self.scene.lexicon.cues, chunk.end
        if cues.verb_last and i == self.trigger.start and i in scene.covered("compound") and chunk.kind == "ORG":
            return True
        named = chunk.thing is None
        if (named and (cues.verb_last or chunk.kind not in {"LOC", "ORG"})) or i >= len(scene.tags):
            return False  # but "the Leicester | forward says" is not the town
        if i in scene.covered("compound"):
            return True
        plain = scene.tags[i] == "word" and scene.words.folded[i].isalpha() and not scene.words.folded[i].endswith("ly")
        adjoins = not (
            cues.verb_last or cues.endings or cues.inverts
        )  # as English does: "a school | administrator said"
        ends = i + 1 == self.trigger.start or scene.tags[i + 1 : i + 2] == ("relative",)  # "a school administrator who"
        return plain and adjoins and self.trigger.form != "noun" and ends

    def _owned(self, chunk: Chunk) -> bool:
        """Whether a place without an ending follows a noun: "полиция | Алматы | задержала" is the town's police."""
        changes = "of" in self.scene.lexicon.cues.endings and not self._verb_last
        return changes and chunk.kind in {"LOC", "FAC"} and chunk.left < chunk.start

    def _behind_verb(self, chunk: Chunk) -> bool:
        """Whether another verb stands right before the name: "visited | Nairobi | and promised"."""
        i = chunk.left - 1
        if self.scene.covered("that").intersection(range(i, chunk.start)):
            return False  # "demanded that | Peru apologise"
        while i >= 0 and self.scene.tags[i] == "articles":
            i -= 1
        told = (hit.item.type for hit in self.scene.found.triggers if hit.end == i + 1)
        if any(one.attributes and not takes_object(one) for one in told):
            return False  # "said | the bus had been damaged"
        return i >= 0 and self.scene.tags[i] == "verb" and NOMINATIVE not in chunk.markers and not self._verb_last

    def _asked(self, chunk: Chunk) -> bool:
        """Whether the other verb asks the name to do it: "urged | Chile to | apologise"."""
        return chunk.end in self.scene.covered("subjunctive") and self.trigger.start - chunk.end <= 2

    @property
    def _verb_last(self) -> bool:
        return self.scene.lexicon.cues.verb_last

    def _comma(self, i: int) -> bool:
        """Passes a comma; False: an unnamed subject stands behind it ("..., the ministry said")."""
        scene = self.scene
        opener = scene.tags[i + 1] in {"clause", "relative", "that", "and"}
        if self.plain and not self.aside and not opener:
            topic = scene.tags[i - 1] in {"pronouns", "chunk"} if i else False
            named = scene.tags[self.trigger.start - 1] == "comma" and i > 0 and scene.tags[i - 1] == "chunk"
            if not named and not (self._verb_last and topic):  # "O, Çinə səfərinin yekununda ... deyib"
                return False
            self.plain = 0 if named else self.plain  # "Ana Ruiz, head of news there, | told"
        elif not opener:
            self.aside = not self.aside and bool(i) and scene.tags[i - 1] not in {"chunk", "pronouns"}
        elif self.aside and scene.tags[i + 1] == "relative":
            self.aside = False  # the aside was a relative clause: "Moscow, which ..., | promised"
        return True

    def _word(self, tag: str) -> bool:
        """Passes a word; False: the search ends."""
        if tag == "relative" and self.scene.tags[self.trigger.start - 1] == "comma" and self.trigger.form != "noun":
            self.plain = 0  # "Ana Ruiz, who studied dance, | said"
            self.factor *= 0.95
            return True
        if tag in {"clause", "relative", "that"}:
            if self.plain or self.trigger.form == "noun":
                return False
            self.factor *= 0.95 if tag == "relative" else 0.8
        elif tag == "verb":
            self.factor, self.plain = self.factor * 0.85, 0
        elif tag in {"word", "noun"}:
            self.plain += 1
        return True


def _opening(scene: Scene, i: int) -> int | None:
    """The bracket that the one at `i` closes."""
    return next((j for j in range(i - 1, -1, -1) if scene.words.folded[j] == "("), None)


def _agrees(scene: Scene, trigger: Trigger, chunk: Chunk) -> bool:
    """False for one person before a verb in the plural: "Певца | Ар Келли | обвиняют" says that others accuse him."""
    plural = trigger.form == "verb" and trigger.start in scene.covered("plural")
    return not plural or chunk.kind != "PER" or chunk.thing is not None or len(scene.members(chunk)) > 1


def _may_act(chunk: Chunk, trigger: Trigger) -> bool:
    if chunk.owner is not None or chunk.possessive or chunk.markers - PLAIN:
        return False
    if "acc" in chunk.markers and NOMINATIVE not in chunk.markers:
        return False
    return chunk.end == trigger.start or chunk.kind != "NORP"


def _shares_subject(scene: Scene, trigger: Trigger) -> bool:
    """Whether the trigger is a form without a subject of its own, "before crashing", and no "was crashing"."""
    i = trigger.start - 1
    while i >= 0 and scene.tags[i] == "adverbs" and i not in scene.covered("passive"):
        i -= 1
    return trigger.form == "verb" and trigger.start in scene.covered("converb") and i not in scene.covered("passive")


def _of_clause_before(scene: Scene, trigger: Trigger) -> Filler | None:
    """The subject that a verb form without its own shares: "The flight vanished from radar before | crashing"."""
    openers = {"comma", "clause", "that", "and", "stop", "quote", "time", "adverbs"}
    for chunk in reversed([one for one in scene.chunks if one.end <= trigger.start]):
        plain = any(scene.tags[i] == "word" and scene.words.folded[i].isalpha() for i in range(chunk.left, chunk.start))
        opens = chunk.left == 0 or (scene.tags[chunk.left - 1] in openers and not plain)
        if opens and _may_act(chunk, trigger) and scene.quoted[chunk.start] == scene.quoted[trigger.start]:
            return Filler(chunk, 0.7, "subject")
    return None


def _behind(scene: Scene, trigger: Trigger) -> Filler | None:
    """The subject behind its verb; of two names the first, where the verb stands second: "Am Montag griff | Sparta |
    Athen | an".
    """
    if scene.lexicon.cues.second and trigger.form == "verb":
        plain = [one for one in right_of(scene, trigger, OBJECT_REACH // 2) if not one.markers - PLAIN]
        if len(plain) > 1:
            return Filler(plain[0], 0.85, "subject")
    return _subject_after(scene, trigger)


def _subject_after(scene: Scene, trigger: Trigger) -> Filler | None:
    cues = scene.lexicon.cues
    if trigger.form == "noun" or cues.verb_last or trigger.start in scene.covered("tells"):
        return None
    opened = trigger.start == 0 or scene.tags[trigger.start - 1] in {"comma", "quote", "stop", "time"}
    bare = (trigger.type.attributes and (cues.inverts or opened)) or (
        cues.inverts and (not transitive(trigger) or trigger.form == "passive")
    )
    speaks = trigger.type.attributes and cues.inverts and opened
    if trigger.type.attributes and trigger.end < len(scene.tags) and scene.tags[trigger.end] == "pronouns":
        return Filler(None, 0.6, "pronouns")  # "..., заявил он | журналистам"
    found = right_of(scene, trigger, OBJECT_REACH // 2)
    first = next((one for one in found if not speaks or not one.markers - PLAIN), None)
    if first is None or first.kind == "NORP" or first.markers - PLAIN:
        return None
    noun = any(scene.tags[i] == "word" for i in range(trigger.end, first.start))
    if noun and cues.endings and first.kind in {"ORG", "LOC", "FAC"} and NOMINATIVE not in first.markers:
        return None  # "отметил собеседник | ТАСС"
    if NOMINATIVE in first.markers:
        return Filler(first, 0.95, "subject")
    return Filler(first, 0.85, "subject") if bare and not first.markers else None


def beginning_after(scene: Scene, trigger: Trigger) -> Filler | None:
    """The subject of the clause that a phrase introduces: "During talks with Aliyev, | Putin said ..."."""
    if scene.lexicon.cues.verb_last:
        return None
    tags, i = scene.tags, trigger.end
    while i < len(tags) and tags[i] not in {"comma", "stop", "verb", "that"}:
        i += 1
    if i == len(tags) or tags[i] != "comma":
        return None
    while i + 1 < len(tags) and (tags[i] in _PASSED or tags[i] == "comma"):
        i += 1
    chunk = scene.chunks[scene.at[i]] if scene.at[i] >= 0 else None
    while chunk and chunk.owner is not None:
        chunk = scene.chunks[chunk.owner]
    return Filler(chunk, 0.65, "subject") if chunk and _may_act(chunk, trigger) else None
