"""Sessions at random, with the invariants of docs/invariants.md held against every single event (conftest.py).

A state machine says anything, mishears, keeps silent, cuts sentences, breaks devices, jumps in time and kills the
session; what is on disk goes into the next start.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assistant.messages import SAFETY, Failed, Intent, Perhaps, Recovered, Slept, Unsure
from assistant.respond import silence, transitions
from assistant.respond.counting import BEAT, COUNT_END
from assistant.respond.silence import QUIET
from assistant.respond.states import Advising, Counting, Instructing, Leading
from tests.fakes.broken_handlers import BROKEN
from tests.fakes.checks import CHECKS, DAY_S

RUNS, WITHIN = 250, 800  # sessions of the whole, and those within which a missing handler is found
STEPS = 60  # of a session: with 25 it took 800 sessions and twice the time to find what is broken on purpose
plan_for = silence.plan_for  # as it is, also where a test takes it away
TALK = ["the next bus is late", "say stop at any time", "our top story tonight", "uh", "she said yes to the wedding"]
SILENCING = ["stop", "wait", "hold on", "that hurts", "too hard", "my leg is numb"]
DOUBTED = [*sorted(SAFETY), Intent.PAUSE, *Intent]  # a legal one asks; safety more often than the others
AFTER_A_DOUBT = ["", "no", "yes", "never mind", "resume", "that hurts", "how many left"]
ROOMS = ["capture", "decode", "speak", "voice", "journal"]


class Sessions(RuleBasedStateMachine):
    """One run: a start somewhere, then anything. A subclass brings what makes talkers and oracles, and the phrases."""

    make_talker = make_oracle = by_intent = natural = None
    is_running = precondition(lambda self: not self.talker.is_over)

    @initialize(
        screened=st.sampled_from(sorted(CHECKS)),
        routine=st.sampled_from([None, "full", "legs", "lower-back", "five-minutes"]),
        is_first=st.booleans(),
        asks_rating=st.booleans(),
        far=st.integers(0, 30),
    )
    def start(self, screened, routine, is_first, asks_rating, far):
        self.oracle = self.make_oracle()
        self.oracle.on_disk = None
        self.oracle.begin(CHECKS[screened])
        self.talker = self.make_talker(self.oracle.watch)
        if not is_first:
            self.talker.facts.append("expert_advice_heard")
        self.talker.begin(checks=CHECKS[screened], routine=routine, asks_rating=asks_rating)
        self.go_far(far)

    def go_far(self, times):
        for _ in range(times):
            self.talker.hear_out()
            self.talker.say(self.natural.get(type(self.talker.state).__name__, "next"))

    @is_running
    @rule(intent=st.sampled_from(list(Intent)), data=st.data())
    def say(self, intent, data):
        self.talker.say(data.draw(st.sampled_from(self.by_intent[intent])))

    @is_running
    @rule(choices=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), min_size=1, max_size=6))
    def say_what_is_legal(self, choices):
        for intent, text in choices:
            if self.talker.is_over:
                return
            legal = sorted(self.talker.legal - {Intent.RED_FLAG, Intent.EMERGENCY, Intent.END_SESSION})
            texts = self.by_intent[legal[intent % len(legal)]]
            self.talker.say(texts[text % len(texts)])

    @is_running
    @rule(times=st.integers(1, 12))
    def go_on(self, times):
        self.go_far(times)

    @is_running
    @rule(text=st.sampled_from(["yes", "no", "nope", "yeah"]), is_early=st.booleans(), far=st.integers(0, 12))
    def answer(self, text, is_early, far):
        if not is_early:
            self.talker.hear_out()
        self.talker.say(text)
        self.go_far(far)

    @is_running
    @rule(text=st.sampled_from(["stop", "too hard", "pause"]), beats=st.integers(0, 8))
    def stop(self, text, beats):
        self.go_far(1)
        self.talker.hear_out()
        for _ in range(beats):
            self.talker.step()
        self.talker.say(text)

    @is_running
    @rule(moments=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 10_000)), max_size=6))
    def in_a_count(self, moments):
        self.go_far(1)
        self.talker.hear_out()
        for beats, chosen in moments:
            for _ in range(beats):
                self.talker.step()
            legal = sorted(self.talker.legal - SAFETY - {Intent.END_SESSION})
            self.talker.say(self.by_intent[legal[chosen % len(legal)]][0])

    @is_running
    @rule(times=st.integers(0, 2), back=st.sampled_from(["undo", "go back", "other side", "step one", "next"]))
    def it_hurts(self, times, back):
        for text in ("that hurts", "lighter", "yes") * times:
            self.talker.say(text)
        self.talker.say(back)

    @is_running
    @rule(is_in_danger=st.integers(0, 9), text=st.sampled_from(["my leg is numb", "i need a doctor"]))
    def danger(self, is_in_danger, text):
        self.talker.say("pause")
        if not is_in_danger:
            self.talker.say(text)

    @is_running
    @rule(so_far=st.sampled_from(SILENCING), intent=st.sampled_from(list(Intent)), data=st.data())
    def say_slowly(self, so_far, intent, data):
        for _ in range(8):
            self.talker.step()
        self.talker.say_slowly(so_far, data.draw(st.sampled_from([so_far, *TALK, *self.by_intent[intent]])))

    @is_running
    @rule(text=st.sampled_from(["quit", "end session", "next"]), then=st.sampled_from(["", "no", "yes", "slower"]))
    def nearly_say(self, text, then):
        self.talker.nearly_say(text)
        if then:
            self.talker.say(then)

    @is_running
    @rule(doubts=st.lists(st.tuples(st.sampled_from(DOUBTED), st.sampled_from(AFTER_A_DOUBT)), min_size=1, max_size=3))
    def doubt(self, doubts):
        for intent, then in doubts:
            self.talker.now_s += 0.01
            self.talker.tell(Perhaps(at_s=self.talker.now_s, intent=intent, text="?"))
            if then:
                self.talker.say(then)

    @is_running
    @rule(text=st.sampled_from(["stop", "that hurts", ""]), answer=st.sampled_from(["yes", "no", "resume"]))
    def keep_silent(self, text, answer):
        self.go_far(1)
        if text:
            self.talker.say(text)
        else:
            self.talker.tell(Perhaps(at_s=self.talker.now_s, intent=Intent.PAIN, text="?"))
        self.talker.hear_out()
        self.talker.step()
        self.talker.hear_out()
        self.talker.say(answer)

    @is_running
    @rule(text=st.sampled_from(TALK))
    def mishear(self, text):
        self.talker.now_s += 0.01
        self.talker.tell(Unsure(at_s=self.talker.now_s, best=text))

    @is_running
    @rule()
    def listen(self):
        self.talker.hear_out()

    @is_running
    @rule(times=st.integers(1, 45))
    def wait(self, times):
        for _ in range(times):
            self.talker.step()

    @is_running
    @rule()
    def look_for_the_point(self):
        self.talker.say("where is that point")

    @is_running
    @rule(room=st.sampled_from(ROOMS))
    def unplug(self, room):
        self.talker.tell(Failed(at_s=self.talker.now_s, room=room, reason="gone"))

    @is_running
    @rule(room=st.sampled_from(ROOMS))
    def plug_in(self, room):
        self.talker.tell(Recovered(at_s=self.talker.now_s, room=room))

    @is_running
    @rule(seconds=st.floats(5.1, 1e5))
    def clock_jump(self, seconds):
        self.talker.tell(Slept(at_s=self.talker.now_s, seconds=seconds))

    @rule(days=st.sampled_from([0, 0, 1, 3, 31]))
    def kill(self, days):
        checks = {check: age_s + days * DAY_S for check, age_s in self.talker.memory.items()}
        self.oracle.begin(checks, self.talker.saved)
        self.talker.begin(checks=checks)

    @invariant()
    def holds(self):
        talker, state = getattr(self, "talker", None), getattr(getattr(self, "talker", None), "state", None)
        if state is None or talker.left:
            return
        assert talker.legal == transitions.legal(state), "8: the ear listens for something else"
        assert talker.legal >= SAFETY, "8: stop is not legal"
        assert talker.legal & {Intent.END_SESSION, Intent.WAKE}, "8: no way out"
        if isinstance(state, Counting):
            assert {BEAT, COUNT_END} & talker.timers.keys(), "9: the count stands still"
        elif isinstance(state, (Instructing, Leading, Advising)):
            assert talker.speaking, "9: silent, and nobody knows why"
        elif plan_for(state) and not talker.speaking:
            assert QUIET in talker.timers, "9: an open question without an end"


@pytest.fixture(autouse=True)
def same_sessions(monkeypatch):
    """Let Hypothesis draw no constants of the code that is imported: that depends on the tests before these."""
    monkeypatch.setattr(providers, "_get_local_constants", Constants)
    providers.CONSTANTS_CACHE.cache.clear()


@pytest.fixture
def machine(talker, oracle, loaded, natural):
    """The state machine."""
    by_intent = {intent: [one.text for one in loaded.phrases if one.intent is intent] for intent in Intent}
    makers = {"make_talker": staticmethod(talker), "make_oracle": staticmethod(oracle)}
    made = {**makers, "by_intent": by_intent, "natural": natural}
    return type("Machine", (Sessions,), made)


def run(machine, runs, phases=(Phase.generate,)):
    """As many sessions, always the same ones."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=STEPS,
            derandomize=True,
            database=None,
            deadline=None,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_every_invariant_holds_in_any_session(machine):
    """Whatever is said, misheard, broken or killed."""
    run(machine, RUNS)


@pytest.mark.parametrize("what", BROKEN)
def test_the_invariants_find_a_handler_that_is_gone(what, machine, monkeypatch):
    """Each of these, taken away, is found by its own invariant within the same sessions."""
    take_away, message = BROKEN[what]
    take_away(monkeypatch)

    with pytest.raises(AssertionError, match=message):
        run(machine, WITHIN)
