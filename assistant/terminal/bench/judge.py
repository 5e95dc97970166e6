"""Judges results: right, rejected or wrong for a command; quiet or false for everything else. Pure.

A command is right when each of its wishes is done exactly once, in order, with the wanted slots, and nothing else is.
An accepted partial result is an act; the final result of the same utterance is not a second one where it has the same
intent, or holds the count as the first one did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from assistant.messages import AT_ONCE, SAFETY, Intent, SlotValue
from assistant.terminal.bench.listen import HeardClip, Utter
from assistant.terminal.bench.manifest import ManifestRow, Meaning

Judgement: TypeAlias = Literal["right", "rejected", "wrong", "quiet", "false"]
SAME_UTTERANCE_S = 0.001  # a partial and its final begin at the same time
SAFE = frozenset(intent.value for intent in SAFETY)
EARLY = frozenset(intent.value for intent in AT_ONCE)
"""Stop, pause, pain and too hard: a session acts on them while the person is still speaking."""
HOLDING = SAFE | {Intent.PAUSE.value}
"""Whatever of these is done, the count stands still."""
GO_ON_HOLDING = HOLDING | {Intent.WAIT_FOR.value, Intent.SLEEP.value, Intent.END_SESSION.value}
"""Intents that may follow an early hold in the same utterance: "stop listening", "wait two minutes"."""
OUR_NAMES: Mapping[str, tuple[str, int]] = {
    "count": ("number", 1),
    "level": ("number", 1),
    "step": ("number", 1),
    "seconds": ("duration", 1),
    "minutes": ("duration", 60),
}
"""Names of slots in texts that people labelled by what they count: ours, and how many of ours are one of theirs."""
UNTOLD = ("body_part", "last", "clue", "half", "double", "only", "hurts")
"""Slots that are right where a row does not name them: no action depends on the first, and the others are senses of one
command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedAction:
    """An action that the session would have taken."""

    meaning: Meaning
    utter: Utter
    """The first result of the utterance; it sets the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedClip:
    """One clip in one condition, judged."""

    row: ManifestRow
    condition: str
    state: str
    """Empty if no state was requested."""
    result: HeardClip
    acts: tuple[JudgedAction, ...]
    verdict: Judgement
    reaction_s: float | None
    """Seconds from the end of the word to the act, sound plus processor time; for right commands with a known end."""

    @property
    def is_command(self) -> bool:
        """True if something should be done."""
        return bool(self.row.wishes)

    @property
    def act(self) -> JudgedAction | None:
        """Return the act that represents the clip: a wrong one before the wanted one."""
        wrong = [act for act in self.acts if not is_wanted(act.meaning, self.row)]
        return next(iter([*wrong, *self.acts]), None)

    @property
    def told(self) -> Utter | None:
        """Return the utterance that represents the clip: that of the act, else the nearest to one."""
        if self.act is not None:
            return self.act.utter
        finals = [one for one in self.result.utters if one.heard.is_final]
        return max(finals, key=lambda one: (one.heard.is_sure, one.heard.spare, one.heard.score), default=None)

    @property
    def got(self) -> Meaning | None:
        """Return what was done; of several acts the one that represents the clip."""
        return None if self.act is None else self.act.meaning

    @property
    def asked(self) -> Meaning | None:
        """Return what was asked back first."""
        return next((one.told.asked for one in self.result.utters if one.told.asked is not None), None)

    @property
    def not_now(self) -> Meaning | None:
        """Return what was understood first that is not legal."""
        return next((one.told.not_now for one in self.result.utters if one.told.not_now is not None), None)


def judged(row: ManifestRow, condition: str, state: str, result: HeardClip) -> JudgedClip:
    """Return the judged item of one result."""
    acts = acts_of(result.utters, lambda one: one.accepted)
    verdict = verdict_of(acts, row)
    end_s, reaction_s = result.word_end_s, None
    if verdict == "right" and end_s is not None:
        reaction_s = acts[0].utter.acted_s - end_s + acts[0].utter.cpu_s
    return JudgedClip(
        row=row,
        condition=condition,
        state=state,
        result=result,
        acts=acts,
        verdict=verdict,
        reaction_s=reaction_s,
    )


def acts_of(utters: Iterable[Utter], is_accepted: Callable[[Utter], bool]) -> tuple[JudgedAction, ...]:
    """Return the acts if these utterances were accepted."""
    acts: list[JudgedAction] = []
    for one in utters:
        if not is_accepted(one):
            _add_slots(acts, one)
            continue
        for meaning in one.told.did or ((one.meaning,) if one.meaning is not None else ()):
            early = next((n for n, act in enumerate(acts) if _goes_on(act, one, meaning[0])), None)
            if early is None:
                acts.append(JudgedAction(meaning=meaning, utter=one))
            else:  # only the final words have slots
                acts[early] = JudgedAction(meaning=meaning, utter=acts[early].utter)
    return tuple(acts)


def verdict_of(acts: tuple[JudgedAction, ...], row: ManifestRow) -> Judgement:
    """Return the verdict on these acts for this row."""
    if not row.wishes:
        return "false" if acts else "quiet"
    if not acts:
        return "rejected"
    done = [act.meaning for act in acts]
    if row.intents:
        if not all(is_wanted(one, row) for one in done):
            return "wrong"
        return "right" if len(done) == len(row.wishes) and all(map(same, done, row.wishes)) else "rejected"
    is_right = any(is_wanted(one, row) for one in done) and _once(acts)
    return "right" if is_right and all(_is_allowed(one, row) for one in done) else "wrong"


def is_wanted(meaning: Meaning, row: ManifestRow) -> bool:
    """True for a wanted intent with slots of the same values, and for one that is as right; 3 and "3" are the same."""
    if any(same(meaning, wish) for wish in row.wishes):
        return True
    wanted = _plain({name: value for _, slots in row.wishes for name, value in slots.items()})
    others = _plain(meaning[1])
    return meaning[0] in row.also and all(wanted.get(name, value) == value for name, value in others.items())


def same(done: Meaning, wish: Meaning) -> bool:
    """True for the same intent and slots: by our names, or by those of texts, which name what a number counts."""
    if done[0] != wish[0]:
        return False
    got, wanted = _plain(done[1]), _plain(wish[1])
    for name in UNTOLD:
        if name not in wanted:
            got.pop(name, None)
    return got == wanted or got == _plain(_by_our_names(wish[1]))


def _by_our_names(slots: Mapping[str, SlotValue]) -> dict[str, SlotValue]:
    named: dict[str, SlotValue] = {}
    for name, value in slots.items():
        ours, times = OUR_NAMES.get(name, (name, 1))
        named[ours] = value * times if isinstance(value, int) else value
    return named


def _is_allowed(meaning: Meaning, row: ManifestRow) -> bool:
    """True for what is wanted, and for a hold beside a safety word: "stop, it hurts"."""
    return is_wanted(meaning, row) or (row.intent in SAFE and meaning[0] in HOLDING)


def _plain(slots: Mapping[str, object]) -> dict[str, str]:
    return {name: " ".join(str(value).casefold().split()) for name, value in slots.items()}


def _once(acts: tuple[JudgedAction, ...]) -> bool:
    names = [act.meaning[0] for act in acts]
    return len(set(names)) == len(names)


def _add_slots(acts: list[JudgedAction], one: Utter) -> None:
    """Give an early act the slots of its final words, for which nothing is left to be done."""
    if not one.heard.is_sure or one.meaning is None:
        return
    for n, act in enumerate(acts):
        if _is_early(act, one) and act.meaning[0] == one.meaning[0]:
            acts[n] = JudgedAction(meaning=one.meaning, utter=act.utter)


def _goes_on(act: JudgedAction, one: Utter, intent: str) -> bool:
    """True if this intent of the utterance is what an earlier, partial result acted on, or what its hold became."""
    return _is_early(act, one) and (act.meaning[0] == intent or (act.meaning[0] in HOLDING and intent in GO_ON_HOLDING))


def _is_early(act: JudgedAction, one: Utter) -> bool:
    first = act.utter.heard
    return not first.is_final and abs(first.at_s - one.heard.at_s) < SAME_UTTERANCE_S
