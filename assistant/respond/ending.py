"""The end of a routine, and of a session: what was done, what is kept, and goodbye."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from assistant.messages import Effect, Keep, Leave, Note, Said, Settle, Settled, Sound
from assistant.respond.dialogue_context import Line, Place
from assistant.respond.doses import ledger_of, taken_up
from assistant.respond.ledger import is_side_done
from assistant.respond.places import counts, place_of
from assistant.respond.replies import SILENCE, Transition, ask, line, silently, tell
from assistant.respond.routine_lines import left_lines, summary
from assistant.respond.snapshot import snapshot_of
from assistant.respond.states import AskedBack, EndedUrgent, Finished, Left, NotToday, Rating, ResumeOffer, State, Talk
from assistant.routine import Library


def finish(talk: Talk, library: Library, place: Place, *before: Line) -> Transition:
    """Say that the routine is over, and the counts of each side; ask how it feels, or stay a while."""
    lines = (*before, *_how_it_ended(talk, library, place), *summary(talk, library))
    effects: tuple[Effect, ...] = (
        Keep(saved=snapshot_of(place.aside, taken_up(talk, library, place.aside)) if place.aside else None),
        Note(what="session_ended", values={"routine": place.routine, "finished": 1}),
        Sound(earcon="finished"),
    )
    if talk.asks_rating:
        rating = Rating(talk=talk, routine=place.routine, is_about_before=True, aside=place.aside)
        after, says = ask(rating, *lines, line("rate_before"))
        return after, (*effects, *says)
    after_it, says = ended(talk, library, place.routine, place.aside, *lines)
    return after_it, (*effects, *says)


def ended(talk: Talk, library: Library, routine: str, aside: Place | None, *lines: Line) -> Transition:
    """Stay a while at the end, or offer to go on with the routine that was left for this one."""
    if aside is not None:
        talk = replace(talk, ledger=(), earlier=ledger_of(talk))
        return ask(ResumeOffer(talk=talk, left=aside), *lines, *left_lines(library, aside))
    return ask(Finished(talk=talk, routine=routine), *lines, line("after_finish"))


def rate(state: Rating, said: Said, library: Library) -> Transition:
    """Store the number, and ask the next one; -1 means that the person skips both."""
    number = int(said.slots.get("number", -1))
    if number < 0:
        return skip_rating(state, said, library)
    note = Note(what="rating", values={"number": number, "when": "before" if state.is_about_before else "after"})
    if state.is_about_before:
        now, says = ask(replace(state, is_about_before=False), line("rate_after"))
        return silently((now, (note, *says)))
    after, effects = rated(state, library)
    return silently((after, (note, *effects)))


def skip_rating(state: Rating, said: Said, library: Library) -> Transition:
    """Go on without a number."""
    return silently(rated(state, library))


def rated(state: Rating, library: Library) -> Transition:
    """Stay a while at the end; it is asked once in a session."""
    return ended(replace(state.talk, asks_rating=False), library, state.routine, state.aside)


def _how_it_ended(talk: Talk, library: Library, place: Place) -> tuple[Line, ...]:
    """Say "complete" only of what is: a technique counts if every side of it was done, or wanted left out."""
    done = sum(_is_done(talk, library, place.routine, step) for step in place.steps)
    is_whole = len(place.steps) == len(library.routines[place.routine].steps)
    if done == len(place.steps) and is_whole:
        return (line("finished", title=library.title(place.routine)),)
    if done in {0, len(place.steps)}:
        return (line("finished_part"),)
    return (line("finished_part"), line("done_of", done=done, of=len(place.steps)))


def _is_done(talk: Talk, library: Library, routine: str, step: int) -> bool:
    technique = library.techniques[library.routines[routine].steps[step].technique]
    sides = {"left", "right"} if technique.sides == "each" else {""}
    return sides <= {one.side for one in talk.ledger if one.technique == technique.id and one.is_done}


def end_session(state: State, said: Said, library: Library) -> Transition:
    """Say goodbye and leave; the place is kept, so no second question is needed."""
    return silently(part(state, library, "asked"))


def part(state: State, library: Library, why: Literal["asked", "silence", "no_input"]) -> Transition:
    """Leave; where there is a place, the goodbye waits until it is known whether the place is on disk."""
    if place_of(state) is None:
        talk, says = tell(state.talk, line("goodbye"))
        return Left(talk=talk), (*says, Leave(reason=why))
    return Left(talk=state.talk, owes=why), (*leaving(state, library), Settle())


def input_lost(state: State, library: Library) -> Transition:
    """Nobody can be heard any more, so nothing may go on: silence, the place kept, and a word about it."""
    if isinstance(state, (EndedUrgent, NotToday, Finished, Left)):
        return state, ()  # nothing goes on there; the program ends behind the last word
    back = replace(state.back, talk=state.talk) if isinstance(state, AskedBack) else state
    talk, says = tell(back.talk, line("failed_input"))
    after, effects = part(replace(back, talk=talk), library, "no_input")
    return after, (*(SILENCE if place_of(back) else ()), *says, *effects)


def settled(state: State, event: Settled) -> Transition:
    """Say the goodbye that waited: it promises the place only where the place is on disk."""
    if not isinstance(state, Left) or not state.owes:
        return state, ()
    saved = "goodbye_saved" if state.owes == "asked" else "left_saved"
    talk, says = tell(state.talk, line(saved if event.is_saved else "goodbye_unsaved"))
    return Left(talk=talk), (*says, Leave(reason=state.owes))


def end_again(state: Left, said: Said, library: Library) -> Transition:
    """Leave without another word: the goodbye was said."""
    return silently((state, (Leave(reason="asked"),)))


def leaving(state: State, library: Library) -> tuple[Effect, ...]:
    """Return the notes of a session that ends before its routine does."""
    place = place_of(state)
    if place is None:
        return ()
    kept = Keep(saved=snapshot_of(place, state.talk))
    ended = Note(what="session_ended", values={"routine": place.routine, "finished": 0})
    return (kept, side_note(library, place), ended) if place.n else (kept, ended)


def side_note(library: Library, place: Place) -> Note:
    """Return the counts of the present side that the history does not have, and if it was done or only left."""
    new = max(place.n - place.noted[place.side], 0)
    values = {**counts(library, place), "count": new, "done": int(is_side_done(library, place, place.side))}
    return Note(what="side_counted", values=values)
