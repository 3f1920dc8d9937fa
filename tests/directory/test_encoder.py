"""The int8 graph agrees with sentence-transformers, is built once, and gives a valid vector for anything."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from directory.encoder import Encoder, get_encoder
from directory.encoder.adapter import deltas
from directory.encoder.encoder import MiniLmEncoder
from directory.encoder.graph import ensure_graph, graph_version
from directory.encoder.weights import EncoderError, check_weights, model_files

MESSAGES = [
    "I feel lonely since my wife died",
    "landlord says i have to be out by friday",
    "wanna pack in the fags",
    "where can i learn english",
    "my memory is going and i am scared",
    "is there a lunch club near LU3 on a tuesday",
    "no money for the meter",
    "hello",
    "I look after my mum and never get a break. " * 20,
]


@pytest.mark.parametrize("adapter", [{}, deltas()], ids=["plain", "with the search's adapter"])
def test_it_agrees_with_sentence_transformers(tmp_path: Path, adapter: dict[str, np.ndarray]) -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(model_files().weights.parent), device="cpu")
    matrices = dict(reference[0].auto_model.named_parameters())
    for name, delta in adapter.items():
        matrices[name].data += torch.from_numpy(delta)
    wanted = reference.encode(MESSAGES, normalize_embeddings=True)
    cosines = (MiniLmEncoder(ensure_graph(tmp_path, adapter)).encode(MESSAGES) * wanted).sum(axis=1)
    assert cosines.mean() >= 0.99
    assert cosines.min() >= 0.97


def test_rows_are_unit_vectors_even_for_empty_odd_and_long_texts(encoder: Encoder) -> None:
    vectors = encoder.encode(["", " ", "\x00\u202e", "😀" * 50, "word " * 3000, "tea"])
    assert vectors.shape == (6, encoder.dimension) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_the_order_of_texts_is_kept_although_batches_are_sorted_by_length(encoder: Encoder) -> None:
    texts = [message + " and so on" * (i % 7) for i, message in enumerate(MESSAGES * 8)]
    together = encoder.encode(texts)
    for i in (0, 17, 40, 71):
        assert float(together[i] @ encoder.encode([texts[i]])[0]) > 0.98


def test_one_instance_serves_the_process_and_its_memory_cannot_be_spoiled(
    encoder: Encoder, tmp_path: Path
) -> None:
    assert get_encoder(tmp_path / "elsewhere") is encoder
    first = encoder.encode(["remember me"])
    kept = first.copy()
    first[:] = 0
    assert np.array_equal(encoder.encode(["remember me"]), kept)


def test_an_adapter_makes_another_graph_and_a_misshapen_one_is_refused(tmp_path: Path) -> None:
    name = "encoder.layer.5.output.dense.weight"
    delta = {name: np.random.default_rng(1).normal(0, 0.05, (384, 1536)).astype(np.float32)}
    assert graph_version(delta) != graph_version()
    changed = MiniLmEncoder(ensure_graph(tmp_path, adapter=delta))
    plain = MiniLmEncoder(ensure_graph(tmp_path))
    assert changed.fingerprint != plain.fingerprint
    assert float(changed.encode(["tea"])[0] @ plain.encode(["tea"])[0]) < 0.99
    with pytest.raises(ValueError, match="does not fit"):
        ensure_graph(tmp_path, adapter={name: np.zeros((2, 2), np.float32)})
    assert not list(tmp_path.glob(".building-*"))


def test_weights_that_are_not_the_published_ones_are_refused(tmp_path: Path) -> None:
    false = tmp_path / "model.safetensors"
    false.write_bytes(b"not the weights")
    with pytest.raises(EncoderError, match="not the published ones"):
        check_weights(false)


def test_a_damaged_graph_is_removed_and_said_so(tmp_path: Path) -> None:
    graph = tmp_path / "minilm-int8-broken.onnx"
    graph.write_bytes(b"half a file")
    with pytest.raises(EncoderError, match="start again"):
        MiniLmEncoder(graph)
    assert not graph.exists()


def test_an_unknown_encoder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="no-such-model"):
        get_encoder(tmp_path, str(tmp_path / "no-such-model"))
