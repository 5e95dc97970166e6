"""One session: events become effects, and each effect reaches the part that performs it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from assistant.clock import ManualClock
from assistant.decode.typed_engine import heard_from_line
from assistant.interpret import Interpreter
from assistant.messages import Failed, Heard, Intent, ListenFor, NotNow, Said, Unsure, VoiceEnded
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.speak.silent_voice import SilentVoice
from assistant.speak.wording import Wording
from assistant.store.journal import Journal
from assistant.wire.lockstep import Lockstep, Nowhere
from assistant.wire.mouth import DirectMouth
from assistant.wire.parts import Parts
from assistant.wire.session import ECHO_TAIL_S, Session

KNOWING = ("expert_advice_heard", "screening_passed")


@pytest.fixture
def journal(tmp_path, settled):
    """Make journals that hold these facts of today."""
    made = []

    def make(*facts):
        made.append(Journal(settled(tmp_path / str(len(made)), facts, ManualClock())))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def open_session(loaded, told):
    """A session in samples, not yet begun."""

    def make(*, journal=None, has_echo=False):
        player = Player()
        legal = []
        parts = Parts(
            library=loaded.library,
            interpreter=Interpreter(loaded.phrases, loaded.pack),
            wording=Wording(loaded.pack),
            player=player,
            mouth=DirectMouth(ClipCache(SilentVoice(), None), player),
            clock=ManualClock(),
            journal=journal,
            expect=legal.append,
            observers=(told,),
            has_echo=has_echo,
        )
        session = Session(parts)
        return SimpleNamespace(session=session, player=player, legal=legal, steps=Lockstep(session, player, Nowhere()))

    return make


def say(here, text, *, is_typed=False):
    here.steps.step((replace(heard_from_line(text, here.player.now_s), is_typed=is_typed),))


def events(told, kind):
    return [event for event in told.events if isinstance(event, kind)]


def test_the_advice_is_spoken_before_a_first_session_and_remembered(open_session, journal, told):
    """Only when it was heard to its end is it written down."""
    empty = journal()
    here = open_session(journal=empty)
    here.session.begin("full", "full")
    here.steps.wait(2.0)
    before = empty.since("expert_advice_heard")

    here.steps.wait_until_quiet()

    assert (before, empty.since("expert_advice_heard")) == (None, ManualClock().wall())
    assert empty.checks(ManualClock().wall()) == {}
    assert "see a doctor" in " ".join(text for _, text in told.sounded)


def test_somebody_who_knows_the_advice_does_not_hear_it_again(open_session, journal, told):
    """The routine is offered at once."""
    here = open_session(journal=journal(*KNOWING))
    here.session.begin("full", "full")
    here.steps.wait_until_quiet()

    assert told.sounded[0][1].startswith("Evening routine")


def test_a_journal_that_cannot_be_written_is_an_event_and_no_end(open_session, journal, told):
    """The dialogue is told, after what it was doing."""
    full = journal("screening_passed")
    full._tables.base.execute("PRAGMA query_only=ON")
    here = open_session(journal=full)
    here.session.begin("full", "full")
    here.steps.wait_until_quiet()
    say(here, "start")

    (failed,) = events(told, Failed)
    assert (failed.room, "the journal cannot be written" in failed.reason) == ("journal", True)
    assert type(here.session.state).__name__ == "Instructing"


def test_the_ear_is_told_what_is_legal_whenever_it_changes(open_session, journal, told):
    """With each `ListenFor`, in order; the matcher judges by the same set."""
    here = open_session(journal=journal(*KNOWING))
    here.session.begin("full", "full")
    say(here, "resume")
    say(here, "start")

    wanted = [effect.intents for _, effect, _ in told.effects if isinstance(effect, ListenFor)]
    assert here.legal == wanted
    assert len(wanted) >= 2
    assert [event.intent for event in events(told, NotNow)] == [Intent.RESUME]
    assert [event.intent for event in events(told, Said)] == [Intent.READY]


def test_speech_that_is_not_sure_reaches_the_dialogue_as_unsure(open_session, journal, told):
    """It changes nothing."""
    here = open_session(journal=journal(*KNOWING))
    here.session.begin("full", "full")
    before = here.session.state

    here.session.hear(Heard(text="start", is_final=True, is_sure=False, score=1.0, at_s=0.0, end_s=0.5))

    assert [event.best for event in events(told, Unsure)] == ["start"]
    assert type(here.session.state) is type(before)


def test_what_comes_due_is_passed_on_in_the_order_of_its_times(open_session, journal, told):
    """Also when the loop was held up and many things are due at once."""
    here = open_session(journal=journal(*KNOWING))
    here.session.begin("full", "full")
    here.steps.wait_until_quiet()
    say(here, "start")
    here.steps.wait_until_quiet()
    say(here, "ready")
    here.steps.wait(4.0)
    say(here, "how many left")
    here.player.render(24_000 * 3)
    here.session.tick()
    here.steps.wait(3.0)

    times = [event.at_s for event in told.events]
    assert times == sorted(times)


def test_it_is_over_when_the_last_word_has_sounded(open_session, journal, told):
    """Not before."""
    here = open_session(journal=journal(*KNOWING))
    here.session.begin("full", "full")
    say(here, "end session")
    was_over = here.session.is_over
    here.steps.wait(10.0)

    assert (was_over, here.session.is_over) == (False, True)
    assert told.sounded[-1][1] == "Goodbye."
    assert events(told, VoiceEnded)[-1].is_finished


class TestEcho:
    """The microphone hears the loudspeaker."""

    @pytest.fixture
    def asked(self, open_session, journal):
        """It is just saying "Say start when you are ready"."""

        def make(*, has_echo):
            here = open_session(journal=journal(*KNOWING), has_echo=has_echo)
            here.session.begin("full", "full")
            here.steps.step_while(lambda: "Say “start”" not in here.session._sounding.text)
            here.steps.wait(0.5)
            return here

        return make

    def test_our_own_words_are_no_command(self, asked, told):
        """While they sound."""
        here = asked(has_echo=True)

        say(here, "start")

        assert events(told, Said) == []

    def test_what_is_typed_or_pressed_is_obeyed_also_over_the_same_words(self, asked, told):
        """A key is no microphone: whoever presses "pause" while "say pause" sounds is not us."""
        here = asked(has_echo=True)

        say(here, "start", is_typed=True)

        assert [event.intent for event in events(told, Said)] == [Intent.READY]

    def test_our_own_words_are_no_command_just_after_they_sounded(self, asked, told):
        """The way through the air and the ear takes its time."""
        here = asked(has_echo=True)
        here.steps.wait_until_quiet()
        here.steps.wait(ECHO_TAIL_S - 0.2)

        say(here, "start")

        assert events(told, Said) == []

    def test_a_person_may_say_the_same_words_a_moment_later(self, asked, told):
        """And is obeyed."""
        here = asked(has_echo=True)
        here.steps.wait_until_quiet()
        here.steps.wait(ECHO_TAIL_S + 0.1)

        say(here, "start")

        assert [event.intent for event in events(told, Said)] == [Intent.READY]

    def test_other_words_and_safety_words_pass_at_any_time(self, asked, told):
        """Whoever is hurt interrupts us."""
        here = asked(has_echo=True)

        say(here, "that hurts")
        say(here, "louder")

        assert [event.intent for event in events(told, Said)] == [Intent.PAIN, Intent.LOUDER]

    def test_stopped_is_no_stop(self, asked, told):
        """A "stop" over our "Stopped" asks for what is so already: it is our own, or changes nothing."""
        here = asked(has_echo=True)
        say(here, "start")
        say(here, "stop")
        here.steps.step_while(lambda: "Stopped" not in here.session._sounding.text)

        say(here, "stop")
        say(here, "that hurts")

        assert [event.intent for event in events(told, Said)][1:] == [Intent.STOP, Intent.PAIN]

    def test_with_headphones_or_a_recording_there_is_no_echo(self, asked, told):
        """The same words at the same moment are a command."""
        here = asked(has_echo=False)

        say(here, "start")

        assert [event.intent for event in events(told, Said)] == [Intent.READY]
