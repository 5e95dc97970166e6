"""An instruction as it is spoken: "go on" ends the time to act, and nothing skips the cautions of a risk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.messages import Hush, Intent, Said, Say, VoiceBegan, VoiceEnded
from assistant.respond.dialogue import advance
from assistant.respond.places import cautions, instruction, place_at
from assistant.respond.states import Counting, Instructing, Leading, OwnPace, Talk

RISKS = (4, 6, 7)  # of the full routine: the long push, the pinch, the pounding


def begun(library, step, heard=0):
    """An instruction of which some sentences were heard to their end."""
    place = place_at(library, "full", step)
    talk = Talk(usual="full", next_utterance=30, gate="open")
    state = Instructing(talk=talk, place=place, lines=instruction(library, place, talk), first_utterance=10)
    for utterance in range(10, 10 + heard):
        state, _ = advance(state, VoiceEnded(at_s=5.0, utterance=utterance, is_finished=True), library)
    return state


def want(state, intent, library):
    return advance(state, Said(at_s=9.0, intent=intent), library)


def said(effects):
    return [effect.values.get("text", effect.reply) for effect in effects if isinstance(effect, Say)]


def test_go_on_ends_the_time_to_act(library):
    """In the quiet after a sentence the next one begins at once; in a sentence it is left for the next one."""
    quiet = begun(library, 2, heard=2)
    sounding, _ = advance(quiet, VoiceBegan(at_s=6.0, utterance=12), library)

    after_quiet, effects = want(quiet, Intent.RESUME, library)
    after_sound, _ = want(sounding, Intent.RESUME, library)

    assert effects[0] == Hush(how="now")
    assert after_quiet.lines == quiet.lines
    assert after_sound.lines == quiet.lines[1:]
    assert after_sound.talk.last == quiet.talk.last


def test_go_on_repeats_a_caution_that_it_interrupts(library):
    """Each is heard to its end, for a technique with a risk."""
    state = begun(library, 6)
    at = next(i for i, one in enumerate(state.lines) if one.is_caution)
    sounding, _ = advance(begun(library, 6, heard=at), VoiceBegan(at_s=6.0, utterance=10 + at), library)

    after, _ = want(sounding, Intent.RESUME, library)

    assert after.lines[0].is_caution


@pytest.mark.parametrize("step", RISKS)
@pytest.mark.parametrize("heard", range(0, 11, 2))
@pytest.mark.parametrize("intent", [Intent.READY, Intent.TALK_LESS, Intent.OWN_PACE, Intent.WHERE_IS])
def test_no_way_to_a_count_skips_the_cautions(step, heard, intent, library):
    """They are said before it, unless they were heard to their end."""
    state = begun(library, step, heard)
    wanted = [one.values["text"] for one in cautions(library, state.place)]
    was_heard = state.place.is_warned

    state, effects = want(state, intent, library)
    spoken = said(effects)
    if not isinstance(state, (Leading, OwnPace)):
        state, effects = want(state, Intent.READY, library)
        spoken = said(effects)

    assert was_heard or spoken[: len(wanted)] == wanted
    if isinstance(state, Leading):
        state, _ = advance(state, VoiceEnded(at_s=9.0, utterance=state.awaiting, is_finished=True), library)
        assert isinstance(state, Counting)
        assert state.place.is_warned


def test_cautions_are_said_anew_in_a_new_session(library):
    """A place from the disk was warned on another evening."""
    place = replace(place_at(library, "full", 6), done=(2, 0), is_warned=True)

    assert replace(place, is_warned=False) == place
