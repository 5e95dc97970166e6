"""A word's spelling to its phones: hama's spelling-to-sound model in numpy.

An encoder of two bidirectional GRUs (Cho and others 2014, arXiv 1406.1078) reads the letters. A decoder of two GRUs
writes phones; its attention prefers letters near those that it looked at before (Chorowski and others 2015, arXiv
1506.07503). What lies between the arrays was found by trying until each output was that of hama 1.7.0
(tests/decode/phonetic/test_spelling.py compares them).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.arrays import DamagedArrays, arrays_in
from assistant.decode.phonetic.conformer import LEAST_SPREAD
from assistant.decode.phonetic.gru import Gru, half
from assistant.decode.phonetic.weights import Array
from assistant.errors import EngineError

FILE = "spelling.npz"
"""hama's arrays, float16 as they were, and the names of its phones; scripts/hama_weights.py makes it."""
LETTERS = "abcdefghijklmnopqrstuvwxyz'"
PHONES = "phones"
PAD, FIRST, LAST = "<pad>", "<sos>", "<eos>"
LONGEST_WORD, MOST_PHONES = 128, 32  # as in hama
FAR = 0.1  # nats for each letter between where the attention looked before and where it looks now


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A word as the encoder gives it."""

    letters: Array
    """Shape (letters, 192)."""
    keys: Array
    """The letters that the attention compares with, shape (letters, 96)."""
    state: tuple[Array, Array]
    """The first states of the decoder's two GRUs, 96 numbers each."""


class Speller:
    """The model, loaded (10 ms, 2 MB)."""

    def __init__(self) -> None:
        """Read the weights. Raises EngineError where the file is damaged."""
        self.phones, arrays = phone_names(), _arrays()
        try:
            self._encoder, self._decoder = _Encoder(arrays), _Decoder(arrays)
            self._pad, self._first, self._last = (self.phones.index(mark) for mark in (PAD, FIRST, LAST))
        except (ValueError, KeyError, IndexError) as error:
            raise _damaged(error) from error

    def __call__(self, word: str) -> list[str]:
        """The phones of a word of the letters a to z and apostrophes, at least one; raises ValueError for others.

        About 3 ms.
        """
        read = self._encoder([LETTERS.index(letter) for letter in word[:LONGEST_WORD]])
        attention = np.full(len(read.letters), 1 / len(read.letters), np.float32)
        state, phone, found = read.state, self._first, list[int]()
        for _ in range(MOST_PHONES):
            phone, state, attention = self._decoder(phone, state, attention, read)
            if phone == self._last:
                break
            if phone != self._pad and (found or phone != self._first):
                found.append(phone)
        return [self.phones[one] for one in found]


def phone_names() -> tuple[str, ...]:
    """The names of the phones, in the order of both of hama's models. Raises EngineError where the file is damaged."""
    return tuple(_read([PHONES])[PHONES].tobytes().decode("utf-8").split("\n"))


def _arrays() -> dict[str, Array]:
    return {name: array.astype(np.float32) for name, array in _read().items() if name != PHONES}


def _read(names: Iterable[str] | None = None) -> dict[str, npt.NDArray[Any]]:
    """The arrays of these names, or all, as they are in the file. Raises EngineError where it is damaged."""
    try:
        packed = resources.files(__package__).joinpath(FILE).read_bytes()
        return arrays_in(packed, names)
    except (OSError, DamagedArrays) as error:
        raise _damaged(error) from error


def _damaged(error: Exception) -> EngineError:
    what = f"the spelling model does not load ({error})"
    return EngineError(what, where=FILE, remedy="Install tuina again, or use --engine vosk")


class _Encoder:
    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._held = arrays
        self._directions = [
            [Gru.of(arrays, f"encoder.gru{layer}", way) for way in ("forward", "back")] for layer in (0, 1)
        ]

    def __call__(self, letters: list[int]) -> Read:
        held = self._held
        x = held["encoder.letters"][letters]
        kernel = held["encoder.depthwise"]
        beside = np.pad(x, ((len(kernel) // 2,) * 2, (0, 0)))
        mixed = half(sum(beside[n : n + len(x)] * row for n, row in enumerate(kernel)))
        x = _normed(half(x + half(mixed @ held["encoder.pointwise"])), held, "encoder.frontend")
        bridged, y = [], x
        for forward, back in self._directions:
            ahead, behind = forward.run(y), back.run(y[::-1])
            both = np.append(ahead[-1], behind[-1])
            bridged.append(half(np.tanh(half(held["encoder.bridge"] @ both + held["encoder.bridge_bias"]))))
            y = np.concatenate([ahead, behind[::-1]], axis=1)
        y = _normed(half(y + half(x @ held["encoder.around"])), held, "encoder.out")
        return Read(letters=y, keys=half(y @ held["encoder.keys"]), state=(bridged[0], bridged[1]))


class _Decoder:
    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._held = arrays
        self._lower, self._upper = (Gru.of(arrays, f"decoder.gru{layer}", "forward") for layer in (0, 1))

    def __call__(
        self, phone: int, state: tuple[Array, Array], attention: Array, read: Read
    ) -> tuple[int, tuple[Array, Array], Array]:
        """The next phone, the new state, and the weight of each letter in it."""
        held = self._held
        last = held["decoder.phones"][phone]
        lower = self._lower.step(last, state[0])
        upper = self._upper.step(lower, state[1])
        now = _normed(upper + last @ held["decoder.around"], held, "decoder.state")
        attention = self._attention(now, attention, read)
        seen = _normed(attention @ read.letters, held, "decoder.seen")
        fused = np.tanh(held["decoder.fusion"] @ np.append(now, seen) + held["decoder.fusion_bias"])
        fused = held["decoder.out"] @ _normed(fused, held, "decoder.fused") + held["decoder.out_bias"]
        scores = fused @ held["decoder.scores"]
        return int(np.argmax(scores)), (lower, upper), attention

    def _attention(self, now: Array, before: Array, read: Read) -> Array:
        """Return the weight of each letter; together 1."""
        held = self._held
        kernel = held["attention.location"]
        beside = np.pad(half(before), kernel.shape[1] // 2)
        around = half(np.lib.stride_tricks.sliding_window_view(beside, kernel.shape[1]) @ kernel.T)
        fit = np.tanh(read.keys + now @ held["attention.now"] + around @ held["attention.around"])
        places = np.arange(len(before), dtype=np.float32)
        nats = fit @ held["attention.nats"] - FAR * np.abs(places - before @ places)
        weights: Array = np.exp(nats - nats.max())
        weights /= weights.sum()
        return weights


def _normed(x: Array, held: Mapping[str, Array], name: str) -> Array:
    """Layer normalisation of the last axis."""
    y: Array = x - x.mean(-1, keepdims=True)
    y /= np.sqrt((y * y).mean(-1, keepdims=True) + LEAST_SPREAD)
    return half(y * held[f"{name}_scale"] + held[f"{name}_shift"])
