"""The microphone or the loudspeaker fails in the middle of a count: it pauses, says so, and recovers by itself.

Each fault is what a person expects: it goes on only when it is told to, and leaves no number out. One sitting has
several, one after the other: what the first leaves behind must not hide the next.
"""

from __future__ import annotations

from functools import partial


def goes_on_when_told(one):
    """The person says resume; before that nothing was counted."""
    held = len(one.counted())
    one.it_says("Say “resume”")
    one.you_say("kokoro-bf_emma: resume")
    one.it_says("Going on after")
    silent = len(one.counted())
    one.counts_on()

    assert silent == held


def lost(one):
    """The rooms that were said to have failed, in order."""
    return [record["room"] for record in one.records() if record.get("event") == "failed"]


def the_microphone_fails(one, fail, mend):
    """While it counts it is told that nobody is heard, and then that somebody is again."""
    fail()
    one.it_says("I cannot hear you, so I have paused.")
    mend()
    one.it_says("I can hear you again.")

    goes_on_when_told(one)


def test_a_microphone_that_is_suspended_and_then_muted(scene):
    """The stream stays open: first it gives nothing, then zeros and nothing else."""
    one = scene()
    one.begin_count()
    for way, after in (("suspend-source", ["capture"]), ("set-source-mute", ["capture", "muted"])):
        the_microphone_fails(one, *(partial(one.card.pactl, way, "mic", on) for on in "10"))
        assert lost(one) == after

    assert one.said() == ["ready", "ready", "resume", "resume"]


def test_a_microphone_that_is_unplugged_and_comes_back(scene):
    """It may not listen to the monitor of its own loudspeaker, which the sound server gives it instead."""
    one = scene()
    one.begin_count()

    def come_back():
        one.card.plug_in("microphone")
        one.tape_anew()  # the server has moved the recorder, like all that hear its default, to what is the new one

    the_microphone_fails(one, partial(one.card.unplug, "microphone"), come_back)
    assert lost(one) == ["capture"]
    assert one.said() == ["ready", "ready", "resume"]


def test_a_loudspeaker_that_is_unplugged_and_then_the_whole_server(scene):
    """There is no other loudspeaker: it can only say so when it is back. Then both it and the microphone are gone."""
    one = scene(rescues=False)
    one.begin_count()
    one.card.unplug("speaker")
    one.wait_for(lambda: lost(one) == ["speak"] or None, "the loss is noticed")
    one.card.plug_in("speaker")
    one.tape_anew()
    one.it_says("The loudspeaker is back.")
    goes_on_when_told(one)

    one.card.kill()
    one.wait_for(lambda: sorted(lost(one)[1:]) == ["capture", "speak"] or None, "the losses are noticed")
    one.card.start()
    one.tape_anew()
    goes_on_when_told(one)

    assert one.said() == ["ready", "ready", "resume", "resume"]
