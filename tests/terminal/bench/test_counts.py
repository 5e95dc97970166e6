"""The bench's counts: intervals against published values, verdicts, rates, and the curve."""

from __future__ import annotations

import math

import pytest

from assistant.terminal.bench.intervals import hourly, wilson
from assistant.terminal.bench.tally import GROUPS, NOTHING, confusions, curve, tally, tally_by
from tests.fakes.judged import item, utter


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (525, 552, 0.930, 0.966),  # docs/benchmarks.md
        (752, 811, 0.907, 0.943),  # docs/recognition.md, "Score over the phone loop"
        (15, 148, 0.0624, 0.1605),  # Newcombe 1998, table I
        (1, 29, 0.0061, 0.1718),  # the same
        (0, 20, 0.0, 0.1611),  # the same
        (29, 29, 0.8830, 1.0),  # one minus 0/29 of the same
    ],
)
def test_shares_have_wilsons_interval(part, whole, low, high):
    """The interval agrees with published figures to their last digit."""
    found = wilson(part, whole)

    assert found == (pytest.approx(low, abs=6e-4), pytest.approx(high, abs=6e-4))


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [(0, 0.0, 3.6889), (1, 0.0253, 5.5716), (3, 0.6187, 8.7673), (10, 4.7954, 18.3904), (100, 81.364, 121.627)],
)
def test_events_an_hour_have_poissons_interval(events, low, high):
    """The exact interval of tables (Garwood 1936), and half of both for two hours."""
    assert hourly(events, 1.0) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))
    assert hourly(events, 2.0)[1] == pytest.approx(high / 2, abs=1e-3)


def test_nothing_counted_says_nothing():
    """No clip and no hour: the interval is everything."""
    assert wilson(0, 0) == (0.0, 1.0)
    assert hourly(0, 0.0) == (0.0, math.inf)


@pytest.mark.parametrize(
    ("want", "utters", "verdict"),
    [
        ("next", [utter("next")], "right"),
        ("next", [], "rejected"),
        ("next", [utter("next", is_sure=False)], "rejected"),
        ("next", [utter("next", is_legal=False)], "rejected"),
        ("next", [utter("stop")], "wrong"),
        ("next", [utter("next"), utter("next", 2.0)], "wrong"),
        ("next", [utter("next"), utter("stop", 2.0)], "wrong"),
        ("next", [utter(None, is_sure=False), utter("next", 2.0)], "right"),
        ("stop", [utter("stop", is_final=False), utter("stop")], "right"),
        ("stop", [utter("stop", is_final=False), utter("stop", is_sure=False)], "right"),
        ("stop", [utter("stop", is_final=False), utter("stop", 5.0)], "wrong"),
        ("next", [utter("stop", is_final=False), utter("next")], "wrong"),
        ("sleep", [utter("stop", is_final=False), utter("sleep")], "right"),
        ("red_flag", [utter("stop", is_final=False), utter("red_flag")], "right"),
        ("stop", [utter("stop"), utter("pain", 2.0)], "right"),
        ("stop", [utter("pause")], "wrong"),
        (None, [], "quiet"),
        (None, [utter("next", is_sure=False)], "quiet"),
        (None, [utter("next")], "false"),
        (None, [utter("stop", is_final=False), utter("stop", is_sure=False)], "false"),
    ],
)
def test_a_clip_gets_its_verdict(want, utters, verdict):
    """Right is to act exactly once as wanted; what is accepted early counts, and is one act with its final."""
    assert item(want, *utters).verdict == verdict


@pytest.mark.parametrize(
    ("wanted", "heard", "verdict"),
    [
        ({"number": 3}, {"number": 3}, "right"),
        ({"step": 3}, {"number": 3}, "right"),
        ({"minutes": 3}, {"duration": 180}, "right"),
        ({"minutes": 3}, {"duration": 3}, "wrong"),
        (None, {"body_part": "hip"}, "right"),
        ({"body_part": "knee"}, {"body_part": "hip"}, "wrong"),
        ({"number": "3"}, {"number": 3}, "right"),
        ({"size": "Large "}, {"size": "large"}, "right"),
        ({"number": 3}, {"number": 4}, "wrong"),
        ({"number": 3}, {}, "wrong"),
        (None, {"number": 3}, "wrong"),
    ],
)
def test_slots_must_be_right_too(wanted, heard, verdict):
    """Every slot has the wanted value, and there is none besides."""
    assert item("go_to", utter("go_to", slots=heard), slots=wanted).verdict == verdict


