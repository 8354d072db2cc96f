# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trains the network of `digits.mlir` with scikit-learn and writes `digits.safetensors`, which is committed.

Three quarters of the 1,797 images train it; the last quarter tells how it does on images that it has never seen.
"""

from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

TRAINED_ON = 1347  # of 1,797, in the order of the data set
HIDDEN = 64

if __name__ == "__main__":
    pixels, labels = load_digits(return_X_y=True)
    images = (pixels / 16).astype(np.float32)
    network = MLPClassifier(hidden_layer_sizes=(HIDDEN,), alpha=0.1, max_iter=400, random_state=0)
    network.fit(images[:TRAINED_ON], labels[:TRAINED_ON])

    weights = {
        f"{kind}{layer}": np.ascontiguousarray(array, dtype=np.float32)
        for kind, arrays in (("w", network.coefs_), ("b", network.intercepts_))
        for layer, array in enumerate(arrays)
    }
    path = Path(__file__).with_name("digits.safetensors")
    save_file(weights, path, metadata={"trained_on": str(TRAINED_ON)})
    print(f"wrote {path.name}: {', '.join(f'{name} {array.shape}' for name, array in weights.items())}")
    print(f"accuracy on images not trained on: {network.score(images[TRAINED_ON:], labels[TRAINED_ON:]):.4f}")
