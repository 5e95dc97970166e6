"""Draws the state diagram as SVG from the recorded changes. Geometry only: it knows no rule of the dialogue.

On top is the way of a session, without shortcuts: an arrow that only skips states is left out. Below, in text boxes,
are the states that hold or end a session, since they are reached from nearly everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import hypot
from textwrap import wrap

from assistant.terminal.documents.names import spaced
from assistant.terminal.documents.reachable_states import Change

WAY: Mapping[str, tuple[float, float]] = {
    # column and row, in the order of a session
    "Opening": (0.2, 0),
    "Advising": (1.5, 0),
    "ResumeOffer": (3, 0),
    "Idle": (0.2, 1),
    "Offered": (1.5, 1),
    "Screening": (3, 1),
    "Rating": (3, 2),
    "Instructing": (1.5, 2),
    "Locating": (0.2, 2.5),
    "ReadyPrompt": (0.2, 3.5),
    "OwnPace": (2.1, 4.5),
    "Leading": (1.5, 3.5),
    "Counting": (3, 4.2),
    "FeelingAsked": (3, 3.3),
    "Finished": (4.1, 3.1),
}
DANGER = frozenset({"PainHold", "PainAsked", "EndedUrgent", "NotToday"})
COLUMN_PX, ROW_PX, LEFT_PX, TOP_PX = 270, 130, 110, 50
BOX_W, BOX_H = 140, 42
HELD_W, HELD_COLUMNS, LINE_PX, LINE_CHARS = 400, 3, 15, 62
WIDTH = 1300
MOST_LABELS = 2  # at one arrow; the table beside the picture lists all
EVERYWHERE = 6  # a target of so many states is described in words, not drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One state on the page, by its centre."""

    x: float
    y: float


def as_svg(changes: Collection[Change], states: Sequence[str]) -> str:
    """Return the diagram: the states, with the commands and events between them."""
    boxes = {name: Box(x=LEFT_PX + column * COLUMN_PX, y=TOP_PX + row * ROW_PX) for name, (column, row) in WAY.items()}
    boxes = {name: box for name, box in boxes.items() if name in states}
    held = [name for name in states if name not in WAY]
    parts = [_arrow(boxes, pair, labels) for pair, labels in _drawn(changes).items()]
    parts += [_box(name, box) for name, box in boxes.items()]
    below = max(box.y for box in boxes.values()) + 80
    words, height = _words(changes, held, below)
    return _PAGE.format(width=WIDTH, height=round(height), body="\n".join([*parts, *words]))


def _drawn(changes: Collection[Change]) -> dict[tuple[str, str], list[str]]:
    """Return the arrows to draw: on the way of a session, not from everywhere, without shortcuts."""
    common = {(label, after) for label, after, _ in everywhere(changes)}
    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for before, label, after in sorted(changes):
        if before in WAY and after in WAY and (label, after) not in common:
            arrows[before, after].append(label)
    order = list(WAY)
    forward = {pair for pair in arrows if order.index(pair[0]) < order.index(pair[1])}
    return {pair: labels for pair, labels in arrows.items() if pair not in forward or not _is_shortcut(pair, forward)}


def _is_shortcut(pair: tuple[str, str], forward: Collection[tuple[str, str]]) -> bool:
    """True if the target can also be reached through another state in between."""
    reached, waiting = set(), [after for before, after in forward if before == pair[0] and after != pair[1]]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting.extend(after for before, after in forward if before == here)
    return pair[1] in reached


def everywhere(changes: Collection[Change]) -> list[tuple[str, str, int]]:
    """Return command, target, and number of source states, for those that many states share."""
    sources: dict[tuple[str, str], set[str]] = defaultdict(set)
    for before, label, after in changes:
        sources[label, after].add(before)
    return [(label, after, len(held)) for (label, after), held in sorted(sources.items()) if len(held) >= EVERYWHERE]


def _words(changes: Collection[Change], held: Sequence[str], top: float) -> tuple[list[str], float]:
    """Return the text boxes, three in a row, and the height of the page."""
    blocks = [(name, _told(changes, name)) for name in held]
    common: dict[str, list[str]] = defaultdict(list)
    for label, after, _ in everywhere(changes):
        if after not in held:
            common[after].append(spaced(label))
    told = [f"{', '.join(labels)} → {spaced(after)}" for after, labels in common.items()]
    blocks.append(("from most states", [line for text in told for line in wrap(text, LINE_CHARS)]))
    parts, y = [], top
    for i in range(0, len(blocks), HELD_COLUMNS):
        row = blocks[i : i + HELD_COLUMNS]
        height = 34 + LINE_PX * max(len(lines) for _, lines in row)
        parts += [_told_box(name, lines, 25 + j * (HELD_W + 20), y, height) for j, (name, lines) in enumerate(row)]
        y += height + 18
    return parts, y


