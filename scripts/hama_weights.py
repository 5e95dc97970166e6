"""Copies what the phonetic ear needs out of hama 1.7.0, which the application itself does not need.

    python scripts/hama_weights.py

- assistant/decode/phonetic/in_quiet.hama: the acoustic model's file, byte for byte.
- assistant/decode/phonetic/spelling.npz: the names of the phones, and the arrays of the spelling model. Of the table of
  19,750 letters the 27 of English are kept; all numbers stay as they are.
"""

from __future__ import annotations

import json
import math
import struct
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.decode.phonetic import spelling
from assistant.decode.phonetic.weights import QUIET

Half = npt.NDArray[np.float16]
KINDS = {0: "<f4", 1: "<f2"}
MAGIC = b"HAMAPK"
ENCODER, DECODER = "encoder.hama", "decoder_step.hama"
NAMES = {
    "encoder.frontend_scale": "model.frontend.norm.weight",
    "encoder.frontend_shift": "model.frontend.norm.bias",
    "encoder.out_scale": "model.encoder_out_norm.weight",
    "encoder.out_shift": "model.encoder_out_norm.bias",
    "encoder.bridge": "model.bridge.weight",
    "encoder.bridge_bias": "model.bridge.bias",
    "encoder.around": "onnx::MatMul_532",
    "encoder.keys": "onnx::MatMul_539",
    "decoder.phones": "model.decoder_embedding.weight",
    "decoder.around": "onnx::MatMul_302",
    "decoder.state_scale": "model.decoder_state_norm.weight",
    "decoder.state_shift": "model.decoder_state_norm.bias",
    "decoder.seen_scale": "model.context_norm.weight",
    "decoder.seen_shift": "model.context_norm.bias",
    "decoder.fusion": "model.context_proj.weight",
    "decoder.fusion_bias": "model.context_proj.bias",
    "decoder.fused_scale": "model.fusion_norm.weight",
    "decoder.fused_shift": "model.fusion_norm.bias",
    "decoder.out": "model.output_in_proj.weight",
    "decoder.out_bias": "model.output_in_proj.bias",
    "decoder.scores": "onnx::MatMul_306",
    "attention.now": "onnx::MatMul_303",
    "attention.around": "onnx::MatMul_304",
}
"""Our names to those of hama's exporter."""
GRUS = {
    "encoder.gru0": (484, 485, 483),
    "encoder.gru1": (527, 528, 526),
    "decoder.gru0": (279, 280, 281),
    "decoder.gru1": (299, 300, 301),
}
"""Numbers of the matrices from the input, from the state, and of both biases."""


def arrays(raw: bytes) -> dict[str, Half]:
    """Every array of a file, in the layout of assistant/decode/phonetic/weights.py. Raises ValueError for others."""
    if not raw.startswith(MAGIC):
        raise ValueError("no file of hama's")
    (count,) = struct.unpack_from("<I", raw, 8)
    at, entries = 12, []
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw, at)
        name = raw[at + 2 : at + 2 + length].decode("utf-8")
        at += 2 + length
        kind, dimensions = struct.unpack_from("<BB", raw, at)
        shape = struct.unpack_from(f"<{dimensions}I", raw, at + 2)
        at += 2 + 4 * dimensions
        (start,) = struct.unpack_from("<Q", raw, at)
        at += 16
        entries.append((name, KINDS[kind], shape, start))
    data = -(-at // 16) * 16
    return {
        name: np.frombuffer(raw, kind, math.prod(shape), data + start).reshape(shape)
        for name, kind, shape, start in entries
    }


def spelling_arrays(held: dict[str, Half], letters: list[int]) -> dict[str, Half]:
    """The arrays under our names, matrices as spelling.py multiplies them."""
    named = {ours: held[theirs] for ours, theirs in NAMES.items()}
    named["encoder.letters"] = held["model.encoder_embedding.weight"][letters]
    named["encoder.depthwise"] = held["model.frontend.depthwise.weight"][:, 0].T
    named["encoder.pointwise"] = held["model.frontend.pointwise.weight"][:, :, 0].T
    named["attention.location"] = held["model.attention.location_conv.weight"][:, 0]
    named["attention.nats"] = held["onnx::MatMul_305"][:, 0]
    for name, numbers in GRUS.items():
        into, again, bias = (held[f"onnx::GRU_{number}"] for number in numbers)
        for way, n in zip(("forward", "back"), range(len(into)), strict=False):
            half = bias.shape[1] // 2
            parts = {"into": into[n], "again": again[n], "into_bias": bias[n, :half], "again_bias": bias[n, half:]}
            named |= {f"{name}_{way}.{part}": array for part, array in parts.items()}
    return {name: np.ascontiguousarray(array) for name, array in named.items()}


def main() -> None:
    """Write both files beside the code that reads them."""
    assets = resources.files("hama.assets")
    QUIET.write_bytes(assets.joinpath("asr_waveform.hama").read_bytes())
    vocabulary = json.loads(assets.joinpath("g2p_vocab.json").read_text(encoding="utf-8"))
    letters = [vocabulary["encoder"].index(letter) for letter in spelling.LETTERS]
    held = arrays(assets.joinpath(ENCODER).read_bytes()) | arrays(assets.joinpath(DECODER).read_bytes())
    phones = np.frombuffer("\n".join(vocabulary["decoder"]).encode("utf-8"), np.uint8)
    out = Path(spelling.__file__).with_name(spelling.FILE)
    np.savez_compressed(out, allow_pickle=False, phones=phones, **spelling_arrays(held, letters))
    for path in (QUIET, out):
        print(f"{path}: {path.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
