"""Every state of the dialogue, one frozen dataclass each. Data only: transitions.py holds what may happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from assistant.messages import Check, Intent, Past, Slots
from assistant.respond.counting import Grid
from assistant.respond.dialogue_context import Goal, Line, Place, SideTotal
from assistant.respond.gate import Gate
from assistant.screening import Given


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Values that every state carries along."""

    next_utterance: int = 1
    volume: int = 100  # percent, 20 to 150
    rate: int = 100  # rate of speech in percent, 70 to 150; the count keeps its own tempo
    breathes: bool = False  # true for who asked to breathe with the count
    tempo: int = 100  # the person's tempo, in percent of each technique's usual one
    detail: Literal["auto", "less", "more"] = "auto"  # of what is spoken; auto: all the first time, less when known
    last: tuple[Line, ...] = ()  # the last prompt, for "repeat"
    heard: str = ""  # the last command, for "what did you hear"
    misses: int = 0  # times in a row that unknown speech followed an open question
    asked: int = 0  # times that the open question was asked again into silence
    has_denied: bool = False
    """True after a no, or silence, to "did you mean …?": it is not asked again before something is understood."""
    help_page: int = 0  # times in a row that the person asked for help
    drowned_s: float = float("-inf")  # time when the person was last told that talk drowns their words
    usual: str = ""  # the routine that "start" alone means
    past: Past = field(default_factory=Past)
    checks: Mapping[Check, float] = field(default_factory=dict)  # seconds of the session
    gate: Gate = field(default_factory=Gate)  # what follows from that now
    emergency: str = ""  # the digits to call, as they are spoken; empty: unknown
    asks_rating: bool = False
    hurt: tuple[str, ...] = ()  # ids of techniques, once for each time that it hurt during them
    undo: tuple[State, ...] = ()  # before the last three commands that moved something, the latest first
    ledger: tuple[SideTotal, ...] = ()  # the counts of this routine, in order
    earlier: tuple[SideTotal, ...] = ()  # the counts of the routines before it in this session
    said: tuple[Line, ...] = ()  # the last sentences that were spoken, for "what did you say"
    ended: Place | None = None  # the side that has just come to its end: "ten more" is about it


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Before the session began; only `Began` is expected."""

    talk: Talk = field(default_factory=Talk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advising:
    """Speaks the expert advice before a first session; what was asked for meanwhile is done afterwards."""

    talk: Talk
    awaiting: int  # the utterance whose end closes the advice
    routine: str | None = None
    left: Place | None = None  # place of an unfinished session, to be offered afterwards
    goal: Goal | None = None  # the goal, if the person has asked for one already: go straight on


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """Lets a new person try the words of safety, one after the other."""

    talk: Talk
    after: Advising  # the advice before it, with what is to be done afterwards
    word: int = 0  # index of the word that is tried


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceAsked(Teaching):
    """Asks a new person whether the voice has a good pace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """No routine is chosen."""

    talk: Talk


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A routine is chosen and waits for "start"."""

    talk: Talk
    routine: str
    goal: Goal | None = None  # the part of the routine that was chosen; None: all of it


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeOffer:
    """A session was left unfinished: asks whether to resume, restart or discard it."""

    talk: Talk
    left: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """Asks the safety questions, one group at a time; only a clear "no" goes on."""

    talk: Talk
    goal: Goal
    questions: tuple[str, ...]  # ids of the questions still to be asked, the present one first
    awaiting: int = 0  # the utterance whose end opens the question: a "no" before it answers a question not yet heard
    is_open: bool = False
    is_cued: bool = True  # "yes or no?" follows the question: a new person's first one, and one answered too early
    answers: tuple[tuple[str, Given], ...] = ()  # of which questions; never stored
    previous: Screening | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """Asks for the discomfort, zero to ten, when a routine is over; optional."""

    talk: Talk
    routine: str
    is_about_before: bool = False  # asks how it was before the routine; how it is now comes next
    aside: Place | None = None  # the place to go back to when the routine is over


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructing:
    """Speaks how to do the step, sentence by sentence; the last one asks for "ready"."""

    talk: Talk
    place: Place
    lines: tuple[Line, ...]  # the sentences not yet heard to their end
    first_utterance: int  # the utterance number of `lines[0]`; the others follow
    is_sounding: bool = field(default=False, compare=False)  # `lines[0]` sounds; else the time to act before it


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyPrompt:
    """Everything is said; waits until the person is in position."""

    talk: Talk
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Locating:
    """Gives clues to find the place, one at a time."""

    talk: Talk
    place: Place
    clue: int  # index of the clue given last


@dataclass(frozen=True, slots=True, kw_only=True)
class Leading:
    """Speaks the sentence before a count; the count begins when it ends."""

    talk: Talk
    place: Place
    awaiting: int
    has_count_in: bool  # true for "three, two, one" first: after a pause


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """Counts repetitions; a beat is always scheduled one period ahead."""

    talk: Talk
    place: Place
    grid: Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class FeelingAsked:
    """The dose is done: asks how it feels, for more or enough; silence is enough."""

    talk: Talk
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPace:
    """The person counts, and says "done"."""

    talk: Talk
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """Silent until told to go on; also after "stop" and "too hard"."""

    talk: Talk
    place: Place | None  # none: paused before a routine began
    before: Before | None = None  # the open state if nothing had begun yet; its question is asked again
    is_in_count: bool = False  # true if a count was running: resuming continues with the next number
    is_own_pace: bool = False  # true if the person counted: resuming keeps it so
    is_stopped: bool = False  # held by "stop": asks sooner if all is well
    rests_until_s: float | None = None
    """End of a rest that was asked for, in seconds of the session; until then its silence means nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseAsked(Paused):
    """A pause in which a question is open, for yes or no: ready to go on; is all well."""

    trouble: Intent | None = None  # all is not well: no, to "are you all right?". None: it waits for "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class PainHold:
    """It hurt: everything is silent and let go; offers to go on lighter, to skip, or to end."""

    talk: Talk
    place: Place
    rests_until_s: float | None = None  # end of a rest that was asked for, as in `Paused`


