"""The scene: what a page shows of the dialogue's present state. Values in, values out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.messages import Intent
from assistant.respond.answers import name_of
from assistant.respond.dialogue_context import Place
from assistant.respond.places import place_of
from assistant.respond.safety import asking
from assistant.respond.states import OwnPace, Rating, ResumeOffer, Screening, State
from assistant.respond.transitions import legal
from assistant.routine import Library, Technique
from assistant.sentence import as_written
from assistant.show import drawing_name
from assistant.wire.build import LoadedFiles

MOST_PHRASES = 8  # chosen: what is read at a glance
QUOTED = re.compile("“([^”]*)”")
ANSWERS = frozenset({Intent.YES, Intent.NO})


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A phrase that can be said or pressed now."""

    say: str
    intent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything that is seen of a state. Empty texts and zeros: there is none of it."""

    state: str
    """The state's name as in docs/states.md."""
    routine: str
    """The routine's title."""
    step: int
    """Counted from 1."""
    steps: int
    technique: str
    side: str
    """"left" or "right", as it is in turn now."""
    drawing: str
    """The name of the drawing; its address is /drawings/NAME.svg."""
    then_side: str
    """The side of the second half of a repetition, where each has both."""
    then_drawing: str
    count: int
    of: int
    period_s: float
    """Seconds from one repetition to the next."""
    question: tuple[str, ...]
    """The sentences of the open question of the safety check."""
    question_at: int
    """Counted from 1."""
    questions: int
    asks_number: bool
    """True where zero to ten is asked for."""
    phrases: tuple[Saying, ...]


class Stage:
    """Makes scenes of states, for one set of files."""

    def __init__(self, found: LoadedFiles) -> None:
        """Take the files of a session."""
        self._library: Library = found.library
        self._replies: Mapping[str, str] = found.pack.replies
        self._intents = {phrase.text: phrase.intent for phrase in found.phrases}

    def scene(self, state: State, quoted: Sequence[str] = ()) -> Scene:
        """Return the scene of a state; `quoted` are phrases that were named aloud just now, which come first."""
        place = state.left if isinstance(state, ResumeOffer) else place_of(state)
        check = state if isinstance(state, Screening) else None
        answered = len(check.answers) if check else 0
        return Scene(
            state=name_of(type(state)),
            routine=self._title(state, place),
            step=place.at + 1 if place else 0,
            steps=len(place.steps) if place else 0,
            **self._technique(place),
            count=place.n if place and not isinstance(state, OwnPace) else 0,
            of=place.repetitions if place else 0,
            period_s=round(place.period_s, 3) if place else 0.0,
            question=tuple(str(one.values["text"]) for one in asking(check, self._library)) if check else (),
            question_at=answered + 1 if check else 0,
            questions=answered + len(check.questions) if check else 0,
            asks_number=isinstance(state, Rating),
            phrases=tuple(self._phrases(state, quoted)),
        )

    def _title(self, state: State, place: Place | None) -> str:
        goal = state.goal if isinstance(state, Screening) else None
        named = place or goal
        routine = named.routine if named else getattr(state, "routine", None)
        return self._library.title(routine) if routine else ""

    def _technique(self, place: Place | None) -> dict[str, str]:
        if place is None:
            return dict.fromkeys(("technique", "side", "drawing", "then_side", "then_drawing"), "")
        step = self._library.routines[place.routine].steps[place.step]
        technique = self._library.techniques[step.technique]
        name = technique.words[self._library.language].name
        side, then_side = sides_in_turn(technique, place)
        return {
            "technique": name[0].upper() + name[1:],
            "side": side,
            "drawing": drawing_name(technique, side, place.direction),
            "then_side": then_side,
            "then_drawing": drawing_name(technique, then_side, place.direction) if then_side else "",
        }

    def _phrases(self, state: State, quoted: Sequence[str]) -> Iterator[Saying]:
        """Yield what was named aloud and what help names, as far as the table has a row for it now."""
        name = name_of(type(state))
        helps = (self._replies.get(key, "") for key in (f"help_{name}", f"help_{name}_more"))
        named = dict.fromkeys((*quoted, *(phrase for text in helps for phrase in QUOTED.findall(text))))
        legal_now = legal(state)
        found = [(text, intent) for text in named if (intent := self._intents.get(text)) in legal_now and intent]
        if {intent for _, intent in found} >= ANSWERS:
            found.sort(key=lambda one: one[1] not in ANSWERS)
        yield from (Saying(say=as_written(text), intent=intent.value) for text, intent in found[:MOST_PHRASES])


def sides_in_turn(technique: Technique, place: Place) -> tuple[str, str]:
    """Return the side of the present repetition, and that of its second half; empty where there is none."""
    if place.side_name or technique.sides == "none":
        return place.side_name, ""
    cues = [cue for cue in technique.cues_at(max(place.n, 1)) if cue in {"left", "right"}]
    return (cues[0], cues[1] if cues[1:] else "") if cues else (technique.first_side, "")
