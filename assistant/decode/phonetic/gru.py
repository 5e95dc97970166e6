"""A gated recurrent unit as PyTorch exports it to ONNX: gates in the order z, r, n; r after the matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from assistant.decode.phonetic.weights import Array


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Gru:
    """One direction of one layer."""

    into: Array
    """Shape (3 x state, input)."""
    again: Array
    """Shape (3 x state, state)."""
    into_bias: Array
    again_bias: Array

    @classmethod
    def of(cls, arrays: Mapping[str, Array], name: str, way: str) -> Gru:
        """The unit whose arrays have this name. Raises KeyError where one is missing."""
        into, again, into_bias, again_bias = (
            arrays[f"{name}_{way}.{part}"] for part in ("into", "again", "into_bias", "again_bias")
        )
        return cls(into=into, again=again, into_bias=into_bias, again_bias=again_bias)

    def step(self, x: Array, state: Array) -> Array:
        """The next state."""
        return half(self._next(self.into @ x + self.into_bias, state))

    def run(self, x: Array) -> Array:
        """The state after each row of x, from zeros; shape (rows, state)."""
        state, states = np.zeros(self.again.shape[1], np.float32), []
        for row in x @ self.into.T + self.into_bias:
            state = self._next(row, state)
            states.append(state)
        return half(np.array(states))

    def _next(self, given: Array, state: Array) -> Array:
        size = len(state)
        kept = self.again @ state + self.again_bias
        gates = 1 / (1 + np.exp(-(given[: 2 * size] + kept[: 2 * size])))
        z, r = gates[:size], gates[size:]
        new = np.tanh(given[2 * size :] + r * kept[2 * size :])
        return np.asarray((1 - z) * new + z * state, np.float32)


def half(x: Array) -> Array:
    """Rounded as float16 rounds, as hama's exporter left it after every step but those inside a unit."""
    return np.asarray(x, np.float32).astype(np.float16).astype(np.float32)
