"""It is interrupted while it speaks and while it counts, through a sound card."""

from __future__ import annotations


def test_stop_is_obeyed_in_a_sentence_and_pause_in_a_count(scene, rig):
    """The sentence is cut and silence follows; the count says where it paused, and goes on from there when told."""
    one = scene()
    one.begin()
    one.it_begins("Card routine")
    one.you_say("hibari-heart: start")
    cut = one.it_begins("Make hollow fists")
    one.you_say("gsc-988e2f9a: stop")
    one.it_says("Stopped")
    spoken = one.tape.samples()
    one.you_say("kokoro-bf_emma: resume")
    one.it_begins("pound the lower back")
    one.you_say("hibari-heart: i am ready")
    one.wait_for(lambda: len(one.counted()) >= rig.scene.FEW or None, "it counts")
    one.you_say("kokoro-bf_emma: pause")
    one.it_says("Paused at")
    held = len(one.counted())
    one.you_say("kokoro-bf_emma: resume")
    one.it_says("Going on after")
    silent = len(one.counted())
    one.counts_on()

    _, share = rig.scene.find(spoken, one.clip(cut))
    assert share < 1.0
    assert rig.scene.longest_silence_s(spoken[-3 * rig.card.RATE_HZ :]) > 0.1
    assert silent == held
    assert one.said() == ["ready", "stop", "resume", "ready", "pause", "resume"]
