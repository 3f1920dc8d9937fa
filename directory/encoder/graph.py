"""Writes MiniLM as an ONNX graph straight from its safetensors weights, then quantises it to int8.

No torch is needed: the model is a six-layer BERT of plain matrix products (facts: 22 MB, about 1 ms a
message).
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from directory.encoder.weights import WEIGHTS_SHA256, ModelFiles, check_weights, model_files

if TYPE_CHECKING:
    from onnx import ModelProto

OPSET = 18
# Raise this when the graph below changes, so that older files are not taken for the new one.
GRAPH_VERSION = "1"

Adapter = Mapping[str, np.ndarray]


class _Graph:
    """Collects nodes and initializers; each method adds one operation and returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list = []
        self.initializers: list = []
        self._count = 0

    def constant(self, name: str, value: np.ndarray | np.generic) -> str:
        """Adds a stored array (0-d arrays stay 0-d: ascontiguousarray would make them 1-d)."""
        from onnx import numpy_helper

        self.initializers.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def op(self, kind: str, *inputs: str, output: str | None = None, **attributes: Any) -> str:
        """Adds one node and returns its output's name."""
        from onnx import helper

        self._count += 1
        output = output or f"{kind}_{self._count}"
        self.nodes.append(
            helper.make_node(kind, list(inputs), [output], name=f"n{self._count}", **attributes)
        )
        return output


def build_model(weights: Mapping[str, np.ndarray], layers: int, heads: int) -> ModelProto:
    """The fp32 ONNX model: `input_ids`, `attention_mask` (n, t) int64 -> `vectors` (n, width) float32 unit
    rows.

    `weights` are BERT's by their usual names. The vectors are the masked mean of the last layer,
    L2-normalised.
    """
    from onnx import TensorProto, helper

    g = _Graph()
    width = weights["embeddings.LayerNorm.weight"].shape[0]
    head_width = width // heads

    def stored(key: str, transpose: bool = False) -> str:
        value = weights[key].astype(np.float32)
        return g.constant(key, value.T if transpose else value)

    def linear(x: str, key: str) -> str:
        return g.op("Add", g.op("MatMul", x, stored(f"{key}.weight", transpose=True)), stored(f"{key}.bias"))

    def norm(x: str, key: str) -> str:
        scale, bias = stored(f"{key}.weight"), stored(f"{key}.bias")
        return g.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-12)

    split = g.constant("shape_split", np.array([0, 0, heads, head_width], np.int64))
    joined = g.constant("shape_joined", np.array([0, 0, width], np.int64))
    half, one = g.constant("half", np.float32(0.5)), g.constant("one", np.float32(1))
    root_two = g.constant("root_two", np.float32(np.sqrt(2)))
    scale = g.constant("scale", np.float32(1 / np.sqrt(head_width)))
    hide = g.constant("hide", np.float32(-10000))

    # Positions 0..t-1, from the running count of ones, so that no length is fixed in the graph.
    zero64, one64 = g.constant("zero64", np.int64(0)), g.constant("one64", np.int64(1))
    length = g.op("Gather", g.op("Shape", "input_ids"), one64, axis=0)
    positions = g.op("Range", zero64, length, one64)
    words = g.op("Gather", stored("embeddings.word_embeddings.weight"), "input_ids", axis=0)
    places = g.op("Gather", stored("embeddings.position_embeddings.weight"), positions, axis=0)
    kind = g.constant("token_type", weights["embeddings.token_type_embeddings.weight"][0].astype(np.float32))
    x = norm(g.op("Add", g.op("Add", words, places), kind), "embeddings.LayerNorm")

    mask = g.op("Cast", "attention_mask", to=TensorProto.FLOAT)
    axes12, axis2 = g.constant("axes12", np.array([1, 2])), g.constant("axis2", np.array([2]))
    bias = g.op("Mul", g.op("Sub", one, g.op("Unsqueeze", mask, axes12)), hide)

    for n in range(layers):
        key = f"encoder.layer.{n}"

        def part(name: str, order: list[int], x: str = x, key: str = key) -> str:
            projected = linear(x, f"{key}.attention.self.{name}")
            return g.op("Transpose", g.op("Reshape", projected, split), perm=order)

        query, keys, value = (
            part("query", [0, 2, 1, 3]),
            part("key", [0, 2, 3, 1]),
            part("value", [0, 2, 1, 3]),
        )
        logits = g.op("Add", g.op("Mul", g.op("MatMul", query, keys), scale), bias)
        mixed = g.op("MatMul", g.op("Softmax", logits, axis=-1), value)
        mixed = g.op("Reshape", g.op("Transpose", mixed, perm=[0, 2, 1, 3]), joined)
        x = norm(
            g.op("Add", linear(mixed, f"{key}.attention.output.dense"), x),
            f"{key}.attention.output.LayerNorm",
        )
        inner = linear(x, f"{key}.intermediate.dense")
        gelu = g.op(
            "Mul", g.op("Mul", inner, half), g.op("Add", g.op("Erf", g.op("Div", inner, root_two)), one)
        )
        x = norm(g.op("Add", linear(gelu, f"{key}.output.dense"), x), f"{key}.output.LayerNorm")

    weights3 = g.op("Unsqueeze", mask, axis2)
    axis1 = g.constant("axis1", np.array([1]))
    total = g.op("ReduceSum", g.op("Mul", x, weights3), axis1, keepdims=0)
    mean = g.op("Div", total, g.op("ReduceSum", weights3, axis1, keepdims=0))
    g.op("Div", mean, g.op("ReduceL2", mean, axis1, keepdims=1), output="vectors")

    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "t"])
    masks = helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["n", "t"])
    vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", width])
    graph = helper.make_graph(g.nodes, "minilm", [ids, masks], [vectors], g.initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)


