"""Changes that keep the place: tempo, volume, dose, side. A beat that is already scheduled is never moved."""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import Effect, Forget, Said, Volume
from assistant.respond.counting import COUNT_END, schedule
from assistant.respond.flow import end_side, to_other_side
from assistant.respond.places import leading, technique_at
from assistant.respond.states import Advising, Counting, InStep, Instructing, Leading, PainHold, Paused, Place, State
from assistant.respond.telling import SILENCE, Result, answer, lead, line
from assistant.routine import Library

SLOWER = 0.85  # voice-ui.md section 4: "slower" takes 15 % off the tempo
LOUDER = 10  # percent a time, voice-ui.md section 4
LEAST_VOLUME, MOST_VOLUME = 20, 150  # never to zero; above 150 % speech clips
SAME_BPM = 0.01  # what rounding may leave between a tempo and its limit
SOME = 5  # "some more" without a number, voice-ui.md section 4


def slower(state: InStep | Paused | PainHold, said: Said, library: Library) -> Result:
    """Fifteen percent slower, down to the technique's slowest."""
    return _tempo(state, library, SLOWER, "slower", "slowest")


def faster(state: InStep | Paused | PainHold, said: Said, library: Library) -> Result:
    """As much faster, up to the technique's fastest."""
    return _tempo(state, library, 1 / SLOWER, "faster", "fastest")


def _tempo(state: InStep | Paused | PainHold, library: Library, factor: float, reply: str, limit: str) -> Result:
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    span = technique_at(library, place).tempo_bpm
    now_bpm = 60 / place.period_s
    bpm = min(max(now_bpm * factor, span.least), span.most)
    if abs(bpm - now_bpm) < SAME_BPM:
        return answer(state, line(limit))
    period_s = 60 / bpm
    changed = replace(state, place=replace(place, period_s=period_s))
    if isinstance(changed, Counting):
        changed = replace(changed, grid=changed.grid.at_tempo(period_s, after=place.n))
    return answer(changed, line(reply))


def louder(state: State, said: Said, library: Library) -> Result:
    """Ten percent louder, said at the new level; an instruction simply goes on louder."""
    return _volume(state, LOUDER, "louder", "loudest")


def quieter(state: State, said: Said, library: Library) -> Result:
    """Ten percent quieter, never to zero."""
    return _volume(state, -LOUDER, "quieter", "quietest")


def _volume(state: State, by: int, reply: str, limit: str) -> Result:
    percent = min(max(state.talk.volume + by, LEAST_VOLUME), MOST_VOLUME)
    if percent == state.talk.volume:
        return answer(state, line(limit))
    changed = replace(state, talk=replace(state.talk, volume=percent))
    if isinstance(changed, (Advising, Instructing, Leading)):
        return changed, (Volume(percent=percent),)
    after, effects = answer(changed, line(reply))
    return after, (Volume(percent=percent), *effects)


def more_reps(state: InStep | Paused | PainHold, said: Said, library: Library) -> Result:
    """Add repetitions, up to the technique's ceiling; says the new total."""
    if state.place is None:
        return answer(state, line("not_started"))
    wanted = state.place.repetitions + int(said.slots.get("number", SOME))
    return _dose(state, state.place, library, wanted)


def fewer_reps(state: InStep | Paused | PainHold, said: Said, library: Library) -> Result:
    """A lower total; what is already counted stays counted."""
    if state.place is None:
        return answer(state, line("not_started"))
    wanted = int(said.slots.get("number", state.place.repetitions - SOME))
    return _dose(state, state.place, library, max(wanted, 1))


def _dose(state: InStep | Paused | PainHold, place: Place, library: Library, wanted: int) -> Result:
    most = technique_at(library, place).dose.most
    total = max(min(wanted, most), place.n, 1)
    changed = replace(state, place=replace(place, repetitions=total))
    if isinstance(changed, Counting) and total == place.n < place.repetitions:
        after, effects = end_side(changed.talk, library, changed.place)
        return after, (*SILENCE, *effects)
    reply = line("most", total=total) if wanted > most else line("total", total=total)
    if isinstance(changed, Leading):
        after, effects = lead(changed.talk, changed.place, leading(library, changed.place))
        return after, (*SILENCE, *effects)
    after, effects = answer(changed, reply)
    if isinstance(after, Counting):
        return after, (*_reopen(after, place, library), *effects)
    return after, effects


def _reopen(state: Counting, before: Place, library: Library) -> tuple[Effect, ...]:
    """All beats were sounded and the end was near: with a higher total the count goes on, without a missing beat."""
    if not before.n == before.repetitions < state.place.repetitions:
        return ()
    cues = technique_at(library, state.place).cues
    return (Forget(tag=COUNT_END), *schedule(state.grid, before.n + 1, state.place.repetitions, cues))


def switch_sides(state: InStep | Paused | PainHold, said: Said, library: Library) -> Result:
    """To the other side now; the ledger keeps the count of this one."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    if not place.sides:
        return answer(state, line("both_sides"))
    after, effects = to_other_side(state.talk, library, place)
    return after, (*SILENCE, *effects)