@dataclass(frozen=True, slots=True, kw_only=True)
class PainAsked(PainHold):
    """It hurt, and a question is open, for yes or no: is the pain gone; is all well."""

    trouble: Intent | None = None
    """The answer that means that all is not well: no, to "are you all right?"; yes, to "are you hurt?". None: it asks
    if the pain is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """A question before something that would be costly to repair; silence and no leave all as it was."""

    talk: Talk
    back: Behind
    """The state after "no"."""
    does: Intent  # the action of "yes"
    goes_on: bool = False  # it was asked in a step, which continues after "no"; silence only holds it
    goal: Goal | None = None  # the goal to leave the present routine for, after "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedBack(Confirm):
    """A command was nearly heard: asks if it was meant. Others act as in the state behind it."""

    slots: Slots = field(default_factory=dict)
    text: str = ""  # the words that were nearly heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Asleep:
    """Ignores everything but waking up and the safety words."""

    talk: Talk
    back: Behind


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedUrgent:
    """A red flag or an emergency: the urgent line is read, and nothing is ever resumed."""

    talk: Talk
    goal: Goal | None = None  # what was to begin, where an answer ended it, which can be taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class NotToday:
    """The safety questions say no: nothing can be started."""

    talk: Talk
    check: Screening | None = None  # the question whose answer ended it


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """The goodbye is said, and the program ends: nothing starts any more."""

    talk: Talk
    owes: Literal["", "asked", "silence", "no_input"] = ""  # why it leaves, while the goodbye waits for `Settled`


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The routine is over."""

    talk: Talk
    routine: str


InStep: TypeAlias = Instructing | ReadyPrompt | Locating | Leading | Counting | FeelingAsked | OwnPace
"""The states in which a step of a routine is in progress."""
WithPlace: TypeAlias = InStep | Paused | PainHold
"""The states in which commands about a step are said."""
_Open: TypeAlias = Teaching | PaceAsked | Idle | Offered | ResumeOffer | Rating | Finished
Behind: TypeAlias = _Open | Paused | PainHold | ReadyPrompt | Locating | OwnPace | Asleep
"""The states that a question may come back to."""
Before: TypeAlias = Advising | Screening | _Open
"""The states before a routine began in which somebody may pause."""
_Held: TypeAlias = Paused | PauseAsked | PainHold | PainAsked | Confirm | AskedBack | Asleep
State: TypeAlias = Opening | Before | InStep | _Held | EndedUrgent | NotToday | Left
