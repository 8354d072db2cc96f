# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions that become subgraphs: one body for all the layers of a model that are alike."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from mlir import ir

from mograph.graph import ops
from mograph.graph.errors import GraphError
from mograph.graph.graph import Graph
from mograph.graph.locations import place
from mograph.graph.scope import current
from mograph.graph.tensor import Tensor
from mograph.graph.types import TensorSpec

__all__ = ["Subgraph", "subgraph"]

R = TypeVar("R", bound="Tensor | tuple[Tensor, ...] | list[Tensor]")


class Subgraph(Generic[R]):
    """What `subgraph` makes of a function."""

    def __init__(self, function: Callable[..., R]) -> None:
        self.function = function
        self._signature = inspect.signature(function)
        functools.update_wrapper(self, function)

    def __get__(self, instance: object, owner: type | None = None) -> "Subgraph[R]":
        """As a method: the instance is the first argument."""
        return self if instance is None else _Bound(self, instance)

    def __call__(self, *args: Any, prefix: str | None = None, **kwargs: Any) -> R:
        """Calls the subgraph for these arguments, building it when the module has none. Raises GraphError or TypeError.

        `prefix` is put before the names of its weights.
        """
        scope = current(f"subgraph '{self.function.__name__}'")
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        tensors = {name: value for name, value in bound.arguments.items() if isinstance(value, Tensor)}
        fixed = {name: value for name, value in bound.arguments.items() if name not in tensors}
        program = scope.graph.program
        # Objects may have changed since the last call, so these are traced again; what comes out equal is one anyway.
        key = (self.function, *((name, value.type) for name, value in tensors.items()), repr(fixed))
        found = program.traced.get(key) if all(map(_is_plain, fixed.values())) else None
        if found is None:
            found = program.traced[key] = self._build(scope.graph, tensors, bound)
        name, single = found
        results = ops.call(name, *tensors.values(), prefix=prefix)
        made: Any = results if single or isinstance(results, tuple) else (results,)
        return made  # type: ignore[no-any-return]  # of the form that the function gives

    def _build(self, around: Graph, tensors: dict[str, Tensor], bound: inspect.BoundArguments) -> tuple[str, bool]:
        """The name of the subgraph, and whether it gives one tensor that is no tuple."""
        program = around.program
        specs = {name: TensorSpec(value.shape, value.dtype, value.device) for name, value in tensors.items()}
        graph = Graph(program.fresh(self.function.__name__), specs, module=around, private=True)
        with graph:
            bound.arguments.update({name: graph.inputs[name] for name in tensors})
            given = self.function(*bound.args, **bound.kwargs)
            single = isinstance(given, Tensor)
            if not single and not isinstance(given, tuple | list):
                message = (
                    f"subgraph '{graph.name}': expected it to give a tensor or a sequence of them, found {given!r}"
                )
                raise GraphError(message, place())
            graph.output(*([given] if isinstance(given, Tensor) else given))
        assert graph.operation is not None
        kept = program.bodies.setdefault(_body(graph.operation), graph.name)
        if kept != graph.name:  # equal to one that came from elsewhere, such as another instance of a class
            graph.operation.detach_from_parent()
        return kept, single


def _body(operation: ir.Operation) -> str:
    """The text of a graph without its name."""
    name = operation.attributes["sym_name"]
    operation.attributes["sym_name"] = ir.StringAttr.get("", context=operation.context)
    text: str = operation.get_asm(assume_verified=True)
    operation.attributes["sym_name"] = name
    return text


class _Bound(Subgraph[R]):
    """A method of an instance."""

    def __init__(self, of: Subgraph[R], instance: object) -> None:
        super().__init__(of.function)
        self._instance = instance

    def __call__(self, *args: Any, prefix: str | None = None, **kwargs: Any) -> R:
        return super().__call__(self._instance, *args, prefix=prefix, **kwargs)


def _is_plain(value: object) -> bool:
    """Whether a value cannot change, and is all that its text says."""
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return value is None or type(value) in (bool, int, float, str)


def subgraph(function: Callable[..., R]) -> Subgraph[R]:
    """Makes a function of tensors a subgraph: a call in a graph builds a private graph once, and a `mo.call` each time.

    ```python
    @subgraph
    def layer(x: Tensor) -> Tensor:
        return ops.relu(x @ ops.external("w", [64, 64], "f32"))

    with Graph("model", inputs={"x": TensorSpec(["n", 64], "f32")}) as g:
        x = g.inputs.x
        for number in range(12):
            x = layer(x, prefix=f"layers.{number}.")
        g.output(y=x)
    ```

    Arguments that are tensors are the subgraph's inputs; it is built anew for other types of them, and for other values
    of the other arguments. It is also built anew when these are more than numbers, strings and tuples, such as `self`,
    but subgraphs that come out equal are one. The function gives a tensor, or a sequence of them.
    """
    return Subgraph(function)
