"""Sentence vectors for understanding and search: MiniLM as an int8 ONNX graph, one instance per process."""

from __future__ import annotations

from directory.encoder.encoder import DEFAULT_ENCODER, Encoder, get_encoder

__all__ = ["DEFAULT_ENCODER", "Encoder", "get_encoder"]
