"""hama's acoustic model in torch, for training: 16 kHz sound in, log-probabilities of phones out.

The same as assistant/decode/phonetic/conformer.py, which explains the names of the arrays and their places.
Nothing here knows how the model is trained.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.decode.phonetic.conformer import (
    A_BLOCK,
    FIRST_BIAS,
    FIRST_KERNEL,
    FIXED,
    HALVING,
    HEADS,
    KERNEL,
    LEARNED,
    MARGIN,
    MATRICES,
    QUIETEST,
    STEP,
    WIDTH,
)
from assistant.decode.phonetic.weights import Array


class Conformer(nn.Module):
    """The model, with the weights of a file."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        """Copy the arrays, named as in the weight file; raises KeyError where one is missing."""
        super().__init__()
        for name in FIXED:
            self.register_buffer(name, torch.tensor(arrays[name]))
        learned = {name: array for name, array in arrays.items() if name not in FIXED}
        self.kept = nn.ParameterDict(
            {name.replace(".", "/"): nn.Parameter(torch.tensor(array)) for name, array in learned.items()}
        )

    def learned(self) -> dict[str, Array]:
        """Return every array that can be trained, named as in the weight file."""
        return {name.replace("/", "."): cast("Array", kept.detach().cpu().numpy()) for name, kept in self.kept.items()}

    def log_mel(self, wave: Tensor) -> Tensor:
        """Return logarithms of 80 mel bands every 10 ms, shape (clips, spectra, 80); `wave` is (clips, samples)."""
        padded = functional.pad(wave[:, None], (MARGIN, MARGIN), mode="reflect")
        real = functional.conv1d(padded, self.get_buffer("stft_real_kernel"), stride=STEP)
        imaginary = functional.conv1d(padded, self.get_buffer("stft_imag_kernel"), stride=STEP)
        bands = (real**2 + imaginary**2).transpose(1, 2) @ self.get_buffer("mel_fb")
        return bands.clamp(min=QUIETEST).log()

    def forward(self, mel: Tensor) -> Tensor:
        """Return log-probabilities, shape (clips, frames of 20 ms, 191), of `log_mel`'s output. All clips are whole."""
        kernel, bias = (self._array(name) for name in HALVING)
        halved = functional.conv1d(mel.transpose(1, 2), kernel, bias, 2, 1)
        x = functional.gelu(halved).transpose(1, 2)
        for block, (in1, out1, into, out, in2, out2) in enumerate(MATRICES):
            x = x + 0.5 * self._half_step(x, f"blocks.{block}.ffn1", in1, out1)
            x = x + self._attention(x, f"blocks.{block}.attn", into, out)
            x = x + self._convolution(x, block)
            x = x + 0.5 * self._half_step(x, f"blocks.{block}.ffn2", in2, out2)
            x = self._norm(x, f"blocks.{block}.norm")
        return functional.log_softmax(self._pointwise(x, "proj"), -1)

    def _array(self, name: str) -> Tensor:
        return cast("Tensor", self.kept[name.replace(".", "/")])

    def _own(self, name: str) -> Tensor:
        return self._array(LEARNED + name)

    def _matrix(self, number: int) -> Tensor:
        return self._array(f"onnx::MatMul_{number}")

    def _norm(self, x: Tensor, name: str) -> Tensor:
        return functional.layer_norm(x, (WIDTH,), self._own(f"{name}.weight"), self._own(f"{name}.bias"))

    def _pointwise(self, x: Tensor, name: str) -> Tensor:
        return functional.linear(x, self._own(f"{name}.weight")[:, :, 0], self._own(f"{name}.bias"))

    def _half_step(self, x: Tensor, name: str, into: int, out: int) -> Tensor:
        hidden = functional.silu(self._norm(x, f"{name}.norm") @ self._matrix(into) + self._own(f"{name}.fc1.bias"))
        return hidden @ self._matrix(out) + self._own(f"{name}.fc2.bias")

    def _attention(self, x: Tensor, name: str, into: int, out: int) -> Tensor:
        clips, frames, _ = x.shape
        mixed = self._norm(x, f"{name}_norm") @ self._matrix(into) + self._own(f"{name}.in_proj_bias")
        split = (part.reshape(clips, frames, HEADS, WIDTH // HEADS).transpose(1, 2) for part in mixed.chunk(3, -1))
        query, key, value = split
        looked = functional.scaled_dot_product_attention(query, key, value, scale=1 / math.sqrt(WIDTH // HEADS))
        joined = looked.transpose(1, 2).reshape(clips, frames, WIDTH)
        return joined @ self._matrix(out) + self._own(f"{name}.out_proj.bias")

    def _convolution(self, x: Tensor, block: int) -> Tensor:
        name = f"blocks.{block}.conv"
        gated = functional.glu(self._pointwise(self._norm(x, f"{name}.norm"), f"{name}.pointwise1"), -1)
        kernel = self._array(f"onnx::Conv_{FIRST_KERNEL + A_BLOCK * block}")
        bias = self._array(f"onnx::Conv_{FIRST_BIAS + A_BLOCK * block}")
        seen = functional.conv1d(gated.transpose(1, 2), kernel, bias, padding=KERNEL // 2, groups=WIDTH).transpose(1, 2)
        return self._pointwise(functional.silu(seen), f"{name}.pointwise2")
