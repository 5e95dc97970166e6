"""The figures of a run as JSON. Keys keep their names from version to version."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from assistant.terminal.bench.judge import JudgedClip
from assistant.terminal.bench.listen import Utter
from assistant.terminal.bench.outcomes import by_moment, outcome, shares
from assistant.terminal.bench.run import Run
from assistant.terminal.bench.tally import GROUPS, Tally, confusions, curve, tally, tally_by


def as_json(runs: Sequence[Run], *, is_list: bool) -> str:
    """Return a list of objects for several engines, else the one object."""
    objects = [record(run) for run in runs]
    value = objects if is_list else objects[0]
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def record(run: Run) -> dict[str, Any]:
    """Return one engine's object."""
    whole = tally(run.items)
    return {
        "engine": run.name,
        "n": whole.n,
        "right": whole.right,
        "rejected": whole.rejected,
        "wrong": whole.wrong,
        "accuracy": _short(whole.accuracy),
        "false_actions": whole.false_actions,
        "negative_hours": _short(whole.negative_hours, 6),
        "false_per_hour": _short(whole.false_per_hour),
        "cpu_per_s": _short(cpu_per_s(run)),
        "reaction_p50_s": _short(whole.reaction(0.5), 3),
        "reaction_p95_s": _short(whole.reaction(0.95), 3),
        "items": [_item(item) for item in run.items],
        "accuracy_95": _pair(whole.accuracy_95),
        "false_per_hour_95": _pair(whole.false_per_hour_95),
        "negative_clips": whole.negative_clips,
        "false_clips": whole.false_clips,
        "false_per_clip": _short(whole.false_per_clip),
        "false_per_clip_95": _pair(whole.false_per_clip_95),
        "reactions": len(whole.reactions_s),
        "language": run.spec.language,
        "grammar": str(run.spec.grammar) if run.spec.grammar else None,
        "clip_s": _short(sum(item.result.seconds for item in run.items), 2),
        "fed_s": _short(sum(item.result.fed_s for item in run.items), 2),
        "cpu_per_clip_s": _short(cpu_per_s(run, with_quiet=False)),
        "costs": {name: _short(value, 5) for name, value in run.costs.items()},
        "broken": run.broken,
        "words": _words(run.items),
        "words_by_state": {state: _words(some) for state, some in by_moment(run.items).items()},
        **{f"by_{group}": _groups(run.items, group) for group in GROUPS},
        "confusions": [
            {"want": want, "got": got, "clips": count} for (want, got), count in sorted(confusions(run.items).items())
        ],
        "curve": [
            {"raised": _short(p.raised), "right": p.right, "wrong": p.wrong, "false_clips": p.false_clips}
            for p in curve(run.items)
        ],
    }


def cpu_per_s(run: Run, *, with_quiet: bool = True) -> float | None:
    """Return processor seconds of the ear for a second of sound: all that was fed, or only the clips themselves."""
    sound = sum(item.result.fed_s if with_quiet else item.result.seconds for item in run.items)
    return sum(item.result.cpu_s for item in run.items) / sound if sound else None


def _groups(items: Sequence[JudgedClip], group: str) -> dict[str, dict[str, Any]]:
    return {name: _counts(held) for name, held in tally_by(items, group).items()}


def _counts(held: Tally) -> dict[str, Any]:
    return {
        "n": held.n,
        "right": held.right,
        "rejected": held.rejected,
        "wrong": held.wrong,
        "accuracy": _short(held.accuracy),
        "accuracy_95": _pair(held.accuracy_95),
        "negative_clips": held.negative_clips,
        "false_clips": held.false_clips,
        "false_actions": held.false_actions,
        "negative_hours": _short(held.negative_hours, 6),
        "false_per_hour": _short(held.false_per_hour),
        "false_per_hour_95": _pair(held.false_per_hour_95),
        "reaction_p50_s": _short(held.reaction(0.5), 3),
        "reaction_p95_s": _short(held.reaction(0.95), 3),
        "reactions": len(held.reactions_s),
    }


def _item(item: JudgedClip) -> dict[str, Any]:
    told, row = item.told, item.row
    return {
        "file": row.file,
        "want": list(row.intents) or row.intent,
        **_got(item),
        "score": _short(told.heard.score, 2) if told else 0.0,
        "accepted": bool(item.acts),
        "asked": item.asked[0] if item.asked else None,
        "not_now": item.not_now[0] if item.not_now else None,
        "outcome": outcome(item),
        "also": list(row.also),
        "want_slots": list(row.slots) if isinstance(row.slots, tuple) else row.slots or {},
        "verdict": item.verdict,
        "condition": item.condition,
        "state": item.state or None,
        "kind": row.kind,
        "voice": row.voice,
        "human": row.human,
        "said": row.text,
        "text": told.heard.text if told else "",
        "spare": _short(told.heard.spare, 2) if told else 0.0,
        "seconds": _short(item.result.seconds, 3),
        "cpu_s": _short(item.result.cpu_s),
        "reaction_s": _short(item.reaction_s, 3),
        "heard": [_utter(one) for one in item.result.utters],
    }


def _words(items: Sequence[JudgedClip]) -> list[dict[str, Any]]:
    return [
        {
            "figure": one.name,
            "part": one.part,
            "whole": one.whole,
            "share": _short(one.share),
            "share_95": None if one.is_rate else _pair(one.interval),
        }
        for one in shares(items)
    ]


def _got(item: JudgedClip) -> dict[str, Any]:
    """The action that was done, with its slots: lists for a row with several wishes."""
    if item.row.intents:
        done = [act.meaning for act in item.acts]
        return {"got": [name for name, _ in done], "slots": [slots for _, slots in done]}
    return {"got": item.got[0] if item.got else None, "slots": item.got[1] if item.got else {}}


def _utter(one: Utter) -> dict[str, Any]:
    return {
        "text": one.heard.text,
        "intent": one.meaning[0] if one.meaning else None,
        "slots": one.meaning[1] if one.meaning else {},
        "score": _short(one.heard.score, 2),
        "spare": _short(one.heard.spare, 2),
        "margin": _short(one.heard.margin, 2),
        "runner_up": one.heard.runner_up,
        "is_final": one.heard.is_final,
        "is_sure": one.heard.is_sure,
        "accepted": one.accepted,
        "did": [name for name, _ in one.told.did],
        "asked": one.told.asked[0] if one.told.asked else None,
        "transcripts": list(one.heard.transcripts),
        "acted_s": _short(one.acted_s, 3),
    }


def _short(value: float | None, digits: int = 4) -> float | None:
    """Return the number rounded; None if it is NaN."""
    return round(value, digits) if value is not None and math.isfinite(value) else None


def _pair(pair: tuple[float, float]) -> list[float | None]:
    return [_short(one) for one in pair]
