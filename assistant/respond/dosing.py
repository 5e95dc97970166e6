"""Changes of the dose and the side: more, fewer, the other side, the sorer side, a new count, one's own pace."""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import Effect, Forget, Intent, Said
from assistant.respond.counting import COUNT_END
from assistant.respond.dialogue_context import Line, Place
from assistant.respond.doses import enough, fresh_place, most_here
from assistant.respond.flow import end_side, from_one, next_beat, next_step, to_count, to_other_side
from assistant.respond.holds import hold, pain
from assistant.respond.ledger import tally
from assistant.respond.places import (
    going_on,
    instruction,
    is_other_side_open,
    leading,
    place_at,
    planned,
    planned_here,
    reopened,
    switching,
    technique_at,
    warning,
    words_at,
)
from assistant.respond.replies import Transition, answer, ask_now, instruct, lead, line, silently
from assistant.respond.safety import has_hurt_enough
from assistant.respond.states import (
    Confirm,
    Counting,
    Finished,
    InStep,
    Instructing,
    Leading,
    Locating,
    OwnPace,
    PainHold,
    Paused,
    ReadyPrompt,
    Talk,
    WithPlace,
)
from assistant.routine import Library

SOME = 5  # "some more" without a number (docs/voice-ui.md, "Step sizes")
SORER = 1.5  # a more painful side gets half as much again; the article says only "more". Our cautious figure
HALF = 0.5  # starting over asks only when more was done (docs/voice-ui.md, "Step sizes")


def more_reps(state: WithPlace, said: Said, library: Library) -> Transition:
    """Add repetitions, or take the total that was named, up to the technique's ceiling; say the new total.

    Right after the last number of a side it is about that side, which is counted on.
    """
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    more = place.repetitions if "double" in said.slots else int(said.slots.get("number", SOME))
    ended = state.talk.ended
    is_next = isinstance(state, (Instructing, ReadyPrompt, Locating)) and not place.n
    if ended is not None and is_next and "total" not in said.slots:
        return _more_of(state, place, ended, library, more)
    return _dose(state, place, library, int(said.slots.get("total", place.repetitions + more)))


def _more_of(state: WithPlace | Finished, here: Place | None, ended: Place, library: Library, more: int) -> Transition:
    """Count on at the side that has just ended; `here` is the place since then."""
    talk = state.talk
    if here is not None and (ended.at, ended.steps) == (here.at, here.steps):
        there = replace(here, side=ended.side)
    else:
        there = ended
        talk = replace(talk, ledger=talk.ledger[: len(talk.ledger) - len(tally(Talk(), library, ended).ledger)])
    total = min(there.n + more, most_here(talk, library, there)[there.side])
    if total <= there.n:
        return answer(state, line("enough_today", technique=words_at(library, there).name))
    there = planned_here(reopened(there, are_both_over=False), total)
    return silently(lead(talk, there, line("total", total=total), *going_on(library, there), has_count_in=True))


def more_after_the_end(state: Finished, said: Said, library: Library) -> Transition:
    """Count on at the technique that was done last, after its routine is over."""
    ended = state.talk.ended
    if ended is None or "total" in said.slots:
        return answer(state, line("not_started"))
    more = ended.repetitions if "double" in said.slots else int(said.slots.get("number", SOME))
    return _more_of(state, None, ended, library, more)


def again_after_the_end(state: Finished, said: Said, library: Library) -> Transition:
    """Teach the technique that was done last again, after its routine is over, as far as its dose allows."""
    ended = state.talk.ended
    if ended is None:
        return answer(state, line("not_started"))
    reason = enough(state.talk, library, ended, ended.at)
    if reason is not None:
        return answer(state, reason)
    talk = replace(state.talk, ended=None)
    fresh = fresh_place(talk, library, ended, ended.at) or ended
    return silently(instruct(talk, fresh, (*_cut(library, fresh), *instruction(library, fresh, talk))))


def fewer_reps(state: WithPlace, said: Said, library: Library) -> Transition:
    """Take the total that was named, or so many fewer; repetitions already counted stay counted."""
    if state.place is None:
        return answer(state, line("not_started"))
    less = state.place.repetitions // 2 if "half" in said.slots else int(said.slots.get("fewer", SOME))
    wanted = int(said.slots.get("number", state.place.repetitions - less))
    return _dose(state, state.place, library, max(wanted, 1))


def _dose(state: WithPlace, place: Place, library: Library, wanted: int) -> Transition:
    most = most_here(state.talk, library, place)[place.side]
    total = technique_at(library, place).whole(max(min(wanted, most), place.n, 1))
    changed = replace(state, place=planned(place, total))
    if not isinstance(changed, (Paused, PainHold)) and 0 < place.n == total < place.repetitions:
        return silently(end_side(changed.talk, library, planned(place, total)))
    reply = line("most", total=total) if wanted > most else line("total", total=total)
    return _planned(changed, place, library, reply)


def _planned(state: WithPlace, before: Place, library: Library, reply: Line) -> Transition:
    """Say the new plan; a count at its end continues, and a leading sentence is said anew."""
    if isinstance(state, Leading):
        return silently(lead(state.talk, state.place, *leading(library, state.place), has_count_in=state.has_count_in))
    after, effects = answer(state, reply)
    if isinstance(after, Counting):
        return after, (*reopen(replace(after, place=before), after.place.repetitions, library), *effects)
    return after, effects


