"""Judges results: right, rejected or wrong for a command; quiet or false for everything else. Pure.

A command is right when the ear acts exactly once, with the wanted intent and slots. An accepted partial result
is an act; the final result of the same utterance with the same intent is not a second one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from assistant.terminal.bench.listen import HeardClip, Utter
from assistant.terminal.bench.manifest import ManifestRow, Meaning

Judgement: TypeAlias = Literal["right", "rejected", "wrong", "quiet", "false"]
SAME_UTTERANCE_S = 0.001  # a partial and its final begin at the same time


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
        return self.row.intent is not None

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
        """Return the meaning of which the ear was sure, legal or not."""
        if self.act is not None:
            return self.act.meaning
        return self.told.meaning if self.told is not None and self.told.heard.is_sure else None


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
        if not is_accepted(one) or one.meaning is None:
            continue
        early = next((n for n, act in enumerate(acts) if _is_same(act, one)), None)
        if early is None:
            acts.append(JudgedAction(meaning=one.meaning, utter=one))
        else:  # only the final words have slots
            acts[early] = JudgedAction(meaning=one.meaning, utter=acts[early].utter)
    return tuple(acts)


def verdict_of(acts: tuple[JudgedAction, ...], row: ManifestRow) -> Judgement:
    """Return the verdict on these acts for this row."""
    if row.intent is None:
        return "false" if acts else "quiet"
    if not acts:
        return "rejected"
    return "right" if len(acts) == 1 and is_wanted(acts[0].meaning, row) else "wrong"


def is_wanted(meaning: Meaning, row: ManifestRow) -> bool:
    """True for the same intent, and slots with the same values; 3 and "3" are the same value."""
    return meaning[0] == row.intent and _plain(meaning[1]) == _plain(row.slots or {})


def _plain(slots: Mapping[str, object]) -> dict[str, str]:
    return {name: " ".join(str(value).casefold().split()) for name, value in slots.items()}


def _is_same(act: JudgedAction, one: Utter) -> bool:
    """True for an earlier, partial result of the same utterance."""
    first = act.utter.heard
    return (
        not first.is_final
        and abs(first.at_s - one.heard.at_s) < SAME_UTTERANCE_S
        and one.meaning is not None
        and one.meaning[0] == act.meaning[0]
    )
