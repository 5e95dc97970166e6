"""The scene of each state: what a page shows of it, by the same table that says what is legal."""

from __future__ import annotations

from dataclasses import replace

import pytest

import assistant
from assistant.messages import Intent
from assistant.respond.places import place_at, technique_at
from assistant.respond.transitions import STATE_NAMES, legal
from assistant.show import drawing_name, drawings
from assistant.web.scene import Stage, sides_in_turn

NO_LEGS = ("no",) * 5


class Watcher:
    """Keeps the latest scene."""

    def __init__(self, found):
        self.stage = Stage(found)
        self.scene = None

    def on_event(self, event):
        pass

    def on_effect(self, at_s, effect, text):
        pass

    def on_state(self, at_s, state):
        self.scene = self.stage.scene(state)


@pytest.fixture
def seen(loaded):
    """A session on the lower back that is typed, and the scene of its state."""
    watcher = Watcher(loaded)
    with assistant.start_session(
        loaded, "lower-back", observers=[watcher], voice="silent", hears=False, note=lambda _: None
    ) as session:
        session.wait_until_quiet()

        def say(*lines):
            for line in lines:
                session.say(line)
                session.wait_until_quiet()
            return watcher.scene

        say.session = session
        yield say


def test_a_safety_question_is_shown_with_all_its_sentences(seen, loaded):
    """Number, sentences, and both answers first."""
    scene = seen("start")

    question = loaded.library.screening.questions[0]
    assert (scene.state, scene.question_at, scene.questions) == ("screening", 1, 5)
    assert scene.question == question.words["en"]
    assert [one.intent for one in scene.phrases[:2]] == ["yes", "no"]
    assert seen("no").question_at == 2


def test_a_technique_is_shown_with_its_side_and_its_drawing(seen):
    """The name, the place in the routine, the dose; the drawing follows the side."""
    scene = seen("start", *NO_LEGS, "next")

    assert (scene.routine, scene.step, scene.steps) == ("Lower back routine", 2, 5)
    assert (scene.technique, scene.side, scene.of) == ("The Kidney Transporting point", "right", 36)
    assert scene.drawing == "kidney-point-right"
    assert seen("other side").drawing == "kidney-point-left"


def test_a_count_is_shown_with_every_number(seen):
    """The number is that of the last beat, in the tempo that is counted."""
    seen("start", *NO_LEGS, "ready")
    seen.session.wait(12.0)
    scene = seen("slower")

    assert scene.state == "counting"
    assert 3 <= scene.count < scene.of
    assert scene.period_s > 1.0
    assert "pause" in [one.intent for one in scene.phrases]


def test_what_is_counted_by_the_person_has_no_number(seen):
    """In their own pace a number would be a guess."""
    scene = seen("start", *NO_LEGS, "my own pace")

    assert (scene.state, scene.count) == ("own_pace", 0)


def test_only_what_is_legal_can_be_pressed(seen, loaded):
    """Each phrase means something that the table allows in the state that is shown."""
    for line in ("start", *NO_LEGS, "ready", "pause", "resume", "that hurts", "lighter", "yes", "end session"):
        scene = seen(line)
        allowed = {intent.value for intent in legal(seen.session.state)}

        assert {one.intent for one in scene.phrases} <= allowed
        assert scene.state in STATE_NAMES


def test_a_phrase_that_was_just_named_comes_first(loaded, seen):
    """If it can be obeyed, and is one at all."""
    seen("start", *NO_LEGS)

    phrases = Stage(loaded).scene(seen.session.state, ["talk less", "abracadabra", "yes please discard"]).phrases

    assert phrases[0].intent == Intent.TALK_LESS.value
    assert len({one.say for one in phrases}) == len(phrases) <= 8


def test_the_drawing_that_is_named_exists(loaded):
    """For every technique on each of its sides and in each direction: all drawings that there are, and no other."""
    library = loaded.library
    places = [place_at(library, "full", at) for at in range(len(library.routines["full"].steps))]
    named = set()
    for place in places:
        technique = technique_at(library, place)
        for side in range(len(place.sides) or 1):
            for direction in range(len(technique.picture.directions)):
                for done in (1, 2):
                    here = replace(place, side=side, direction=direction, done=(done, done))
                    sides = sides_in_turn(technique, here)
                    named |= {drawing_name(technique, one, direction) for one in sides if one or one == sides[0]}

    assert named == {one.name for each in library.techniques.values() for one in drawings(each, "en")}
