"""Figures as short texts, the same in the terminal and on the page. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.terminal.bench.intervals import wilson
from assistant.terminal.bench.judge import JudgedClip
from assistant.terminal.bench.outcomes import shares
from assistant.terminal.bench.record import cpu_per_s
from assistant.terminal.bench.run import Run
from assistant.terminal.bench.tally import FAST, OTHERS, Tally, tally, tally_by


def overview_rows(runs: Sequence[Run]) -> list[tuple[str, list[str]]]:
    """Return the main figures, a row each, with a cell for each run."""
    wholes = [tally(found.items) for found in runs]
    paces = [tally_by(found.items, "pace") for found in runs]
    has_fast = any(FAST in pace for pace in paces)
    return [
        ("Commands right", [share_words(whole.right, whole.n) for whole in wholes]),
        ("Commands rejected", [str(whole.rejected) for whole in wholes]),
        ("Commands wrong", [str(whole.wrong) for whole in wholes]),
        ("Clips acted on falsely", [share_words(whole.false_clips, whole.negative_clips) for whole in wholes]),
        ("False actions an hour", [hourly_words(whole) for whole in wholes]),
        ("Reaction, p50 and p95", [_reaction(whole) for whole in wholes]),
        *((f"- {name}", [_reaction(pace.get(name, Tally())) for pace in paces]) for name in (FAST, OTHERS) if has_fast),
        ("CPU for a second of sound", [_cpu(found) for found in runs]),
        ("- quiet room, steady noise", [_idle(found) for found in runs]),
        ("Memory at most", [_memory(found) for found in runs]),
        ("Loading", [_loading(found) for found in runs]),
    ]


def words_rows(items: Sequence[JudgedClip]) -> list[tuple[str, str, str, str]]:
    """Return what became of words: the figure's name, its count, percent and interval."""
    rows = []
    for one in shares(items):
        count, percent, interval = share_parts(one.part, one.whole)
        rows.append((one.name, count, percent, "" if one.is_rate else interval))
    return rows


def share_words(part: int, whole: int) -> str:
    """Return text like `525/552 95.1 % [93.0-96.6]`."""
    if not whole:
        return "–"
    count, share, interval = share_parts(part, whole)
    return f"{count} {share} % {interval}"


def share_parts(part: int, whole: int) -> tuple[str, str, str]:
    """Return `525/552`, `95.1`, `[93.0-96.6]`; empty texts for an empty whole."""
    if not whole:
        return "", "", ""
    low, high = wilson(part, whole)
    return f"{part}/{whole}", f"{100 * part / whole:.1f}", f"[{100 * low:.1f}–{100 * high:.1f}]"


def hourly_words(counts: Tally) -> str:
    """Return `< 25 (0 in 7.2 min)`, or `2.0 [0.4-5.8] (3 in 1.5 h)`."""
    rate = counts.false_per_hour
    if rate is None:
        return "–"
    low, high = counts.false_per_hour_95
    hours = counts.negative_hours
    seen = f"({counts.false_actions} in " + (f"{60 * hours:.1f} min)" if hours < 1 else f"{hours:.1f} h)")
    return f"{_rounded(rate)} [{_rounded(low)}–{_rounded(high)}] {seen}" if low else f"< {_rounded(high)} {seen}"


def seconds_words(value: float | None) -> str:
    """Return `310 ms`."""
    return "" if value is None else f"{1000 * value:.0f} ms"


def slots_words(intent: str, slots: Mapping[str, object]) -> str:
    """Return `go_to number=2`."""
    return " ".join([intent, *(f"{name}={value}" for name, value in slots.items())])


def _reaction(counts: Tally) -> str:
    if not counts.reactions_s:
        return "–"
    half, most = (1000 * (counts.reaction(share) or 0.0) for share in (0.5, 0.95))
    return f"{half:.0f}, {most:.0f} ms (n = {len(counts.reactions_s)})"


def _cpu(found: Run) -> str:
    with_quiet, without = cpu_per_s(found), cpu_per_s(found, with_quiet=False)
    return "–" if with_quiet is None or without is None else f"{with_quiet:.3f} s (clips alone {without:.3f})"


def _idle(found: Run) -> str:
    silent, noisy = found.costs.get("idle_cpu_per_s"), found.costs.get("idle_in_noise_cpu_per_s")
    return "–" if silent is None or noisy is None else f"{silent:.4f} s, {noisy:.4f} s"


def _memory(found: Run) -> str:
    peak, bare = found.costs.get("peak_mb"), found.costs.get("bare_mb")
    return "not told here" if peak is None or bare is None else f"{peak:.0f} MB (before loading {bare:.0f})"


def _loading(found: Run) -> str:
    wall, cpu = found.costs.get("load_s"), found.costs.get("load_cpu_s")
    return "–" if wall is None or cpu is None else f"{wall:.1f} s (CPU {cpu:.1f} s)"


def _rounded(value: float) -> str:
    digits = next((digits for digits, least in enumerate((10, 1)) if value >= least), 2)
    return f"{value:.{digits}f}"
