# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a row of the table is: a program that every peer runs, on arrays that all of them get.

A program is a function of a vocabulary and tensors. Each peer brings the vocabulary in its own terms (`suite.peers`),
so that everybody does the same work and writes it as is usual there.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Program = Callable[..., Any]


@dataclass(frozen=True)
class Array:
    """An input or a weight: how its elements are drawn.

    Floats are normally distributed with the deviation `scale`; integers uniform below `below`, or `values`.
    """

    shape: tuple[int, ...]
    scale: float = 1.0
    dtype: str = "float32"
    below: int = 0
    values: tuple[int, ...] = ()

    def draw(self, random: "np.random.Generator") -> NDArray[Any]:
        """Make one."""
        if self.values:
            given: NDArray[Any] = np.array(self.values, self.dtype).reshape(self.shape)
            return given
        if self.below:
            integers: NDArray[Any] = random.integers(0, self.below, self.shape).astype(self.dtype)
            return integers
        floats: NDArray[Any] = random.standard_normal(self.shape, np.float32) * np.float32(self.scale)
        return floats


@dataclass(frozen=True)
class Row:
    """Some work.

    `program` takes the vocabulary, the weights and the inputs, and gives a tensor or a tuple of tensors. `moved` and
    `flops` are what it must at least read, write and compute, for the ratio to the limits of the machine; 0 where that
    says nothing. Results of peers may differ by `tolerance` times the largest element; random ones only have the same
    moments. `compiles` is a row about the time to compile the program or to start a process with it, instead of running
    it. `pattern` is how it moves bytes, which says what rate is its limit. Those who read ONNX get the file `model`
    instead of the program, if there is one; `values` is a folder of the weights' values, else these are drawn.
    """

    name: str
    program: Program
    inputs: Mapping[str, Array]
    weights: Mapping[str, Array] = field(default_factory=dict)
    moved: int = 0
    pattern: Literal["read", "write", "copy", "add"] = "copy"
    flops: int = 0
    tolerance: float = 1e-4
    random: bool = False
    measured: Literal["run", "compile", "start", "stored"] = "run"
    model: Path | None = None
    values: Path | None = None

    @property
    def limit(self) -> str | None:
        """What bounds it (`suite.limits`); None where that says nothing."""
        if self.measured != "run" or not (self.flops or self.moved):
            return None
        return "fma" if self.flops else self.pattern

    def draw(self) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
        """Draw the inputs and the weights, the same in every run."""
        random = np.random.default_rng(0)
        if self.values is not None:
            drawn = {name: array.draw(random) for name, array in self.inputs.items()}
            return drawn, stored(self.weights, self.values)
        inputs, weights = (
            {name: array.draw(random) for name, array in of.items()} for of in (self.inputs, self.weights)
        )
        return inputs, weights


class Weights(Mapping[str, Any]):
    """Tensors by name, of which `of_layer` shows those whose names have a prefix."""

    def __init__(self, tensors: Mapping[str, Any], prefix: str = "") -> None:
        self._tensors = tensors
        self._prefix = prefix

    def __getitem__(self, name: str) -> Any:
        return self._tensors[self._prefix + name]

    def __iter__(self) -> Iterator[str]:
        return (name.removeprefix(self._prefix) for name in self._tensors if name.startswith(self._prefix))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def of_layer(self, prefix: str) -> "Weights":
        """Show the names below a prefix."""
        return Weights(self._tensors, self._prefix + prefix)


def store(arrays: Mapping[str, NDArray[Any]], folder: Path) -> None:
    """Write arrays to files that other processes map into memory."""
    folder.mkdir(parents=True)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)


def stored(names: Mapping[str, Any], folder: Path) -> dict[str, NDArray[Any]]:
    """Map arrays that `store` wrote."""
    return {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in names}


def several(results: Any) -> tuple[Any, ...]:
    """Give what a program gave as a tuple."""
    return results if isinstance(results, tuple) else (results,)
