# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The engine in single calls: compile and initialise, or interpret.

The compiler and MLIR are imported by the first call that needs them: one for an artifact does not.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mograph.engine.artifact import Artifact
from mograph.engine.model import Model
from mograph.engine.signature import choose
from mograph.engine.sources import is_path
from mograph.engine.storage import is_artifact
from mograph.engine.weights import Collected, WeightsLike, collecting, own_weights
from mograph.plugins import Host

if TYPE_CHECKING:
    from mograph.engine.interpreter import Interpreted

__all__ = ["compile", "interpret", "load_all"]


def compile(
    source: Any,
    *,
    weights: WeightsLike = None,
    graph: str | None = None,
    device: str = "cpu",
    pipeline: str | None = None,
    host: Host | None = None,
) -> Model:
    """Compile a model and give it its weights.

    `source` is the text of a module, the path of one, of an artifact or of a model in a format that a plugin imports, a
    parsed module, or an `Artifact`. `weights` is a mapping from names to arrays, the path of a file with weights
    (safetensors, or what a plugin reads), or several of these; by default, those in the model's file, if any. `graph`
    names the model where the module has several; for the rest see `build`.

    Raises what `build`, `Artifact.open` and `Artifact.initialize` raise.
    """
    given = _collecting(source, weights, host)
    return _artifact(source, device, pipeline, host).initialize(given(), graph)


def load_all(
    source: Any,
    *,
    weights: WeightsLike = None,
    device: str = "cpu",
    pipeline: str | None = None,
    host: Host | None = None,
) -> dict[str, Model]:
    """Compile all models of a module and give them their weights: a mapping from their names. See `compile`."""
    given = _collecting(source, weights, host)
    return _artifact(source, device, pipeline, host).initialize_all(given())


def interpret(
    source: Any, *, weights: WeightsLike = None, graph: str | None = None, host: Host | None = None
) -> "Interpreted":
    """A model that runs by the references of its operations in numpy; called like a compiled one.

    Arguments are those of `compile`. Raises `DiagnosticError` for a module that is not valid, ValueError for one
    without the model, and the errors of `Artifact.initialize` for the weights.
    """
    from mograph.engine.graphs import signatures_of
    from mograph.engine.host import ready
    from mograph.engine.interpreter import Interpreted
    from mograph.engine.reading import read_module

    ready(host)
    module = read_module(source, host)
    signatures = signatures_of(module)
    signature = choose(signatures, graph)
    given = _collecting(source, weights, host)()
    others = [*given.spare, *(arg.name for each in signatures.values() for arg in each.weights)]
    return Interpreted(module, signature, given, also=others)


def _collecting(source: Any, weights: WeightsLike, host: Host | None) -> Callable[[], Collected]:
    """What waits for the weights that are given, or else those that the source has itself."""
    return collecting(own_weights(source, host) if weights is None else weights, host)


def _artifact(source: Any, device: str, pipeline: str | None, host: Host | None) -> Artifact:
    if isinstance(source, Artifact):
        return source
    if is_path(source, host) and is_artifact(source):
        return Artifact.open(source, host)
    from mograph.engine.preload import preload

    preload(device, host)
    from mograph.engine.compiler import build

    return build(source, device=device, pipeline=pipeline, host=host)
