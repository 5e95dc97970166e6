"""The microphone or the loudspeaker fails in the middle of a count: it pauses, says so, and recovers by itself.

Each scene is what a person expects. It goes on only when it is told to, and leaves no number out.
"""

from __future__ import annotations


def goes_on_when_told(one):
    """The person says resume; before that nothing was counted."""
    held = len(one.counted())
    one.it_says("Say “resume”")
    one.you_say("kokoro-bf_emma: resume")
    one.it_says("Going on after")
    silent = len(one.counted())
    one.counts_on()

    assert silent == held
    assert one.said() == ["ready", "ready", "resume"]


def lost(one):
    """The rooms that were said to have failed."""
    return {record["room"] for record in one.records() if record.get("event") == "failed"}


def test_a_microphone_that_is_suspended(scene):
    """The stream stays open and gives nothing."""
    one = scene()
    one.begin_count()
    one.card.pactl("suspend-source", "mic", "1")
    one.it_says("I can not hear you, so I have paused.")
    one.card.pactl("suspend-source", "mic", "0")
    one.it_says("I can hear you again.")

    goes_on_when_told(one)


def test_a_microphone_that_is_muted(scene):
    """It gives zeros, and nothing else."""
    one = scene()
    one.begin_count()
    one.card.pactl("set-source-mute", "mic", "1")
    one.it_says("I can not hear you, so I have paused.")
    one.card.pactl("set-source-mute", "mic", "0")
    one.it_says("I can hear you again.")

    goes_on_when_told(one)


def test_a_loudspeaker_that_is_unplugged_and_comes_back(scene):
    """There is no other one: it can only say so when it is back."""
    one = scene(rescues=False)
    one.begin_count()
    one.card.unplug("speaker")
    one.wait_for(lambda: lost(one) == {"speak"} or None, "the loss is noticed")
    one.card.plug_in("speaker")
    one.tape_anew()
    one.it_says("The loudspeaker is back.")

    goes_on_when_told(one)


def test_a_sound_server_that_is_killed_and_comes_back(scene):
    """Both are gone at once, and both come back."""
    one = scene()
    one.begin_count()
    one.card.kill()
    one.wait_for(lambda: lost(one) == {"capture", "speak"} or None, "the losses are noticed")
    one.card.start()
    one.tape_anew()

    goes_on_when_told(one)
