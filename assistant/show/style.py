"""The one stylesheet of all drawings. A page links it once; a file that stands alone holds what it uses of it.

A page may set `--beat` (the time of one repetition, "1.5s"; 2 s without it) and the colours `--tp-ink`, `--tp-paper`,
`--tp-body`, `--tp-far`, `--tp-hand`, `--tp-mark` and `--tp-arrow`. Without them the ink is `currentColor`, and the
others follow `prefers-color-scheme`. Nothing moves where reduced motion is preferred. Colours and widths are by eye.

Elements have classes of one letter below `.tp`, so that no rule of a page is met; there is no style attribute, so a
policy that forbids inline style (CSP) refuses nothing.
"""

from __future__ import annotations

import re

_COLOURS = (
    ".tp{--k:var(--tp-ink,currentColor);--p:var(--tp-paper,#fff);--b:var(--tp-body,#d5dce4);--f:var(--tp-far,#b3bec9);"
    "--h:var(--tp-hand,#fff1d6);--m:var(--tp-mark,#d8400b);--a:var(--tp-arrow,#0b57c4)}"
    "@media(prefers-color-scheme:dark){.tp{--p:var(--tp-paper,#14181d);--b:var(--tp-body,#465260);--f:var(--tp-far,#2e3742);"
    "--h:var(--tp-hand,#8a6a3c);--m:var(--tp-mark,#ff8a4c);--a:var(--tp-arrow,#79b8ff)}}"
    ".tp path{stroke-linecap:round;stroke-linejoin:round;paint-order:stroke;fill:none}"
)
_STILL = {
    "p": "fill:var(--p)",  # paper
    "b": "fill:var(--b);stroke:var(--k);stroke-width:7",  # body
    "f": "fill:var(--f);stroke:var(--k);stroke-width:7",  # what is far
    "h": "fill:var(--h);stroke:var(--k);stroke-width:7",  # hand
    "n": "fill:var(--k);stroke:var(--k);stroke-width:4",  # the hollow of a fist
    "l": "stroke:var(--k);stroke-width:3;opacity:.5",  # seams
    "s": "stroke:var(--k);stroke-width:4;stroke-dasharray:1 10;opacity:.6",  # middle line
    "m": "paint-order:normal;fill:var(--m);fill-opacity:.35;stroke:var(--m);stroke-width:4;stroke-dasharray:9 8",
    "o": "stroke:var(--m);stroke-width:7",  # ring around a point
    "d": "fill:var(--m);stroke:var(--p);stroke-width:4",  # point
    "g": "fill:var(--h);stroke:var(--k);stroke-width:4;stroke-dasharray:7 7;opacity:.8",  # where a hand goes to
    "c": "stroke:var(--p);stroke-width:19",  # the pale edge of an arrow
    "a": "stroke:var(--a);stroke-width:10",  # arrow
    "t": "fill:var(--a);stroke:var(--p);stroke-width:9",  # its tip
    "w": "stroke:var(--p);stroke-width:5;stroke-dasharray:12 88;opacity:0",  # what runs along it
    "x": "stroke:var(--m);stroke-width:7",  # sparks of a tap
}
_MOVING = {
    "w": "opacity:1;animation:tp-w var(--beat,2s) linear infinite",
    "q": "animation:tp-q var(--beat,2s) linear infinite",  # a circle, and
    "r": "animation:tp-r var(--beat,2s) linear infinite",  # its counter-turn
    "v": "animation-direction:reverse",
    "e": "animation-direction:alternate",
    "u": "animation:tp-u var(--beat,2s) ease-in-out infinite",  # there
    "z": "animation:tp-u calc(var(--beat,2s)/2) ease-in-out infinite alternate",  # there and back
    "y": "animation:tp-y var(--beat,2s) ease-out infinite",  # a tap
    "x": "animation:tp-x var(--beat,2s) linear infinite",
}
_KEYFRAMES = {
    "w": "from{stroke-dashoffset:100}",
    "q": "to{transform:rotate(360deg)}",
    "r": "to{transform:rotate(-360deg)}",
    "u": "from{transform:translate(-1px,0)}",
    "y": "0%,60%{transform:scale(1)}30%{transform:scale(1.18)}",
    "x": "0%,59%,90%{opacity:0}60%,80%{opacity:1}",
}
_ALONE = ":root{--beat:%gs;--tp-ink:#14181d}@media(prefers-color-scheme:dark){:root{--tp-ink:#f2f5f8}}"


def _style(classes: set[str]) -> str:
    """Return the rules of these classes."""
    still = "".join(f".tp .{name}{{{rule}}}" for name, rule in _STILL.items() if name in classes)
    moving = "".join(f".tp .{name}{{{rule}}}" for name, rule in _MOVING.items() if name in classes)
    frames = "".join(f"@keyframes tp-{name}{{{rule}}}" for name, rule in _KEYFRAMES.items() if f"tp-{name} " in moving)
    return f"{_COLOURS}{still}@media(prefers-reduced-motion:no-preference){{{moving}}}{frames}"


STYLE = _style({*_STILL, *_MOVING})
"""For a page that shows drawings: its own file, or one `<style>`."""


def own_style(content: str, beat_s: float) -> str:
    """Return the stylesheet of one drawing that stands alone, with the seconds of one repetition."""
    used = set(" ".join(re.findall(r'class="([^"]+)"', content)).split())
    return _ALONE % round(beat_s, 2) + _style(used)
