# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Weights: arrays by name, from memory or from safetensors files, and how they are compared with what models need."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

from mograph.engine.safetensors import SafetensorsError, read_safetensors
from mograph.targets.calling import Checker
from mograph.targets.signature import Signature

__all__ = ["SafetensorsError", "WeightsLike", "check_weights", "collect_weights"]

Source = Mapping[str, Any] | str | os.PathLike[str]
WeightsLike = Source | Iterable[Source] | None
"""A mapping from names to arrays, the path of a safetensors file, or several of these."""


def collect_weights(weights: WeightsLike) -> dict[str, Any]:
    """All arrays by name; those in files are mapped into memory, and read when they are used.

    Raises ValueError for a name that two sources have, and what `read_safetensors` raises.
    """
    if weights is None:
        return {}
    if isinstance(weights, (str, os.PathLike, Mapping)):
        weights = [weights]
    collected: dict[str, Any] = {}
    for source in weights:
        arrays = source if isinstance(source, Mapping) else read_safetensors(source)
        for name, array in arrays.items():
            if name in collected:
                raise ValueError(f"the weight {name!r} is given twice")
            collected[name] = array
    return collected


def check_weights(signature: Signature, given: Mapping[str, Any], also: Iterable[str] = ()) -> dict[str, Any]:
    """The arrays of a model's weights by name, in the order of its signature.

    Raises one ValueError, or TypeError, that names every weight that is missing, not known, of another type or of
    another shape. `also` are names that the model does not know but that are no error.
    """
    needed = {arg.name for arg in signature.weights}
    others = set(also) - needed
    arrays = Checker(signature).weights({name: array for name, array in given.items() if name not in others})
    return dict(zip((arg.name for arg in signature.weights), arrays, strict=True))
