"""A rehearsal: learns a person's pronunciations of the core commands, and tests if they help.

Takes in, results out; it asks, prints and writes nothing. The sound of the takes stays in memory until the
rehearsal is over, and nowhere else; only phones are learned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from assistant.decode.phonetic.reading import PhoneReading, difference
from assistant.messages import Intent, Phrase
from assistant.store.pronunciations import Own
from assistant.terminal.acoustics.clip_quality import Flaw, flaw
from assistant.terminal.rehearse.commands import ANSWERS, CommandToRehearse

if TYPE_CHECKING:  # they load models, which every rehearsal does itself
    from assistant.decode.phonetic.engine import PhoneticEngine
    from assistant.decode.segment import Utterance

TAKES = 3  # docs/recognition.md, "Rehearsal"
ENOUGH = 2  # takes that are heard, with known pronunciations: a third would teach nothing
NOBODY = 3  # commands in a row without a voice: nobody is there
ALIKE = (
    0.5  # of the phones: a take counts if it is this near to the command, or to another take. Synthetic accents: 503
)
# of 540, against 504 if all takes count; other words taken for a take of four commands: 6 of 580, against 359
CLEAR = 4.0
"""Nats of headroom from which a take that is heard teaches nothing: it needs no help, and its surroundings ("the stop")
would be learned with it."""
NEAR = 1  # phones; nearer to another command than to the requested one, and this near: it is the other one

Missed: TypeAlias = Literal["silence"] | Flaw


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One answer to a request."""

    utterance: Utterance = field(repr=False)
    text: str
    """The nearest phrase."""
    is_heard: bool
    """True if a session would have obeyed it."""
    reading: PhoneReading
    off: float
    """Share of phones that differ from the command's known pronunciations, 0 to 1."""
    words: Mapping[str, str]
    """The lesson: words, with new phones of them."""
    sounds_like: str
    """The rival phrase that prevents learning; empty otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedCommand:
    """One command, with its takes."""

    command: CommandToRehearse
    takes: tuple[Take, ...] = ()
    missed: tuple[Missed, ...] = ()
    after: int = 0
    """Takes that are heard with the lessons of the OTHER takes."""

    @property
    def heard(self) -> int:
        """Return the number of takes that were heard without any lesson."""
        return sum(take.is_heard for take in self.takes)

    @property
    def sounds_like(self) -> str:
        """Return the rival phrase of most takes, which makes the rest useless; empty if there is none."""
        strange = [take.sounds_like for take in self.takes if take.sounds_like]
        return strange[0] if 2 * len(strange) > len(self.takes) else ""

    @property
    def lessons(self) -> tuple[Mapping[str, str], ...]:
        """Return the lessons of the takes, without takes that resemble nothing: other words, or somebody else's."""
        if self.sounds_like:
            return ()
        return tuple(take.words for take in self.takes if take.off <= ALIKE or self._is_repeated(take))

    def _is_repeated(self, take: Take) -> bool:
        return any(difference(take.reading, one.reading) <= ALIKE for one in self.takes if one is not take)


class Audience(Protocol):
    """Observes the progress of a rehearsal."""

    def took(self, command: CommandToRehearse, got: Take | Missed) -> None:
        """Take one answer, or the reason for none."""


Takes: TypeAlias = "Callable[[CommandToRehearse], Iterator[Utterance | None]]"
"""Asks for a command, once for each item; an item None means no voice."""


