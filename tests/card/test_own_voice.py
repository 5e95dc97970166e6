"""The loudspeaker comes back into its microphone, as loud as it is: it does not listen to itself, but to a person."""

from __future__ import annotations

ENOUGH = 6  # numbers
HEARD = {"said", "unsure", "not_now", "perhaps"}


def heard(one):
    """All that it took for words of somebody, understood or not."""
    return [(record["event"], record.get("intent")) for record in one.records() if record.get("event") in HEARD]


def test_nothing_of_what_it_says_itself_is_heard(scene):
    """From hello into a count its prompts and numbers come back, from the first on: only the person is heard."""
    one = scene()
    one.card.loop()
    one.begin("card", "--echo", "on")
    one.it_says("Say “start” when you are ready.")
    one.you_say("hibari-heart: start")
    one.it_says("Say “ready”")
    one.you_say("hibari-heart: i am ready")
    one.wait_for(lambda: len(one.counted()) >= ENOUGH or None, f"it counts to {ENOUGH}")

    assert heard(one) == [("said", "ready")] * 2
    assert [n for _, n in one.counted()][:ENOUGH] == list(range(1, ENOUGH + 1))


def test_a_person_is_obeyed_over_its_voice_through_a_clock_that_drifts(scene, rig):
    """The microphone runs 100 ppm faster than the loudspeaker, which is 3 dB louder than a "stop"; that is heard."""
    one = scene()
    one.card.loop(ppm=100.0, db=-15.0)
    one.begin("card", "--echo", "on")
    one.it_says("Say “start” when you are ready.")
    one.you_say("hibari-heart: start")
    cut = one.it_begins("Make hollow fists")
    one.you_say("gsc-988e2f9a: stop")
    one.it_says("Stopped")

    _, share = rig.scene.find(one.tape.samples(), one.clip(cut))
    assert share < 1.0
    assert heard(one) == [("said", "ready"), ("said", "stop")]
