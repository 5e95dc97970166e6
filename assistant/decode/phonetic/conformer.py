"""hama's acoustic model in numpy: 16 kHz sound in, log-probabilities of phones out. Pure.

A Conformer (Gulati and others 2020, arXiv 2005.08100) of four blocks. The names of its arrays are those of the weight
file; the place of each array, and what lies between them (activations, four heads), was found by trial until the
output was that of hama 1.7.0. hama's own engine gives the same and takes twelve times as long (docs/benchmarks.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from assistant.decode.phonetic.weights import Array

WIDTH = 144  # numbers a frame, between the blocks
HEADS = 4
BANDS = 80  # of the mel spectrum
WINDOW, STEP, MARGIN = 400, 160, 200  # samples: of a spectrum, of the hop, and of padding at both ends
QUIETEST = 1e-10  # energy below which hama's logarithm is cut off
KERNEL = 31  # frames that a block's convolution spans
HALVED = 3, 2  # spectra in a frame, and the hop from one frame to the next
LEAST_SPREAD = 1e-5  # added to the variance, as usual
FIXED = ("mel_fb", "stft_real_kernel", "stft_imag_kernel")
"""Arrays that turn sound into mel bands. They are not trained: all weights must mean the same by a spectrum."""
HALVING = "onnx::Conv_801", "onnx::Conv_802"
LEARNED = "acoustic_model.model."
# What the exporter of hama's model called the matrices of each block: into and out of the first half-step, into and
# out of attention, into and out of the second half-step. 804 + 3n and 805 + 3n are block n's convolution.
MATRICES = (
    (829, 830, 831, 835, 836, 837),
    (838, 839, 840, 844, 845, 846),
    (847, 848, 849, 853, 854, 855),
    (856, 857, 858, 862, 863, 864),
)
FIRST_KERNEL, FIRST_BIAS, A_BLOCK = 804, 805, 3


class Conformer:
    """The model, with the weights of a file (10 MB)."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        """Take the arrays, named as in the weight file; raises KeyError where one is missing."""
        held = _Held(arrays)
        self._mel_bands = arrays["mel_fb"]
        self._fourier = np.concatenate([arrays["stft_real_kernel"][:, 0], arrays["stft_imag_kernel"][:, 0]]).T
        kernel, bias = (arrays[name] for name in HALVING)
        self._halve = _Affine(kernel.transpose(2, 1, 0).reshape(-1, WIDTH), bias)
        self._blocks = [held.block(n) for n in range(len(MATRICES))]
        self._phones = held.pointwise("proj")
        self.width = self._phones.bias.size
        """Number of log-probabilities in a frame."""

    def __call__(self, wave: Array) -> Array:
        """Return log-probabilities, shape (frames of 20 ms, width), of mono sound at 16 000 Hz, full scale 1.0.

        Needs at least one sample; takes about 0.005 s of processor time for a second of sound.
        """
        x = self._phones(self._encoded(self._log_mel(wave)))
        x -= x.max(1, keepdims=True)
        x -= np.log(np.exp(x).sum(1, keepdims=True))
        return x

    def _log_mel(self, wave: Array) -> Array:
        """Return the logarithms of the mel bands every 10 ms, shape (spectra, BANDS)."""
        moments = sliding_window_view(np.pad(wave, MARGIN, mode="reflect"), WINDOW)[::STEP]
        real, imaginary = np.split(moments @ self._fourier, 2, axis=1)
        return _log((real**2 + imaginary**2) @ self._mel_bands)

    def _encoded(self, mel: Array) -> Array:
        span, step = HALVED
        moments = sliding_window_view(np.pad(mel, ((1, 1), (0, 0))), span, axis=0)[::step]
        x = _gelu(self._halve(moments.transpose(0, 2, 1).reshape(-1, span * BANDS)))
        for block in self._blocks:
            x = block(x)
        return x


@dataclass(frozen=True, slots=True, eq=False)
class _Affine:
    weight: Array
    bias: Array

    def __call__(self, x: Array) -> Array:
        y: Array = x @ self.weight
        y += self.bias
        return y


@dataclass(frozen=True, slots=True, eq=False)
class _Norm:
    """Layer normalisation."""

    scale: Array
    shift: Array

    def __call__(self, x: Array) -> Array:
        y: Array = x - x.mean(1, keepdims=True)
        y /= np.sqrt((y * y).mean(1, keepdims=True) + LEAST_SPREAD)
        y *= self.scale
        y += self.shift
        return y


@dataclass(frozen=True, slots=True, eq=False)
class _HalfStep:
    """A half-step feed-forward layer: each frame by itself, through a hidden layer of four times the width."""

    norm: _Norm
    into: _Affine
    out: _Affine

    def __call__(self, x: Array) -> Array:
        hidden = self.into(self.norm(x))
        return 0.5 * self.out(hidden * _sigmoid(hidden))


@dataclass(frozen=True, slots=True, eq=False)
class _Attention:
    """Self-attention: each frame attends to all others."""

    norm: _Norm
    into: _Affine
    out: _Affine

    def __call__(self, x: Array) -> Array:
        split = self.into(self.norm(x)).reshape(len(x), 3, HEADS, -1)
        query, key, value = split.transpose(1, 2, 0, 3)
        likeness: Array = query @ key.transpose(0, 2, 1) / math.sqrt(WIDTH // HEADS)
        likeness -= likeness.max(-1, keepdims=True)
        np.exp(likeness, out=likeness)
        likeness /= likeness.sum(-1, keepdims=True)
        return self.out((likeness @ value).transpose(1, 0, 2).reshape(len(x), WIDTH))


@dataclass(frozen=True, slots=True, eq=False)
class _Convolution:
    """Depthwise convolution: each number of a frame with those of the frames around it."""

    norm: _Norm
    into: _Affine
    kernel: Array
    """Shape (KERNEL, WIDTH)."""
    bias: Array
    out: _Affine

    def __call__(self, x: Array) -> Array:
        value, gate = np.split(self.into(self.norm(x)), 2, axis=1)
        around = np.pad(value * _sigmoid(gate), ((KERNEL // 2, KERNEL // 2), (0, 0)))
        seen = np.repeat(self.bias[None], len(x), axis=0)
        for n, weight in enumerate(self.kernel):
            seen += around[n : n + len(x)] * weight
        return self.out(seen * _sigmoid(seen))


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    parts: tuple[_HalfStep, _Attention, _Convolution, _HalfStep]
    norm: _Norm

    def __call__(self, x: Array) -> Array:
        for part in self.parts:
            x = x + part(x)
        return self.norm(x)


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """The arrays of a file, assembled into layers."""

    arrays: Mapping[str, Array]

    def block(self, n: int) -> _Block:
        name, (in1, out1, into, out, in2, out2) = f"blocks.{n}", MATRICES[n]
        return _Block(
            (
                self._half_step(f"{name}.ffn1", in1, out1),
                _Attention(
                    self._norm(f"{name}.attn_norm"),
                    self._affine(into, f"{name}.attn.in_proj_bias"),
                    self._affine(out, f"{name}.attn.out_proj.bias"),
                ),
                _Convolution(
                    self._norm(f"{name}.conv.norm"),
                    self.pointwise(f"{name}.conv.pointwise1"),
                    np.ascontiguousarray(self.arrays[f"onnx::Conv_{FIRST_KERNEL + A_BLOCK * n}"][:, 0].T),
                    self.arrays[f"onnx::Conv_{FIRST_BIAS + A_BLOCK * n}"],
                    self.pointwise(f"{name}.conv.pointwise2"),
                ),
                self._half_step(f"{name}.ffn2", in2, out2),
            ),
            self._norm(f"{name}.norm"),
        )

    def pointwise(self, name: str) -> _Affine:
        return _Affine(self._own(f"{name}.weight")[:, :, 0].T, self._own(f"{name}.bias"))

    def _half_step(self, name: str, into: int, out: int) -> _HalfStep:
        return _HalfStep(
            self._norm(f"{name}.norm"),
            self._affine(into, f"{name}.fc1.bias"),
            self._affine(out, f"{name}.fc2.bias"),
        )

    def _affine(self, matrix: int, bias: str) -> _Affine:
        return _Affine(self.arrays[f"onnx::MatMul_{matrix}"], self._own(bias))

    def _norm(self, name: str) -> _Norm:
        return _Norm(self._own(f"{name}.weight"), self._own(f"{name}.bias"))

    def _own(self, name: str) -> Array:
        return self.arrays[LEARNED + name]


def _log(energy: Array) -> Array:
    logarithm: Array = np.log(np.maximum(energy, QUIETEST))
    return logarithm


def _sigmoid(x: Array) -> Array:
    y: Array = np.tanh(0.5 * x)
    y *= 0.5
    y += 0.5
    return y


def _gelu(x: Array) -> Array:
    """Return each number times the share of a normal distribution that lies below it (GELU).

    By Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: wrong by 1.5e-7 at most.
    """
    size = np.abs(x) / math.sqrt(2)
    t = 1 / (1 + 0.3275911 * size)
    series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    beyond = 0.5 * series * np.exp(-size * size)
    below: Array = np.where(x > 0, 1 - beyond, beyond)
    return x * below
