"""The open steps, by an oracle's own count of the answers to the safety questions, of days and of sleep."""

from __future__ import annotations

from assistant.messages import ForgetEverything, Intent, Perhaps, Remember, Said
from assistant.respond.states import AskedBack, Confirm, NotToday, Paused, Screening
from assistant.screening import ENDS_IT
from tests.fakes.checks import DAY_S

HURTS = {Intent.PAIN, Intent.TOO_HARD}


def meant(before, event):
    """The intent of a person: the command, or after a yes what was asked about, or twice nearly the same pain."""
    intent = event.intent if isinstance(event, Said) else None
    if isinstance(before, AskedBack) and intent is Intent.YES:
        return before.does
    if isinstance(before, AskedBack) and isinstance(event, Perhaps) and event.intent in HURTS:
        return Intent.PAIN if before.does in HURTS | {Intent.STOP, Intent.PAUSE} else None
    return intent


class CheckOracle:
    """The answers, and what follows from them."""

    def age_s(self, check, event):
        age_s = event.at_s + self.slept_s - self.checks.get(check, float("inf"))
        return age_s if age_s >= 0 else float("inf")

    def is_open(self, area, event):
        """Asked in full within thirty days, for changes within a day; legs: not closed by an answer since."""
        full_s, closed_s = self.age_s(f"checked_{area}", event), self.age_s("legs_closed", event)
        is_closed = area == "legs" and closed_s <= min(full_s, self.age_s("doctor_agreed_legs", event))
        last_s = min(full_s, self.age_s(f"unchanged_{area}", event))
        return full_s < 30 * DAY_S and last_s < DAY_S and not (is_closed and closed_s < float("inf"))

    def passed(self, event, effects):
        """13: what is stored as passed was answered with a no, or by a doctor."""
        for effect in effects:
            if isinstance(effect, ForgetEverything):
                self.checks = {}
            if not isinstance(effect, Remember):
                continue
            kind, _, area = effect.fact.partition("_")
            if kind == "checked":
                due = [one for one in self.library.screening.questions if area in one.asked_for]
                open_ones = [one.id for one in due if not self.lets_pass(one, event)]
                assert open_ones == [], f"13: passed without the answers: {open_ones} {event} {self.answers}"
            elif kind == "unchanged":
                assert self.answers.get("since") == "no", "13: passed without the answer"
            if kind in {"checked", "unchanged", "legs", "doctor"}:
                self.checks[effect.fact] = event.at_s + self.slept_s

    def lets_pass(self, question, event):
        agreed = {"ask_doctor": "doctor_agreed", "no_leg": "doctor_agreed_legs"}.get(question.if_yes, "")
        if question.id not in self.answers:
            return self.age_s(agreed, event) < 30 * DAY_S
        if self.answers[question.id] == "doctor":
            return bool(agreed)
        return self.answers[question.id] != "yes" or question.if_yes not in ENDS_IT

    def note_fact(self, before, event):
        """A fact of health is a yes to its question, also in a pause of the check."""
        about = (event if event.intent is Intent.HEALTH else before).slots.get("about")
        at = before.back if isinstance(before, Confirm) else before
        check = at.before if isinstance(at, Paused) else at
        if isinstance(check, Screening):
            self.answers |= {about: "yes"} | ({"since": "yes"} if check.questions[0] == "since" else {})

    def note_answer(self, before, event, after):
        if meant(before, event) is Intent.HEALTH:
            self.note_fact(before, event)
        if isinstance(before, Screening) and isinstance(event, Said):
            is_left = not isinstance(after, Screening) or after.questions != before.questions
            said = {Intent.YES: "yes", Intent.NO: "no", Intent.MAYBE: "yes", Intent.DOCTOR_AGREED: "doctor"}
            counts = event.intent is Intent.YES or (event.intent in said and is_left)
            assert event.intent is not Intent.NO or before.is_open or not is_left, "5: an early no counts"
            if counts:
                self.answers[before.questions[0]] = said[event.intent]
            elif event.intent is Intent.CHANGE_ANSWER and "answer" in event.slots and not isinstance(after, Screening):
                given = event.slots["answer"]  # to the last question, where its answer differs; else to the open one
                is_last = before.previous is not None and before.answers[-1][1] != given and not before.talk.asked
                self.answers[(before.previous if is_last else before).questions[0]] = given
        is_doctors = meant(before, event) is Intent.DOCTOR_AGREED  # also after a refusal
        if is_doctors and isinstance(before, NotToday) and isinstance(after, Screening):
            self.answers[before.check.questions[0]] = "doctor"
        if isinstance(after, Screening) and (not after.answers or meant(before, event) is Intent.CHANGE_ANSWER):
            self.answers = dict(after.answers)