def test_the_final_words_tell_the_slots_of_an_early_act():
    """A partial result that knows no slots yet and its final are one act with the slots."""
    early = utter("pain", is_final=False)
    final = utter("pain", slots={"part": "hip"})
    found = item("pain", early, final, slots={"part": "hip"})

    assert (found.verdict, found.got) == ("right", ("pain", {"part": "hip"}))


def test_reaction_is_sound_and_processor_time_after_the_word():
    """From the end of the word to the first answer that acts; nothing for what is not right."""
    timed = item("stop", utter("stop", is_final=False, acted_s=0.9), utter("stop", acted_s=1.4), word_end_s=0.8)

    assert timed.reaction_s == pytest.approx(0.15)
    assert item("stop", utter("stop")).reaction_s is None
    assert item("stop", utter("next"), word_end_s=0.8).reaction_s is None


def test_actions_an_hour_count_every_action_and_only_negative_sound():
    """Two actions in one clip are two; the seconds of commands do not make the rate smaller."""
    items = [
        item(None, utter("next"), utter("stop", 3.0), seconds=1800.0),
        item(None, seconds=1800.0),
        item("next", utter("next"), seconds=9000.0),
    ]

    counts = tally(items)

    assert (counts.false_actions, counts.false_clips, counts.negative_clips) == (2, 1, 2)
    assert (counts.negative_hours, counts.false_per_hour) == (1.0, 2.0)
    assert (counts.n, counts.right, counts.accuracy) == (1, 1, 1.0)


def test_groups_add_up():
    """Every clip is in exactly one group of each kind."""
    items = [item("next", utter("next")), item("stop"), item(None), item(None, utter("next"))]

    for group in GROUPS:
        held = tally_by(items, group)
        assert sum(one.n for one in held.values()) == 2
        assert sum(one.negative_clips for one in held.values()) == 2


def test_percentiles_are_times_that_were_measured():
    """Half of five reactions are within the third, 95 % within the last."""
    counts = tally(item("a", utter("a", acted_s=1 + n / 10), word_end_s=1.0) for n in range(5))

    assert counts.reaction(0.5) == pytest.approx(0.25)
    assert counts.reaction(0.95) == pytest.approx(0.45)
    assert tally([]).reaction(0.5) is None


def test_confusions_name_what_was_done_instead():
    """Wanted against done, with nothing on either side."""
    items = [item("next", utter("stop")), item("next"), item("next", utter("next")), item(None, utter("stop"))]

    assert confusions(items) == {
        ("next", "stop"): 1,
        ("next", NOTHING): 1,
        ("next", "next"): 1,
        (NOTHING, "stop"): 1,
    }


def test_the_curve_goes_through_where_the_ear_stands():
    """Lower bars give more of both, higher ones less; the unraised bar gives what was counted."""
    items = [
        item("next", utter("next", spare=5.0)),
        item("next", utter("next", spare=-2.0, is_sure=False)),
        item(None, utter("next", spare=1.0)),
        item(None, utter("stop", spare=-3.0, is_sure=False)),
        item(None, utter("stop", spare=-1000.0, is_sure=False)),  # no speech: no bar is so low
    ]

    points = {point.raised: (point.right, point.false_clips) for point in curve(items)}

    assert points[0.0] == (1, 1)
    assert points[-2.0] == (2, 1)
    assert points[-3.0] == (2, 2)
    assert points[5.0] == (1, 0)
    assert max(false for _, false in points.values()) == 2


def test_an_ear_without_spare_has_no_curve():
    """There is nothing to sweep."""
    assert curve([item("next", utter("next", spare=0.0))]) == ()
