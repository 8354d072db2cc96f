# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles a trained network to native code and reads scikit-learn's 1,797 handwritten digits with it.

The answers must be those that scikit-learn gives with the same weights; the exit status is 1 when one differs.
"""

import statistics
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

import mograph as mo

HERE = Path(__file__).resolve().parent
WEIGHTS = HERE / "digits.safetensors"


def in_scikit_learn(images: NDArray[np.float32], labels: NDArray[np.int64]) -> tuple[MLPClassifier, int]:
    """Give scikit-learn's own network the weights of the file; also tell how many images they were trained on."""
    with safe_open(WEIGHTS, "numpy") as file:
        weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it cannot be iterated itself)
        trained_on = int(file.metadata()["trained_on"])
    network = MLPClassifier(hidden_layer_sizes=weights["b0"].shape, random_state=0)
    network.partial_fit(images, labels, classes=range(10))  # makes the arrays whose place the weights take
    network.coefs_ = [weights["w0"], weights["w1"]]
    network.intercepts_ = [weights["b0"], weights["b1"]]
    return network, trained_on


def seconds_per_call(call: object, *arguments: object) -> float:
    """Take the median of 50 calls."""
    assert callable(call)
    times = []
    for _ in range(50):
        start = time.perf_counter()
        call(*arguments)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> int:
    """Compile, classify, compare and print."""
    pixels, labels = load_digits(return_X_y=True)
    images = (pixels / 16).astype(np.float32)

    start = time.perf_counter()
    network = mo.compile((HERE / "digits.mlir").read_text(), weights=WEIGHTS)
    compile_time = time.perf_counter() - start

    digits, _ = network(images)
    theirs, trained_on = in_scikit_learn(images, labels)
    same = int(np.sum(digits == theirs.predict(images)))
    ours, unseen = np.mean(digits == labels), np.mean(digits[trained_on:] == labels[trained_on:])
    print(f"images          {len(images)}, of which {len(images) - trained_on} were not trained on")
    print(f"accuracy        {ours:.4f} on all, {unseen:.4f} on those not trained on")
    print(f"scikit-learn    {theirs.score(images, labels):.4f} on all, with the same weights; {same} digits agree")
    print(f"compile time    {compile_time * 1e3:.0f} ms, from text to a callable for any number of images")
    everything = seconds_per_call(network, images) / len(images)
    print(f"time per image  {everything * 1e6:.3f} µs all at once, ", end="")
    print(f"{seconds_per_call(network, images[:1]) * 1e6:.1f} µs one by one")
    if same != len(images):
        print(f"the digits of {len(images) - same} images differ from scikit-learn's", file=sys.stderr)
    return int(same != len(images))


if __name__ == "__main__":
    sys.exit(main())
