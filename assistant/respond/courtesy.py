"""Thanks and goodbyes: a politeness in the middle, the end of the session after a routine is over."""

from __future__ import annotations

from assistant.messages import Intent, Leave, Said, Sound
from assistant.respond.ending import end_session
from assistant.respond.replies import Transition, answer, line, silently, tell
from assistant.respond.states import AskedBack, Counting, Finished, Leading, Left, OwnPace, State
from assistant.routine import Library


def thanks(state: State, said: Said, library: Library) -> Transition:
    """Take it as politeness: a short word where the guide waits, a sound where a count runs."""
    if isinstance(state, (Counting, Leading, OwnPace)):
        return state, (Sound(earcon="heard"),)
    return answer(state, line("you_are_welcome"))


def farewell(state: State, said: Said, library: Library) -> Transition:
    """Say goodbye warmly, after a routine is over."""
    thanked = (line("you_are_welcome"),) if said.intent is Intent.THANKS else ()
    talk, says = tell(state.talk, *thanked, line("goodbye_warm"))
    return silently((Left(talk=talk), (*says, Leave(reason="finished"))))


def end(state: State, said: Said, library: Library) -> Transition:
    """End the session: warmly where a routine is over, also behind a question."""
    here = state.back if isinstance(state, AskedBack) else state
    return farewell(state, said, library) if isinstance(here, Finished) else end_session(state, said, library)
