"""The time from a number that is told to the number that is painted, in a page that runs PAINTED from its start."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from playwright import sync_api

from tests.web.desk import Desk

BUSY_MS = 25.0  # a frame and a half: where a page is painted so seldom, no number can be on time
PAINTED = """
window.painted = [];
window.gaps = [];
let last = 0;
const frame = (now) => { window.gaps.push(now - last); last = now; requestAnimationFrame(frame); };
requestAnimationFrame(frame);
document.addEventListener('DOMContentLoaded', () => new MutationObserver(() => {
  const number = document.getElementById('count').textContent;
  requestAnimationFrame(() => setTimeout(() => window.painted.push([number, Date.now()])));
}).observe(document.getElementById('count'), {childList: true, characterData: true, subtree: true}));
"""


@dataclass(frozen=True)
class Take:
    """One run of the beats: how many were painted, the p95 of their delay, and of the time between two frames."""

    painted: int
    p95_ms: float
    frame_ms: float
    load: float

    @property
    def is_starved(self) -> bool:
        """True where frames come late, or others wait for the processors: then no number can be on time."""
        return self.frame_ms > BUSY_MS or self.load > 2 * (os.cpu_count() or 1)


def painted_beats(desk: Desk, window: sync_api.Page, scenes: Sequence[dict[str, object]]) -> Take:
    """Tell the page these scenes of a count from 1 on, and note when each number is painted."""
    window.evaluate("window.painted = []; window.gaps = []")
    sent_ms = {}
    for n, shown in enumerate(scenes, start=1):
        sent_ms[str(n)] = time.time() * 1000
        desk.pages.publish("scene", json.dumps({"at_s": float(n), "scene": shown}))
        window.wait_for_timeout(40)
    painted = dict(window.evaluate("window.painted"))
    late_ms = [painted[number] - at_ms for number, at_ms in sent_ms.items() if number in painted]
    gaps_ms = window.evaluate("window.gaps")
    return Take(len(late_ms), quantiles(late_ms, n=20)[-1], quantiles(gaps_ms, n=20)[-1], os.getloadavg()[0])
