"""It is interrupted while it speaks and while it counts, through a sound card."""

from __future__ import annotations


def test_stop_is_obeyed_in_the_middle_of_a_sentence(scene, rig):
    """The sentence is cut, nothing is heard for a moment, and it says that it has stopped."""
    one = scene()
    one.begin()
    one.it_begins("Card routine")
    one.you_say("hibari-heart: start")
    cut = one.it_begins("Make hollow fists")
    one.you_say("gsc-988e2f9a: stop")
    one.it_says("Stopped")

    heard = one.tape.samples()
    _, share = rig.scene.find(heard, one.clip(cut))
    assert share < 1.0
    assert rig.scene.longest_silence_s(heard[-3 * rig.card.RATE_HZ :]) > 0.1
    assert one.said() == ["ready", "stop"]


def test_pause_is_obeyed_in_the_middle_of_a_count(scene):
    """It says where it paused; no number sounds until it is told to go on, and none is left out then."""
    one = scene()
    one.begin_count()
    one.you_say("kokoro-bf_emma: pause")
    one.it_says("Paused at")
    held = len(one.counted())
    one.you_say("kokoro-bf_emma: resume")
    one.it_says("Going on after")
    silent = len(one.counted())
    one.counts_on()

    assert silent == held
    assert one.said() == ["ready", "ready", "pause", "resume"]
