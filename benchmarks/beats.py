"""Measures the timing of beats in the rendered samples, and the player's processor time.

    .venv/bin/python -m benchmarks.beats [hibari|silent]

For each tempo a count of 60 is rendered, each beat ordered one period ahead as the dialogue does: alone, and with
sentences, earcons and changes of volume in between. With hibari, a number's onset is where the start of its clip
correlates best with the stream, 20 ms either side of the time it is due. With the silent voice only the ticks sound,
also under sentences: there an onset is the first sample that is not zero. CPU is the processor time of `render` alone;
block times are wall time, so other load on the machine shows in them. Run it from the root of the repository.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import yaml

from assistant.messages import MOUTH_RATE_HZ, Clip, Pcm
from assistant.speak.clips import ClipCache
from assistant.speak.hibari_voice import HibariVoice
from assistant.speak.player import Player
from assistant.speak.silent_voice import SilentVoice

BLOCK = 480
BEATS = 60
START_S = 2.0
PERIODS_S = (0.5, 2 / 3, 0.8, 1.0, 1.5)
SEARCH = 480
WORDS = yaml.safe_load(Path("grammars/en/numbers.yaml").read_text())
SENTENCES = ("Slower.", "Twenty-four left.", "Keep your head up, and bend slowly, as far as is comfortable for you.")


@dataclass
class Run:
    """One rendered count."""

    stream: Pcm
    spoken: dict[int, bool]
    cpu_s: float
    block_ms: list[float] = field(default_factory=list)


def render(cache: ClipCache, period_s: float, *, is_disturbed: bool) -> Run:
    """Render the count, block by block."""
    player, blocks, times = Player(), [], []
    clips = {n: cache.number(WORDS[n], period_s) for n in range(1, BEATS + 1)}
    ordered, disturbances = 0, 0
    cpu_s = 0.0
    while player.now_s < START_S + (BEATS + 1) * period_s:
        if ordered < BEATS and player.now_s >= START_S + (ordered - 1) * period_s:
            ordered += 1
            player.place_number(START_S + (ordered - 1) * period_s, clips[ordered], ordered, period_s)
        if is_disturbed and player.now_s > START_S + disturbances * 3.7:
            player.queue_sentence(disturbances, cache.get(SENTENCES[disturbances % len(SENTENCES)]))
            player.volume(80 + 10 * (disturbances % 5))
            if not isinstance(cache.voice, SilentVoice):
                player.sound("heard")
            disturbances += 1
        began, began_cpu = time.perf_counter(), time.process_time()
        blocks.append(player.render(BLOCK))
        cpu_s += time.process_time() - began_cpu
        times.append((time.perf_counter() - began) * 1_000)
    spoken = {placed.n: placed.is_spoken for placed in player.placed}
    return Run(np.concatenate(blocks), spoken, cpu_s / player.now_s, times)


def onset_by_clip(stream: Pcm, clip: Clip, due: int) -> int:
    """Return the sample near `due` at which the first 150 ms of the clip correlate best."""
    template = clip.pcm[: round(0.15 * MOUTH_RATE_HZ)].astype(np.float64)
    region = stream[due - SEARCH : due + SEARCH + len(template)].astype(np.float64)
    windows = np.lib.stride_tricks.sliding_window_view(region, len(template))
    return int(np.argmax(windows @ template / (np.linalg.norm(windows, axis=1) + 1.0))) + due - SEARCH


def onset_by_silence(stream: Pcm, due: int) -> int:
    """Return the first sample near `due` that is not zero."""
    return int(np.flatnonzero(stream[due - SEARCH : due + SEARCH])[0]) + due - SEARCH


def report(cache: ClipCache, period_s: float, *, is_disturbed: bool) -> None:
    """Print one line of figures."""
    run = render(cache, period_s, is_disturbed=is_disturbed)
    is_silent = isinstance(cache.voice, SilentVoice)
    errors = []
    for n in range(1, BEATS + 1):
        due = round((START_S + (n - 1) * period_s) * MOUTH_RATE_HZ)
        if is_silent:
            errors.append(abs(onset_by_silence(run.stream, due) - due))
        elif run.spoken[n]:
            errors.append(abs(onset_by_clip(run.stream, cache.number(WORDS[n], period_s), due) - due))
    p50, p99 = np.percentile(run.block_ms, [50, 99])
    print(
        f"period {period_s:.3f} s  {'disturbed' if is_disturbed else 'alone':9}  {sum(run.spoken.values())} of {BEATS}"
        f" spoken, {len(errors)} onsets found  worst error {max(errors)} samples"
        f"  CPU {run.cpu_s * 1_000:.2f} ms per second of sound  block p50 {p50:.3f} p99 {p99:.3f} ms"
    )


def main() -> None:
    """Measure every tempo, alone and disturbed."""
    for name in sys.argv[1:] or ["hibari", "silent"]:
        cache = ClipCache(HibariVoice() if name == "hibari" else SilentVoice(), None)
        print(f"{name}: {'numbers found by their clips' if name == 'hibari' else 'ticks found in silence'}")
        for period_s in PERIODS_S:
            for is_disturbed in (False, True):
                report(cache, period_s, is_disturbed=is_disturbed)


if __name__ == "__main__":
    main()
