"""Trains a copy of hama's acoustic model to hear in noise what the model itself hears without (distillation).

    python scripts/adapt_to_noise/train.py --speech FOLDER --out FILE --minutes N [--seed N] [--rate R] [--from FILE]

The teacher, which stays as installed, hears each clip clean and gives the probability of each phone in every frame;
with a transcript this is moved towards it (transcripts.py); the student hears the same clip in noise and is
moved towards that. It runs in an environment of its own, see README.md beside it.
"""

from __future__ import annotations

import argparse
import copy
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from conformer import Conformer
from examples import Examples, read_clips
from soundfile import LibsndfileError
from taught import with_arrays
from torch import Tensor
from transcripts import Transcripts

from assistant.decode.phonetic.posteriors import Posteriors
from assistant.decode.phonetic.weights import QUIET, BadWeights, read

BLANK = 190  # the last of the model's 191 outputs: "no phone begins here"
SOUND_COUNTS = 5  # a frame with a phone counts up to six times as much as one without: most frames are blank
RATE = 5e-4  # of learning, at its highest, unless given; set by hand, not compared with others
WARM_UP = 40  # steps to the highest rate, from where it falls along a cosine to a fiftieth
LAST_RATE = 0.02  # of the highest
WEIGHT_DECAY = 1e-4
BETAS = (0.9, 0.98)  # AdamW's, as usual for such models (Vaswani and others 2017, arXiv 1706.03762)
LONGEST_STEP = 1.0  # norm at which gradients are clipped
MEMORY = 0.998  # of the running mean of the weights, which is the result: about the last 500 steps
TOLD_EVERY = 100  # steps
TRUST, DOUBT = 0.85, 5.0  # in transcripts (transcripts.py); set by hand, not compared with others
ALMOST_NONE = 1e-9  # the least probability, so that its logarithm exists


def main() -> None:
    """Read the clips, train for the requested time, write the weights."""
    asked = arguments()
    try:
        own = read(QUIET)
        begun = read(asked.begin) if asked.begin else own
        voices = read_clips(asked.speech)
    except (BadWeights, OSError, LibsndfileError, ValueError) as error:
        sys.exit(str(error))
    if not voices:
        sys.exit(f"{asked.speech}: no clips; expected FLAC or WAV files in one folder for each voice")
    print(", ".join(f"{name} {len(clips)}" for name, clips in voices.items()), flush=True)
    student = Conformer(begun.arrays())
    school = School(
        teacher=Conformer(own.arrays()),
        examples=Examples(voices, asked.seed),
        transcripts=Transcripts(Posteriors().tokens, trust=asked.trust, doubt=DOUBT),
    )
    mean = learn(student, school, asked.minutes * 60, asked.rate)
    asked.out.write_bytes(with_arrays(own, mean.learned()))


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speech", type=Path, required=True, help="a folder with one folder of clips for each voice")
    parser.add_argument("--out", type=Path, required=True, help="the weights to write, ending in .hama")
    parser.add_argument("--minutes", type=float, required=True, help="how long to teach; 0 writes what it begins with")
    parser.add_argument("--seed", type=int, default=1, help="of all that is random")
    parser.add_argument("--rate", type=float, default=RATE, help="of learning, at its highest")
    parser.add_argument("--trust", type=float, default=TRUST, help="in transcripts; 0: the teacher's reading alone")
    parser.add_argument("--from", dest="begin", type=Path, help="weights to begin with, instead of hama's own")
    return parser.parse_args()


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """The student's training data."""

    teacher: Conformer
    examples: Examples
    transcripts: Transcripts

    def lesson(self) -> tuple[Tensor, Tensor]:
        """Return a batch: the mel bands of the noisy side, and the target of each frame, in probabilities."""
        clean, noisy, texts = self.examples.batch()
        with torch.no_grad():
            told = self.teacher(self.teacher.log_mel(torch.from_numpy(clean)))
            return self.teacher.log_mel(torch.from_numpy(noisy)), self.transcripts.target(told, texts)


def learn(student: Conformer, school: School, seconds: float, rate: float) -> Conformer:
    """Train for so many seconds; return the running mean of the student's weights. The student is changed."""
    mean = copy.deepcopy(student)
    optimiser = torch.optim.AdamW(student.parameters(), lr=rate, weight_decay=WEIGHT_DECAY, betas=BETAS)
    begun, step, lately = time.monotonic(), 0, 0.0
    while (passed := time.monotonic() - begun) < seconds:
        for group in optimiser.param_groups:
            group["lr"] = rate * share_of_rate(passed / seconds, step)
        mel, target = school.lesson()
        loss = distance(target, student(mel))
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(student.parameters(), LONGEST_STEP)
        optimiser.step()
        step += 1
        follow(mean, student, min(MEMORY, 1 - 1 / (step + 5)))
        lately += loss.item()
        if step % TOLD_EVERY == 0:
            print(f"step {step}, {passed:.0f} s, distance {lately / TOLD_EVERY:.4f} nats", flush=True)
            lately = 0.0
    print(f"{step} steps", flush=True)
    return mean


def distance(target: Tensor, heard: Tensor) -> Tensor:
    """Return the mean Kullback-Leibler divergence of `heard` from the target, in nats a frame; phones count more.

    Probabilities and log-probabilities of shape (clips, frames, 191).
    """
    counts = 1 + SOUND_COUNTS * (1 - target[..., BLANK])
    return ((target * ((target + ALMOST_NONE).log() - heard)).sum(-1) * counts).sum() / counts.sum()


def share_of_rate(share: float, step: int) -> float:
    """Return the share of the highest learning rate at a share of the time (0 to 1) and a step (from 0)."""
    falls = LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * share))
    return min(1.0, (step + 1) / WARM_UP) * falls


@torch.no_grad()
def follow(mean: Conformer, student: Conformer, memory: float) -> None:
    """Move the running mean towards the student; `memory` is the share that stays."""
    for kept, new in zip(mean.parameters(), student.parameters(), strict=True):
        kept.lerp_(new, 1 - memory)


if __name__ == "__main__":
    main()
