"""Changes that keep the place: tempo, direction, volume, voice, wording. A beat that is scheduled is never moved."""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import Effect, Prefer, Said, SpeechRate, Volume
from assistant.respond.dialogue_context import Line, Place
from assistant.respond.places import has_room_to_breathe, technique_at, turned, turning
from assistant.respond.replies import Transition, answer, instruct, lead, line, silently
from assistant.respond.states import Advising, Counting, Instructing, Leading, Screening, State, Talk, WithPlace
from assistant.routine import Library

SLOWER = 0.85  # docs/voice-ui.md, "Step sizes"
SAME_BPM = 0.01  # difference that rounding may leave between a tempo and its limit
STEP = 10  # percent a time, of volume and of speech (docs/voice-ui.md, "Step sizes")
LEAST_TEMPO, MOST_TEMPO = 40, 250  # percent; wider than any technique's limits, which hold in any case. Chosen
LEAST_VOLUME, MOST_VOLUME = 20, 150  # never silent; above 150 % speech clips
LEAST_RATE, MOST_RATE = 70, 150  # hibari stays intelligible between them (benchmarks of the voices)


def slower(state: WithPlace, said: Said, library: Library) -> Transition:
    """Slow the count by fifteen percent, down to the technique's slowest."""
    return _tempo_by(state, library, SLOWER, "slower", "slowest")


def faster(state: WithPlace, said: Said, library: Library) -> Transition:
    """Speed the count up by the inverse of `SLOWER`, up to the technique's fastest."""
    return _tempo_by(state, library, 1 / SLOWER, "faster", "fastest")


def normal_speed(state: WithPlace, said: Said, library: Library) -> Transition:
    """Restore the technique's own tempo and the voice's own rate."""
    if state.place is None:
        return answer(state, line("not_started"))
    calm = replace(state, talk=replace(state.talk, rate=100, tempo=100))
    after, effects = _tempo(calm, state.place, _usual(state.place, library), "normal_speed")
    return after, (*speech_rate(100), Prefer(what="tempo", percent=100), *effects)


def _tempo_by(state: WithPlace, library: Library, factor: float, reply: str, limit: str) -> Transition:
    if state.place is None:
        return answer(state, line("not_started"))
    span = technique_at(library, state.place).tempo_bpm
    now_bpm = 60 / state.place.period_s
    bpm = min(max(now_bpm * factor, span.least), span.most)
    if abs(bpm - now_bpm) < SAME_BPM:
        return answer(state, line(limit))
    percent = round(100 * bpm / _usual(state.place, library))
    after, effects = _tempo(replace(state, talk=replace(state.talk, tempo=percent)), state.place, bpm, reply)
    return after, (Prefer(what="tempo", percent=percent), *effects)


def _usual(place: Place, library: Library) -> int:
    step = library.routines[place.routine].steps[place.step]
    return step.tempo_bpm or technique_at(library, place).tempo_bpm.usual


def _tempo(state: WithPlace, place: Place, bpm: float, reply: str) -> Transition:
    changed = replace(state, place=replace(place, period_s=60 / bpm))
    if isinstance(changed, Counting):
        changed = replace(changed, grid=changed.grid.at_tempo(60 / bpm, after=place.n))
    return answer(changed, line(reply))


def louder(state: State, said: Said, library: Library) -> Transition:
    """Raise the volume by ten percent, announced at the new level; speech in progress continues louder."""
    return _volume(state, STEP, "louder", "loudest")


def quieter(state: State, said: Said, library: Library) -> Transition:
    """Lower the volume by ten percent, never to zero."""
    return _volume(state, -STEP, "quieter", "quietest")


def _volume(state: State, by: int, reply: str, limit: str) -> Transition:
    percent = min(max(state.talk.volume + by, LEAST_VOLUME), MOST_VOLUME)
    if percent == state.talk.volume:
        return answer(state, line(limit))
    changed = replace(state, talk=replace(state.talk, volume=percent))
    return _then_say(changed, Volume(percent=percent), reply)


def speak_slower(state: State, said: Said, library: Library) -> Transition:
    """Slow the voice from the next sentence on; the count keeps its tempo."""
    return _rate(state, -STEP, "speak_slower", "speak_slowest")


def speak_faster(state: State, said: Said, library: Library) -> Transition:
    """Speed the voice up from the next sentence on."""
    return _rate(state, STEP, "speak_faster", "speak_fastest")


def _rate(state: State, by: int, reply: str, limit: str) -> Transition:
    percent = min(max(state.talk.rate + by, LEAST_RATE), MOST_RATE)
    if percent == state.talk.rate:
        return answer(state, line(limit))
    changed = replace(state, talk=replace(state.talk, rate=percent))
    after, effects = answer(changed, line(reply))
    return after, (*speech_rate(percent), *effects)


def speech_rate(percent: int) -> tuple[Effect, ...]:
    """Speak at this rate, now and in later sessions."""
    return SpeechRate(percent=percent), Prefer(what="speech_rate", percent=percent)


def _then_say(state: State, effect: Effect, reply: str) -> Transition:
    if isinstance(state, (Advising, Instructing, Leading)) or (isinstance(state, Screening) and not state.is_open):
        return state, (effect,)
    after, effects = answer(state, line(reply))
    return after, (effect, *effects)


def talk_less(state: State, said: Said, library: Library) -> Transition:
    """Give short instructions from the next step on, and cut the present one short."""
    changed = replace(state, talk=replace(state.talk, detail="less"))
    if isinstance(changed, Instructing):
        return answer(replace(changed, lines=changed.lines[-1:]), line("talk_less"))
    return answer(changed, line("talk_less"))


def talk_more(state: State, said: Said, library: Library) -> Transition:
    """Give full instructions from the next step on."""
    return answer(replace(state, talk=replace(state.talk, detail="more")), line("talk_more"))


def turn(talk: Talk, place: Place, library: Library, *first: Line) -> Transition:
    """Say how to go on in the other direction; the count goes on after it."""
    place = turned(place)
    return lead(talk, place, *first, turning(library, place))


def opposite_direction(state: WithPlace, said: Said, library: Library) -> Transition:
    """Turn to the technique's other direction, if it has one; a count waits for the sentence."""
    if state.place is None:
        return answer(state, line("not_started"))
    if technique_at(library, state.place).turns_at == "never":
        return answer(state, line("one_direction"))
    if isinstance(state, Counting):
        return silently(turn(state.talk, state.place, library))
    there = turned(state.place)
    return answer(replace(state, place=there), turning(library, there))


def go_on(state: Instructing, said: Said, library: Library) -> Transition:
    """Go on with the next sentence at once, instead of the time to act or the sentence that sounds.

    A caution that sounds is said again: where it has a risk none is skipped.
    """
    is_skipped = state.is_sounding and not state.lines[0].is_caution and len(state.lines) > 1
    lines = state.lines[1:] if is_skipped else state.lines
    return silently(instruct(state.talk, state.place, lines, is_prompt=False))


def breathe(state: WithPlace, said: Said, library: Library) -> Transition:
    """Say "in" and "out" with the count, or leave it again; where there is no room for it, with the next slow one."""
    if state.place is None:
        return answer(state, line("not_started"))
    breathes = not state.talk.breathes
    has_room = has_room_to_breathe(technique_at(library, state.place), state.place.period_s)
    reply = "no_breath" if not breathes else "breath_with_count" if has_room else "breath_later"
    return answer(replace(state, talk=replace(state.talk, breathes=breathes)), line(reply))
