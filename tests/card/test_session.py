"""A person speaks and is spoken to, through a sound card; what it said is found in the recording of its speaker."""

from __future__ import annotations


def test_a_short_session_by_voice_from_hello_to_goodbye(scene, rig):
    """It offers, explains, counts to twenty, says that it is complete, and ends by itself when it is asked to."""
    one = scene()
    one.begin()
    one.it_says("Card routine")
    one.you_say("hibari-heart: start")
    one.it_says("pound the lower back")
    one.you_say("hibari-heart: i am ready")
    one.it_says("is complete", patience_s=90)
    one.you_say("hibari-heart: end session")
    one.it_says("Goodbye")
    code = one.app.process.wait(rig.scene.PATIENCE_S)

    assert code == 0
    assert [n for _, n in one.counted()] == list(range(1, 21))
    assert one.said() == ["ready", "ready", "end_session"]
