# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Weights: arrays by name, from memory or from files, and how they are compared with what models need."""

import os
from collections.abc import Callable, Iterable, Mapping
from threading import Thread
from typing import Any

from mograph.engine.files import suffix
from mograph.engine.safetensors import SafetensorsError, read_safetensors
from mograph.plugins import Host, get_host
from mograph.targets.calling import Checker
from mograph.targets.signature import Signature

__all__ = [
    "Collected",
    "SafetensorsError",
    "WeightsLike",
    "check_weights",
    "collect_weights",
    "collecting",
    "own_weights",
]

Source = Mapping[str, Any] | str | os.PathLike[str]
WeightsLike = Source | Iterable[Source] | None
"""A mapping from names to arrays, the path of a file with weights, or several of these."""


class Collected(dict[str, Any]):
    """Arrays by name. Of those in `spare`, which come from files of models, not every one need be used: some of them
    are constants of the module, or nothing depends on them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.spare: set[str] = set()


def collect_weights(weights: WeightsLike, host: Host | None = None) -> Collected:
    """All arrays by name; those in files are mapped into memory, and read when they are used.

    How a file ends says what reads it: a plugin of `host` (by default: those of the process), or else
    `read_safetensors`. Raises ValueError for a name that two sources have, and what the readers raise.
    """
    if isinstance(weights, Collected):
        return weights
    collected = Collected()
    if weights is None:
        return collected
    if isinstance(weights, (str, os.PathLike, Mapping)):
        weights = [weights]
    for source in weights:
        arrays, spare = (source, False) if isinstance(source, Mapping) else _read(source, host or get_host())
        for name, array in arrays.items():
            if name in collected:
                raise ValueError(f"the weight {name!r} is given twice")
            collected[name] = array
        if spare:
            collected.spare.update(arrays)
    return collected


def collecting(weights: WeightsLike, host: Host | None = None) -> Callable[[], Collected]:
    """Begins to collect weights, those in files on another thread; what it returns waits for them, and gives them or
    raises as `collect_weights` does.
    """
    if weights is None or isinstance(weights, Mapping):
        return lambda: collect_weights(weights, host)
    collected: list[Collected] = []
    errors: list[Exception] = []

    def work() -> None:
        try:
            collected.append(collect_weights(weights, host))
        except Exception as error:
            errors.append(error)

    thread = Thread(target=work)
    thread.start()

    def result() -> Collected:
        thread.join()
        if errors:
            raise errors[0]
        return collected[0]

    return result


def own_weights(source: object, host: Host | None = None) -> WeightsLike:
    """The weights that a model has itself: its file, if files that end so have both models and weights; else None."""
    if isinstance(source, (str, os.PathLike)):
        ending, plugins = suffix(source), host or get_host()
        if ending in plugins.importers and ending in plugins.weights:
            return source
    return None


def _read(path: "str | os.PathLike[str]", host: Host) -> tuple[Mapping[str, Any], bool]:
    """The arrays of a file by name, and whether not every one need be used."""
    ending = suffix(path)
    read = host.weights.load(ending) if ending in host.weights else read_safetensors
    return {name: _aligned(array) for name, array in read(path).items()}, ending in host.importers


def _aligned(array: Any) -> Any:
    """An array, copied if its elements are not where those of its type must be: files may have them anywhere."""
    flags = getattr(array, "flags", None)
    return array if flags is None or flags.aligned else array.copy()


def check_weights(signature: Signature, given: Mapping[str, Any], also: Iterable[str] = ()) -> dict[str, Any]:
    """The arrays of a model's weights by name, in the order of its signature.

    Raises one ValueError, or TypeError, that names every weight that is missing, not known, of another type or of
    another shape. `also` are names that the model does not know but that are no error.
    """
    needed = {arg.name for arg in signature.weights}
    others = set(also) - needed
    arrays = Checker(signature).weights({name: array for name, array in given.items() if name not in others})
    return dict(zip((arg.name for arg in signature.weights), arrays, strict=True))
