"""The air between a loudspeaker and a microphone, on clocks that differ: raw sound in, the same out, softer and longer.

    parec ... | python -m tests.rigs.air PPM DB | pacat ...

int16 mono at 48 000 Hz, PPM millionths more of it than came: on one server that is a microphone whose clock is so much
faster. (module-loopback also drifts, but by how much it decides anew again and again.) What the player of it keeps in
its buffer grows by it, 6 ms a minute for 100. Ends with its input.
"""

from __future__ import annotations

import os
import sys

import numpy as np
import soxr

RATE_HZ = 48_000
PIECE = 960  # bytes, 10 ms


def main() -> None:
    """Pass it on as it comes."""
    factor = np.float32(10 ** (float(sys.argv[2]) / 20))
    stretch = soxr.ResampleStream(RATE_HZ, RATE_HZ * (1 + float(sys.argv[1]) * 1e-6), 1, dtype="int16")
    rest = b""
    while data := os.read(sys.stdin.fileno(), PIECE):
        rest += data
        whole = len(rest) // 2 * 2
        softer = np.rint(np.frombuffer(rest[:whole], "<i2") * factor).astype(np.int16)
        os.write(sys.stdout.fileno(), stretch.resample_chunk(softer).tobytes())
        rest = rest[whole:]


if __name__ == "__main__":
    main()
