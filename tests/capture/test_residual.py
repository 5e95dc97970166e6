"""A block says if the canceller worked on it: the speech detector wants another level of what was cancelled."""

from __future__ import annotations

import numpy as np

from assistant.capture.echo import EchoCanceller
from assistant.messages import BLOCK_S, EAR_RATE_HZ, MOUTH_RATE_HZ, AudioBlock

BLOCK = round(BLOCK_S * EAR_RATE_HZ)
PLAYED = round(BLOCK_S * MOUTH_RATE_HZ)


def test_only_what_it_cancelled_is_told_to_be_a_residual(spoken_for, in_a_room, for_the_speaker):
    """Before the echo is found and in silence a block passes untouched; between them it is a residual."""
    far = np.concatenate([spoken_for(6), np.zeros(EAR_RATE_HZ, np.int16)])
    heard, played, canceller = in_a_room(far), for_the_speaker(far), EchoCanceller()
    told = []
    for n in range(len(heard) // BLOCK):
        canceller.played(played[n * PLAYED : (n + 1) * PLAYED])
        block = AudioBlock(pcm=heard[n * BLOCK : (n + 1) * BLOCK], rate_hz=EAR_RATE_HZ, at_s=n * BLOCK_S)
        clean = canceller.cancel(block, canceller.played_s)
        assert clean.is_residual or np.array_equal(clean.pcm, block.pcm)
        told.append(clean.is_residual)

    assert not told[0]
    assert sum(told) * BLOCK_S > 1.0
    assert not told[-1]
