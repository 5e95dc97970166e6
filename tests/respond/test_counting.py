"""Beats are due from the start of the count; commands do not move them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from assistant.messages import Beat, Cue, Due, Failed, Hush, Intent, Said, Say, VoiceEnded, WakeMe
from assistant.respond.counting import (
    BEAT,
    COUNT_END,
    Grid,
    breath_at,
    count_in,
    grid_from,
    mark_after,
    marked,
    schedule,
)
from assistant.respond.dialogue import advance
from assistant.respond.places import place_at
from assistant.respond.states import Counting, Instructing, Leading, Paused


def run_count(state, library, commands=(), beats=40):
    """Count on, with commands said right after given numbers; gives the beats asked for."""
    asked, due = {}, []
    said = dict(commands)
    for _ in range(beats):
        grid, n = state.grid, state.place.n
        state, effects = advance(state, Due(at_s=grid.due_s(n + 1), tag=BEAT), library)
        if state.place.n in said:
            at_s = grid.due_s(n + 1) + 0.1
            state, more = advance(state, Said(at_s=at_s, intent=said.pop(state.place.n)), library)
            effects = (*effects, *more)
        for effect in effects:
            if isinstance(effect, Beat):
                asked[effect.n] = effect.at_s
            if isinstance(effect, WakeMe) and effect.tag == COUNT_END:
                due.append(effect.at_s)
        if due or not isinstance(state, Counting):
            break
    return state, asked, due


def test_beats_stand_on_the_grid(examples, library):
    """Beat n is due at start + n periods, whatever is answered in between."""
    start = examples["Counting"]
    commands = {3: Intent.HOW_MANY_LEFT, 5: Intent.LOUDER, 9: Intent.WHICH_SIDE, 12: Intent.HELP, 20: Intent.REPEAT}

    _, asked, _ = run_count(start, library, commands.items())

    beats = {n: n + (n > 18) + (n > 31) for n in range(2, 37)}  # "half-way" and "last five" have a beat of their own
    assert asked == {n: pytest.approx(start.grid.due_s(beat)) for n, beat in beats.items()}


def test_slower_keeps_the_next_beat_and_stretches_the_rest(examples, library):
    """The beat that is already scheduled keeps its time; from it on the period is longer."""
    start = examples["Counting"]
    period_s = start.place.period_s

    _, asked, _ = run_count(start, library, {4: Intent.SLOWER}.items())

    assert asked[5] == pytest.approx(start.grid.due_s(5))
    assert asked[6] - asked[5] == pytest.approx(period_s / 0.85)
    assert asked[17] - asked[16] == pytest.approx(period_s / 0.85)


def test_no_number_is_skipped_or_said_twice(examples, library):
    """Every number from one to the dose is asked for exactly once, in order."""
    _, asked, _ = run_count(examples["Counting"], library, {2: Intent.FASTER, 7: Intent.SLOWER}.items())

    assert list(asked) == list(range(2, examples["Counting"].place.repetitions + 1))


def test_the_count_ends_one_period_after_its_last_beat(examples, library):
    """The last repetition is given its time before anything is said."""
    start = examples["Counting"]

    _, asked, due = run_count(start, library)

    assert due == [pytest.approx(asked[start.place.repetitions] + start.place.period_s)]


def test_the_first_beat_waits_no_longer_than_a_second():
    """Slow techniques do not begin with a long silence."""
    assert grid_from(10.0, 0, 7.5).due_s(1) == pytest.approx(11.0)
    assert grid_from(10.0, 0, 0.75).due_s(1) == pytest.approx(10.75)


def test_a_count_in_has_three_words_and_then_the_next_number():
    """Three, two, one at an even pace; the grid goes on after them."""
    grid, cues = count_in(20.0, 12, 1.5, (3, 2, 1))

    assert [cue.word for cue in cues] == [3, 2, 1]
    assert cues[1].at_s - cues[0].at_s == pytest.approx(grid.due_s(13) - cues[2].at_s)


def test_a_second_cue_falls_half_way():
    """Right with the number, left in the middle of the repetition."""
    effects = schedule(Grid(start_s=5.0, base=1, period_s=6.0), 1, 4, ("right", "left"))

    assert Beat(at_s=5.0, n=1, of=4, period_s=6.0, cue="right") in effects
    assert Cue(at_s=8.0, word="left") in effects


@pytest.mark.parametrize(
    ("of", "period_s", "said"),
    [
        (36, 0.8, {18: "half_way", 31: "last_five"}),
        (60, 0.667, {30: "half_way", 55: "last_five"}),
        (24, 1.5, {12: "half_way", 19: "last_five"}),
        (10, 1.5, {5: "half_way"}),
        (8, 10.0, {4: "half_way"}),
        (7, 1.5, {}),
        (1, 1.5, {}),
    ],
)
def test_the_half_and_the_last_five_are_said_and_cover_no_number(of, period_s, said):
    """Between two beats that are a whole number of periods apart; fast counts give the word a beat of its own."""
    grid, words, beats = Grid(start_s=10.0, base=1, period_s=period_s), {}, {}
    for n in range(1, of + 1):
        beats[n] = grid.due_s(n)
        grid, cues = marked(grid, n, mark_after(n, of, ("half_way", "last_five")))
        words.update(zip([n], cues, strict=False))

    assert {n: cue.reply for n, cue in words.items()} == said
    gaps = [(beats[n + 1] - beats[n]) / period_s for n in range(1, of)]
    assert gaps == [pytest.approx(round(gap)) for gap in gaps]
    for n, cue in words.items():
        assert beats[n] + 0.6 < cue.at_s < beats[n + 1] - 0.85


def test_a_breath_has_four_seconds_in_and_four_out():
    """Whatever the tempo; a slow count says it with every number."""
    for period_s in (1.0, 1.5, 2.0, 6.0):
        words = [(n * period_s, word) for n in range(1, 40) if (word := breath_at(n, period_s))]

        assert [word for _, word in words[:3]] == ["breathe_in", "breathe_out", "breathe_in"]
        gaps = {round(b - a, 6) for (a, _), (b, _) in pairwise(words)}
        assert all(3.5 <= gap <= max(4.5, period_s) for gap in gaps)


def test_sides_in_turn_have_one_cue_a_number(library):
    """The cross push counts single pushes: right, left, right; both get the same."""
    push = library.techniques["cross-push"]

    assert [push.cues_at(n) for n in (1, 2, 3)] == [("right",), ("left",), ("right",)]
    assert (push.whole(7), push.whole(8)) == (8, 8)
    assert library.techniques["leg-pinch"].cues_at(2) == ("down", "up")


def test_the_direction_changes_at_the_half_once(examples, library):
    """A sentence says so, the count waits for it, and goes on with the next number; a word changes it at any time."""
    place = place_at(library, "full", 7)
    state = replace(examples["Counting"], place=place, grid=Grid(start_s=100.0, base=1, period_s=place.period_s))

    state, _, _ = run_count(state, library, beats=12)
    assert isinstance(state, Leading)
    assert (state.place.n, state.place.direction) == (12, 1)
    state, _ = advance(state, VoiceEnded(at_s=130.0, utterance=state.awaiting, is_finished=True), library)
    assert isinstance(state, Counting)
    state, asked, due = run_count(state, library, beats=12)
    assert due
    assert max(asked) == 24


def test_the_other_direction_is_a_word_away(examples, library):
    """It turns and turns back, between two numbers; a technique without directions says so."""
    place = place_at(library, "full", 5)
    state = replace(examples["Counting"], place=place)

    turned, _ = advance(state, Said(at_s=101.0, intent=Intent.OPPOSITE_DIRECTION), library)
    again, _ = advance(turned, Said(at_s=102.0, intent=Intent.OPPOSITE_DIRECTION), library)
    same, effects = advance(examples["Counting"], Said(at_s=101.0, intent=Intent.OPPOSITE_DIRECTION), library)

    assert (turned.place.direction, again.place.direction, same.place.direction) == (1, 0, 0)
    assert (type(turned), type(again), type(same)) == (Leading, Leading, Counting)
    assert [effect.reply for effect in effects if isinstance(effect, Say)] == ["one_direction"]


def test_the_count_begins_when_the_leading_sentence_has_ended(examples, library):
    """Not when it was asked for, and not for another sentence."""
    leading = examples["Leading"]

    assert isinstance(leading, Leading)
    same, _ = advance(leading, VoiceEnded(at_s=50.0, utterance=leading.awaiting - 1, is_finished=True), library)
    counting, effects = advance(leading, VoiceEnded(at_s=50.0, utterance=leading.awaiting, is_finished=True), library)

    assert same is leading
    assert isinstance(counting, Counting)
    assert min(effect.at_s for effect in effects if isinstance(effect, Beat)) <= 51.0


def test_a_sentence_that_was_cut_does_not_count_as_heard(examples, library):
    """An instruction goes on only with sentences that were heard to their end."""
    state = examples["Instructing"]

    after, _ = advance(state, VoiceEnded(at_s=1.0, utterance=state.first_utterance, is_finished=False), library)

    assert isinstance(after, Instructing)
    assert after.lines == state.lines


@pytest.mark.parametrize("room", ["capture", "decode", "speak"])
def test_a_broken_part_pauses_the_count(room, examples, library):
    """A deaf or mute machine does not count on; the number is kept."""
    after, effects = advance(examples["Counting"], Failed(at_s=101.0, room=room, reason="gone"), library)

    assert isinstance(after, Paused)
    assert after.place.n == examples["Counting"].place.n
    assert Hush(how="now") in effects