class PronunciationLearner:
    """The ear of a session, with one person's pronunciations."""

    def __init__(self, phrases: Sequence[Phrase], own: Own, engine: Callable[[Own], PhoneticEngine]) -> None:
        """Take the session's phrases, the person's earlier pronunciations, and a maker of ears (0.5 s).

        Raises EngineError where no ear can be made.
        """
        self._phrases = phrases
        self._own = own
        self._make = engine
        self._intents: dict[str, set[Intent]] = {}
        for phrase in phrases:
            self._intents.setdefault(phrase.text, set()).add(phrase.intent)
        self._ear = self._taught(own)
        self._reader = self._ear.reader()
        self.results: list[RehearsedCommand] = []
        """Results of the commands so far, also when `run` was interrupted."""

    def run(self, commands: Sequence[CommandToRehearse], takes: Takes, audience: Audience) -> None:
        """Ask for each command; ends early when nobody answers."""
        for command in commands:
            self.results.append(self._ask(command, takes(command), audience))
            last = self.results[-NOBODY:]
            if len(last) == NOBODY and all(set(one.missed) == {"silence"} and not one.takes for one in last):
                del self.results[-NOBODY:]
                return

    def learn(self) -> tuple[Own, tuple[RehearsedCommand, ...]]:
        """Return the lessons of the takes, and the results with their benefit.

        A pronunciation that makes takes of another command sound like this one is left out.
        """
        results = tuple(self.results)
        left_out: set[str] = set()
        while True:
            new = _words(results, left_out)
            ear = self._taught(_joined(self._own, new)) if new else self._ear
            stolen = self._stolen_by(ear, results) & new.keys()
            if not stolen:
                break
            left_out |= stolen
        return new, self._helped(results, left_out)

    def judge(self, command: CommandToRehearse, utterance: Utterance) -> Take | Missed:
        """Classify one utterance of a person who was asked to say the command."""
        wrong = flaw(utterance.pcm)
        if wrong is not None:
            return wrong
        heard = self._ear.hear(utterance)
        reading = self._reader.read(utterance.pcm)
        means = self._intents.get(heard.text, set())
        is_heard = heard.is_sure and command.intent in means
        far = self._reader.distances(reading)
        words, sounds_like = self._lesson(command, reading, far)
        if heard.is_sure and not is_heard:
            words, sounds_like = {}, heard.text
        elif is_heard and heard.spare >= CLEAR:
            words = {}
        return Take(
            utterance=utterance,
            text=heard.text,
            is_heard=is_heard,
            reading=reading,
            off=far[command.text] / max(self._reader.length(command.text), sum(len(one.split()) for one in reading)),
            words=words,
            sounds_like=sounds_like,
        )

    def _ask(
        self, command: CommandToRehearse, takes: Iterator[Utterance | None], audience: Audience
    ) -> RehearsedCommand:
        good: list[Take] = []
        missed: list[Missed] = []
        for _, utterance in zip(range(TAKES), takes, strict=False):
            got: Take | Missed = "silence" if utterance is None else self.judge(command, utterance)
            audience.took(command, got)
            if isinstance(got, Take):
                good.append(got)
            else:
                missed.append(got)
            if len(good) == ENOUGH and all(take.is_heard and not take.words for take in good):
                break
        heard = sum(take.is_heard for take in good)
        return RehearsedCommand(command=command, takes=tuple(good), missed=tuple(missed), after=heard)

    def _lesson(
        self, command: CommandToRehearse, reading: PhoneReading, far: Mapping[str, int]
    ) -> tuple[dict[str, str], str]:
        """Return the command's words as they were said, or the rival phrase; `far`: phones to every text."""
        mine = far[command.text]
        if not reading or mine == 0:
            return {}, ""
        same = [text for text, n in far.items() if n == 0 and self._is_other(text, command)]
        if same:
            return {}, same[0]
        nearer = [text for text, n in far.items() if n < mine and n <= NEAR and text in self._intents]
        nearer += [text for text, n in far.items() if n < mine and self._is_opposite(text, command)]
        if nearer:
            nearest = min(nearer, key=lambda text: far[text])
            return {}, nearest if self._is_other(nearest, command) else ""
        said = self._reader.shared_out(reading, command.text)
        return {word: phones for word, phones in said.items() if self._is_new(word, phones)}, ""

    def _is_new(self, word: str, phones: str) -> bool:
        """True if the word is not known with this pronunciation, and no other word has it."""
        if self._reader.is_known(word, phones):
            return False
        far = self._reader.distances((phones,))
        return not any(n == 0 and " " not in text and text != word for text, n in far.items())

    def _is_other(self, text: str, command: CommandToRehearse) -> bool:
        """True for a command of another meaning, or a word that is only a fragment of commands and must not act."""
        return command.intent not in self._intents.get(text, set()) and text not in command.text.split()

    def _is_opposite(self, text: str, command: CommandToRehearse) -> bool:
        """True for a yes heard as a no, or the reverse: the safety questions use both, so that a doubt is enough."""
        return command.intent in ANSWERS and bool((self._intents.get(text, set()) & ANSWERS) - {command.intent})

    def _taught(self, own: Own) -> PhoneticEngine:
        ear = self._make(own)
        ear.learn(self._phrases)
        return ear

    def _stolen_by(self, ear: PhoneticEngine, results: Sequence[RehearsedCommand]) -> set[str]:
        """Return words whose commands this ear now hears in takes of other commands."""
        stolen: set[str] = set()
        for command, take in _all_takes(results):
            heard = ear.hear(take.utterance)
            if heard.is_sure and command.intent not in self._intents.get(heard.text, set()):
                stolen |= set(heard.text.split())
        return stolen

    def _helped(self, results: Sequence[RehearsedCommand], left_out: set[str]) -> tuple[RehearsedCommand, ...]:
        """Hear each take that was not heard again, with an ear that has learned from the takes beside it."""
        after = [result.heard for result in results]
        for n in range(TAKES):
            unheard = [i for i, one in enumerate(results) if n < len(one.takes) and not one.takes[n].is_heard]
            others = [replace(one, takes=(*one.takes[:n], *one.takes[n + 1 :])) for one in results]
            words = _words(others, left_out)
            if not unheard or not words:
                continue
            ear = self._taught(_joined(self._own, words))
            for i in unheard:
                heard = ear.hear(results[i].takes[n].utterance)
                means = self._intents.get(heard.text, set())
                after[i] += heard.is_sure and results[i].command.intent in means
        return tuple(replace(result, after=count) for result, count in zip(results, after, strict=True))


def _words(results: Sequence[RehearsedCommand], left_out: set[str]) -> Own:
    """Return all lessons of the takes, each pronunciation once."""
    found: dict[str, dict[str, None]] = {}
    for lesson in (lesson for result in results for lesson in result.lessons):
        for word, phones in lesson.items():
            if word not in left_out:
                found.setdefault(word, {})[phones] = None
    return {word: tuple(said) for word, said in found.items()}


def _all_takes(results: Sequence[RehearsedCommand]) -> Iterator[tuple[CommandToRehearse, Take]]:
    for result in results:
        for take in result.takes:
            yield result.command, take


def _joined(one: Own, other: Own) -> Own:
    return {word: (*one.get(word, ()), *other.get(word, ())) for word in {**one, **other}}