def _told(changes: Collection[Change], name: str) -> list[str]:
    """Describe in lines what leads into a state, and where it leads."""
    into: dict[str, set[str]] = defaultdict(set)
    out: dict[str, set[str]] = defaultdict(set)
    for before, label, after in changes:
        if after == name:
            into[label].add(before)
        if before == name:
            out[after].add(label)
    by = ", ".join(spaced(label) for label in sorted(into, key=lambda label: (-len(into[label]), label)))
    count = len({before for sources in into.values() for before in sources})
    lines = wrap(f"by: {by} (from {count} state{'s' if count > 1 else ''})", LINE_CHARS)
    for after, labels in sorted(out.items()):
        lines += wrap(f"→ {spaced(after)}: {', '.join(spaced(label) for label in sorted(labels))}", LINE_CHARS)
    return lines


def _arrow(boxes: Mapping[str, Box], pair: tuple[str, str], labels: Sequence[str]) -> str:
    """Return a curved line: the curve separates the two directions."""
    one, other = boxes[pair[0]], boxes[pair[1]]
    dx, dy = other.x - one.x, other.y - one.y
    length = hypot(dx, dy)
    bend = 16 + length * 0.07
    mid_x, mid_y = (one.x + other.x) / 2 - dy / length * bend, (one.y + other.y) / 2 + dx / length * bend
    start, end = _edge(one, mid_x, mid_y), _edge(other, mid_x, mid_y)
    x, y = (0.25 * a + 0.5 * m + 0.25 * b for a, m, b in zip(start, (mid_x, mid_y), end, strict=True))
    text = ", ".join(spaced(label) for label in labels[:MOST_LABELS]) + (", …" if len(labels) > MOST_LABELS else "")
    return (
        f'<path d="M{start[0]:.0f} {start[1]:.0f} Q{mid_x:.0f} {mid_y:.0f} {end[0]:.0f} {end[1]:.0f}"/>'
        f'<text class="on" x="{x:.0f}" y="{y + 3:.0f}">{escape(text)}</text>'
    )


def _edge(box: Box, x: float, y: float) -> tuple[float, float]:
    """Return the point where the line from a box's centre to a point leaves the box."""
    dx, dy = x - box.x, y - box.y
    across = (BOX_W / 2 + 4) / abs(dx) if dx else float("inf")
    along = (BOX_H / 2 + 4) / abs(dy) if dy else float("inf")
    scale = min(across, along)
    return box.x + dx * scale, box.y + dy * scale


def _box(name: str, box: Box) -> str:
    return (
        f'<rect class="state" x="{box.x - BOX_W / 2:.0f}" y="{box.y - BOX_H / 2:.0f}" width="{BOX_W}" '
        f'height="{BOX_H}" rx="8"/><text class="name" x="{box.x:.0f}" y="{box.y + 5:.0f}">{escape(spaced(name))}</text>'
    )


def _told_box(name: str, lines: Sequence[str], x: float, y: float, height: float) -> str:
    kind = "danger" if name in DANGER else "held"
    told = "".join(
        f'<tspan x="{x + 12:.0f}" y="{y + 40 + i * LINE_PX:.0f}">{escape(line)}</tspan>' for i, line in enumerate(lines)
    )
    return (
        f'<rect class="{kind}" x="{x:.0f}" y="{y:.0f}" width="{HELD_W}" height="{height:.0f}" rx="8"/>'
        f'<text class="name left" x="{x + 12:.0f}" y="{y + 21:.0f}">{escape(spaced(name))}</text>'
        f'<text class="told">{told}</text>'
    )


_PAGE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif">
<style>
path {{ fill: none; stroke: #7b8c99; stroke-width: 1.3; marker-end: url(#tip); }}
.state {{ fill: #eef5fa; stroke: #2a6f97; stroke-width: 1.5; }}
.held {{ fill: #f6f6f6; stroke: #777; }}
.danger {{ fill: #fdecea; stroke: #b3261e; }}
.name {{ font-size: 15px; font-weight: bold; text-anchor: middle; fill: #111; }}
.left {{ text-anchor: start; }}
.on {{ font-size: 11.5px; text-anchor: middle; fill: #333; stroke: #fff; stroke-width: 4px; paint-order: stroke; }}
.told {{ font-size: 12px; fill: #333; }}
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
<path d="M0 0 L8 4 L0 8 z" style="fill:#7b8c99;stroke:none;marker-end:none"/></marker></defs>
<rect width="{width}" height="{height}" fill="#fff"/>
{body}
</svg>
"""
