"""Figures as drawings: SVG for a page, legible on light and dark. Counts nothing itself.

matplotlib draws with stand-in colours, which become the page's own: text is `currentColor`, the engines `var(--e0)` and
so on. The same run gives the same bytes. Without matplotlib, which is an extra, importing this file
raises MissingExtra.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.decode.phonetic.rules import REFUSED
from assistant.errors import MissingExtra
from assistant.terminal.bench.intervals import wilson
from assistant.terminal.bench.judge import JudgedClip, is_wanted
from assistant.terminal.bench.run import Run
from assistant.terminal.bench.tally import Tally, curve, tally, tally_by

try:
    import matplotlib as mpl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
except ImportError as error:
    raise MissingExtra.of("bench", "matplotlib", "the pictures of --html") from error

INK = "#010203"
ENGINE_INKS = tuple(f"#0102{n:02x}" for n in range(16, 24))
KIND_INKS = {"as wanted": "#010310", "as something else": "#010311", "nothing was wanted": "#010312"}
NAMES = {INK: "currentColor"} | {ink: f"var(--e{n})" for n, ink in enumerate(ENGINE_INKS)}
NAMES |= {ink: f"var(--k{n})" for n, ink in enumerate(KIND_INKS.values())}
STYLE: Any = {  # matplotlib types every key by name
    "svg.fonttype": "none",
    "svg.hashsalt": "tuina",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "text.parse_math": False,
}
MOST_DOTS = 40
FEWEST = 5  # commands that a voice must have said to get its own dot
BINS = 40
MARKS = "osD^vPX*"


def recall_against_false(runs: Sequence[Run]) -> str | None:
    """Draw commands right over negative clips acted on, with a line for each engine and a mark at its setting."""

    def draw(axes: Axes) -> None:
        lowest = []
        for n, found in enumerate(runs):
            whole = tally(found.items)
            ink, mark = ENGINE_INKS[n % len(ENGINE_INKS)], MARKS[n % len(MARKS)]
            points = curve(found.items)
            false = [100 * point.false_clips / whole.negative_clips for point in points]
            right = [100 * point.right / whole.n for point in points]
            axes.plot(false, right, color=ink, linewidth=1.6, drawstyle="steps-post")
            place = 100 * whole.false_clips / whole.negative_clips, 100 * whole.right / whole.n
            axes.plot(*place, mark, color=ink, markersize=8, label=found.name, clip_on=False, zorder=5)
            lowest.append(place[1])
        axes.set_xscale("symlog", linthresh=1.0, linscale=0.5)
        ticks = [0, 1, 2, 5, 10, 20, 50, 100]
        axes.set_xticks(ticks, [str(tick) for tick in ticks])
        axes.minorticks_off()
        axes.set_xlim(0, 100)
        axes.set_ylim(max(0.0, min(lowest) // 10 * 10 - 20), 101)
        axes.set_xlabel("clips acted on where nothing must be done, %")
        axes.set_ylabel("commands right, %")
        axes.grid(visible=True, color=INK, alpha=0.15)
        axes.legend(loc="lower right")

    wholes = [tally(found.items) for found in runs]
    if not wholes or not all(whole.n and whole.negative_clips for whole in wholes):
        return None
    return _drawn("curve", 7.2, 4.2, draw)


def histogram(found: Run, number: int) -> str | None:
    """Draw the clips' headroom (or their scores, where the engine has none), by the expected result."""
    has_spare = any(one.heard.spare for item in found.items for one in item.result.utters)
    held: dict[str, list[float]] = {name: [] for name in KIND_INKS}
    for item in found.items:
        told = item.told
        if told is not None and told.heard.spare > REFUSED:
            held[_wanted(item)].append(told.heard.spare if has_spare else told.heard.score)
    values = sorted(value for some in held.values() for value in some)
    if not values:
        return None
    low, high = values[len(values) // 50], values[-1 - len(values) // 50]  # values beyond are drawn at the edges
    high = high if high > low else low + 1.0

    def draw(axes: Axes) -> None:
        clipped = [[min(max(value, low), high) for value in some] for some in held.values()]
        axes.hist(
            clipped,
            bins=BINS,
            range=(low, high),
            stacked=True,
            color=list(KIND_INKS.values()),
            label=[f"{name} ({len(some)})" for name, some in held.items()],
        )
        if has_spare and low < 0 < high:
            axes.axvline(0, color=INK, linewidth=1, linestyle="--")
        axes.set_xlabel("score above what was asked" if has_spare else "score")
        axes.set_ylabel("clips")
        axes.legend()

    return _drawn(f"hist{number}", 7.2, 2.6, draw)


def dots(runs: Sequence[Run], group: str) -> str | None:
    """Draw the share of right commands with its interval, a row a value of the group; None for fewer than two."""
    counted = [tally_by(found.items, group) for found in runs]
    fewest = FEWEST if group == "voice" else 1
    names = [
        name for name in dict.fromkeys(name for each in counted for name in each) if _most(counted, name) >= fewest
    ]
    names = sorted(names, key=lambda name: -min(each[name].right / max(1, each[name].n) for each in counted))[
        -MOST_DOTS:
    ]
    if len(names) <= 1:  # one dot is the overview
        return None

    def draw(axes: Axes) -> None:
        for n, (found, each) in enumerate(zip(runs, counted, strict=True)):
            shift = (n - (len(runs) - 1) / 2) * 0.6 / len(runs)
            ink, mark = ENGINE_INKS[n % len(ENGINE_INKS)], MARKS[n % len(MARKS)]
            for row, name in enumerate(names):
                some = each[name]
                low, high = wilson(some.right, some.n)
                axes.plot([100 * low, 100 * high], [row - shift] * 2, color=ink, linewidth=1.4)
                label = found.name if row == 0 else None
                axes.plot(100 * some.right / some.n, row - shift, mark, color=ink, markersize=5, label=label)
        axes.set_yticks(range(len(names)), [f"{name} ({_most(counted, name)})" for name in names])
        axes.set_xlim(0, 101)
        axes.set_ylim(-0.6, len(names) - 0.4)
        axes.set_xlabel("commands right, %, with 95 % interval")
        axes.grid(visible=True, axis="x", color=INK, alpha=0.15)
        if len(runs) > 1:
            axes.legend(loc="lower left")

    return _drawn(f"dots-{group}", 7.2, 1.0 + 0.24 * len(names) * max(1, len(runs) ** 0.5), draw)


def _most(counted: Sequence[Mapping[str, Tally]], name: str) -> int:
    """Return the fewest commands of this name that any engine heard: all hear the same unless clips were broken."""
    return min((each[name].n if name in each else 0) for each in counted)


def _wanted(item: JudgedClip) -> str:
    if not item.is_command:
        return "nothing was wanted"
    told = item.told
    is_so = told is not None and told.meaning is not None and is_wanted(told.meaning, item.row)
    return "as wanted" if is_so else "as something else"


def _drawn(name: str, width: float, height: float, draw: Callable[[Axes], None]) -> str:
    """Return the SVG element; `name` keeps the ids of several drawings on a page distinct."""
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # the reader's own font draws the text
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure.add_subplot())
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :].strip()
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'((?:xlink:)?href="#|url\(#)', rf"\g<1>{name}-", svg)
    for ink, colour in NAMES.items():
        svg = svg.replace(ink, colour)
    return svg.replace("<svg ", '<svg role="img" ', 1)