def reopen(state: Counting, total: int, library: Library) -> tuple[Effect, ...]:
    """Continue a count with a higher total after all its beats were sounded, without a missing beat."""
    place = state.place
    if not place.n == place.repetitions < total:
        return ()
    return (Forget(tag=COUNT_END), *next_beat(state.talk, planned_here(place, total), state.grid, library))


def switch_sides(state: WithPlace, said: Said, library: Library) -> Transition:
    """Go to the other side now; the ledger keeps this side's count."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    if not place.sides:
        return answer(state, line("both_sides"))
    if has_hurt_enough(state.talk, library, place.routine, place.step):
        return ask_now(state, line("pain_again"))
    return silently(to_other_side(state.talk, library, place))


def pick_side(state: WithPlace, said: Said, library: Library) -> Transition:
    """Go to the side that was named, if it is not the present one; "only the left side" leaves out the other."""
    place = state.place
    if place is not None and place.sides and "only" in said.slots:
        side = str(said.slots.get("side"))
        is_last = place.side_name != side and not is_other_side_open(place)
        if "skips" in said.slots and is_last and not isinstance(state, PainHold):
            return next_step(state, said, library)  # the other side was done
        return _only(state, place, library, side)
    if place is not None and place.sides and said.slots.get("side") == place.side_name:
        return answer(state, line("side", side=place.side_name))
    return switch_sides(state, said, library)


def _only(state: WithPlace, place: Place, library: Library, side: str) -> Transition:
    """Close the other side, and stay at this one or go to it."""
    if side not in place.sides or isinstance(state, PainHold):
        return answer(state, line("both_sides" if side not in place.sides else "pain_again"))
    index = 0 if side == place.sides[0] else 1
    alone = replace(place, side=index, closed=(index == 1, index == 0))
    if index == place.side:
        return answer(replace(state, place=alone), line("only_side", side=side))
    return silently(instruct(state.talk, alone, (line("only_side", side=side), *switching(library, alone))))


def sorer_side(state: WithPlace, said: Said, library: Library) -> Transition:
    """Add repetitions on the side named more painful, as the article says; never above the ceiling."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    side = said.slots.get("side")
    if not place.sides or side not in place.sides:
        return answer(state, line("sides_alike" if place.sides else "both_sides"))
    index = 0 if side == place.sides[0] else 1
    most = most_here(state.talk, library, place)[index]
    total = max(min(round(place.plan[index] * SORER), most), place.done[index], 1)
    there = planned_here(replace(place, side=index), total)
    if total > place.done[index]:
        there = reopened(there, are_both_over=False)  # a side that was finished is done again, for what was added
    changed = replace(state, place=replace(there, side=place.side))
    return _planned(changed, place, library, line("more_on_side", side=place.sides[index], total=total))


def sorer_in_a_count(state: WithPlace, said: Said, library: Library) -> Transition:
    """Hold where a side hurts; "more on the left" and "both the same" are only about the sides."""
    return pain(state, said, library) if "hurts" in said.slots else sorer_side(state, said, library)


def restart_step(state: WithPlace, said: Said, library: Library) -> Transition:
    """Count from one again, with the instruction; asks first only when more than half was done."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    reason = enough(tally(state.talk, library, place), library, place, place.at)
    if reason is not None:
        return answer(state, reason)
    if place.n > HALF * place.repetitions:
        goes_on = not isinstance(state, Paused)
        confirm = Confirm(talk=state.talk, back=hold(state), does=Intent.RESTART_STEP, goes_on=goes_on)
        return ask_now(confirm, line("really_restart", n=place.n))
    return silently(restart_now(state, place, library))


def restart_now(state: WithPlace | Confirm, place: Place, library: Library) -> Transition:
    """Start the step from its beginning."""
    talk = tally(state.talk, library, place)
    fresh = fresh_place(talk, library, place, place.at) or place
    return instruct(talk, fresh, (*_cut(library, fresh), *instruction(library, fresh, state.talk)))


def _cut(library: Library, fresh: Place) -> tuple[Line, ...]:
    """Return the sentence that says so where less than the usual dose is left."""
    usual = min(place_at(library, fresh.routine, fresh.at, fresh.steps, each=fresh.each).plan)
    return (line("most_today", left=fresh.repetitions),) if fresh.repetitions < usual else ()


def reset_count(state: Counting | Paused | OwnPace, said: Said, library: Library) -> Transition:
    """Count from one, on the same step and side."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    anew = from_one(state.talk, library, place)
    if anew is None:
        return answer(state, line("enough_today", technique=words_at(library, place).name))
    talk, fresh = anew
    cut = (line("most_today", left=fresh.repetitions),) if fresh.repetitions < place.repetitions else ()
    return silently(lead(talk, fresh, *cut, *leading(library, fresh)))


def own_pace(state: InStep | Paused, said: Said, library: Library) -> Transition:
    """Stop counting aloud: the person counts, and says "done"."""
    if state.place is None:
        return answer(state, line("not_started"))
    return ask_now(OwnPace(talk=state.talk, place=state.place), *warning(library, state.place), line("own_pace"))


def count_aloud(state: OwnPace | Counting | Paused, said: Said, library: Library) -> Transition:
    """Count aloud again, from the known number."""
    if state.place is None:
        return answer(state, line("not_started"))
    if isinstance(state, Counting):
        return answer(state, line("counting_aloud"))
    if state.place.n:
        return silently(lead(state.talk, state.place, *going_on(library, state.place), has_count_in=True))
    return silently(to_count(state.talk, state.place, library))