def graph_version(adapter: Adapter | None = None) -> str:
    """Twelve hex digits that change with the weights, the graph's shape or the adapter."""
    digest = hashlib.sha256(f"{GRAPH_VERSION}:{OPSET}:{WEIGHTS_SHA256}".encode())
    for name in sorted(adapter or {}):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray((adapter or {})[name], dtype=np.float32).tobytes())
    return digest.hexdigest()[:12]


def ensure_graph(folder: Path, adapter: Adapter | None = None, files: ModelFiles | None = None) -> Path:
    """The int8 graph's file under `folder`, built first when absent (about 3 s).

    `adapter` maps names of BERT matrices to deltas of the same shape, added before quantising.
    Written to a temporary file and moved into place, so that a killed build leaves nothing half-made.
    Raises EncoderError when the weights are missing or not the published ones, ValueError on a misshapen
    adapter.
    """
    target = folder / f"minilm-int8-{graph_version(adapter)}.onnx"
    if target.is_file():
        return target
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from safetensors.numpy import load_file

    files = files or model_files()
    check_weights(files.weights)
    weights = dict(load_file(str(files.weights)))
    for name, delta in (adapter or {}).items():
        if name not in weights or weights[name].shape != delta.shape:
            raise ValueError(f"The adapter's matrix {name!r} does not fit the model.")
        weights[name] = weights[name] + delta
    config = json.loads(files.config.read_text(encoding="utf-8"))
    model = build_model(weights, config["num_hidden_layers"], config["num_attention_heads"])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".building-") as work:
        made = Path(work) / "graph.onnx"
        # The quantiser warns on the root logger that no pre-processing was done; the graph is ours and needs
        # none.
        logging.getLogger().addFilter(_quiet)
        try:
            quantize_dynamic(model, made, per_channel=True, weight_type=QuantType.QInt8)
        finally:
            logging.getLogger().removeFilter(_quiet)
        os.replace(made, target)
    return target


def _quiet(record: logging.LogRecord) -> bool:
    """Drops the quantiser's advice to pre-process the model."""
    return "pre-processing" not in record.getMessage()
