# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs graphs by the references of their operations in numpy: slow, and what compiled code is compared with."""

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mograph.dialects.kit import VerifyError, evaluate, wrap_type
from mograph.dialects.mo.types import BufferType
from mograph.engine.dims import Extents
from mograph.engine.graphs import CALL, EXTERNAL, graphs_of, input_names, is_tensor
from mograph.engine.weights import check_weights
from mograph.targets.calling import Checker
from mograph.targets.signature import Signature

Values = ChainMap[Any, Any]


class Interpreted:
    """A model that is interpreted; called like a compiled one, it gives the same answers.

    `signature` says what it takes and gives. Raises what `check_weights` raises for weights that do not fit.
    """

    def __init__(self, module: Any, signature: Signature, weights: Mapping[str, Any], also: Iterable[str] = ()) -> None:
        self.signature = signature
        self._checker = Checker(signature)
        self._module = module  # keeps the graphs
        self._graphs = graphs_of(module)
        self._weights = check_weights(signature, weights, also)

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        """Run on arrays, in the order of the inputs or by name; gives an array, or a tuple unless there is one output.

        Raises TypeError or ValueError for inputs that do not fit and ValueError for what fails while it runs, with the
        operation and its place.
        """
        arrays = iter(self._checker.arguments(inputs, named))
        function = self._graphs[self.signature.name].function_type
        # A chain, which orders effects, is neither given nor returned.
        given = [next(arrays) if is_tensor(type_) else None for type_ in function.inputs]
        results = self.call(self.signature.name, given, "")
        # What is returned is the caller's own: a buffer may be an input, or returned twice.
        tensors = [
            result.copy() if isinstance(wrap_type(type_), BufferType) else result
            for result, type_ in zip(results, function.results, strict=True)
            if is_tensor(type_)
        ]
        return tensors[0] if len(tensors) == 1 else tuple(tensors)

    def __repr__(self) -> str:
        return f"<interpreted {self.signature}>"

    def call(self, name: str, arrays: Sequence[Any], prefix: str) -> list[Any]:
        """Run a graph of the module; `prefix` goes before the names of its weights."""
        graph = self._graphs[name]
        (block,) = graph.body.blocks
        with graph.operation.context:
            return _Run(self, name, prefix).block(block, arrays, Values(), Extents(), input_names(graph))

    def weight(self, name: str) -> Any:
        """The array of a weight."""
        return self._weights[name]


class _Run:
    """One run of one graph."""

    def __init__(self, model: Interpreted, graph: str, prefix: str) -> None:
        self._model = model
        self._graph = graph
        self._prefix = prefix

    def block(
        self, block: Any, arrays: Sequence[Any], values: Values, extents: Extents, origins: Sequence[str]
    ) -> list[Any]:
        """Run the operations of a block on its arguments; gives what its terminator takes."""
        _settle(extents, [wrap_type(argument.type) for argument in block.arguments], arrays, origins)
        values.update(zip(block.arguments, arrays, strict=True))
        *operations, terminator = block.operations
        for op in operations:
            try:
                results = self._evaluate(op, [values[operand] for operand in op.operands], values, extents)
            except _PlacedError:
                raise
            except (ValueError, VerifyError) as error:
                raise _PlacedError(f"{self._graph}: {error} ({_place(op)})") from error
            except Exception as error:
                name = op.operation.name
                raise RuntimeError(
                    f"{self._graph}: the reference of '{name}' raised {error!r} ({_place(op)})"
                ) from error
            values.update(zip(op.operation.results, results, strict=True))
        return [values[operand] for operand in terminator.operands]

    def _evaluate(self, op: Any, operands: Sequence[Any], values: Values, extents: Extents) -> list[Any]:
        name = op.operation.name
        types = [wrap_type(result.type) for result in op.operation.results]
        if name == EXTERNAL:
            return [self._model.weight(self._prefix + op.weight)]
        if name == CALL:
            results = self._model.call(op.callee, operands, self._prefix + (op.prefix or ""))
        elif not hasattr(op, "EVALUATE"):
            raise VerifyError(f"'{name}' has no reference implementation")
        else:
            shapes = [extents.expected(type_.shape) if is_tensor(type_) else () for type_ in types]
            regions = [self._region(region, values, extents) for region in op.operation.regions]
            results = evaluate(type(op), op, operands, types, shapes, regions)
        _settle(extents, types, results, [f"result {i} of {name}" for i in range(len(types))])
        return results

    def _region(self, region: Any, values: Values, extents: Extents) -> Callable[..., list[Any]] | None:
        blocks = list(region.blocks)
        if not blocks:
            return None
        if len(blocks) > 1:
            raise VerifyError("a region of several blocks cannot be interpreted")

        def run(*arrays: Any) -> list[Any]:
            origins = [f"argument {i} of a region of {region.owner.name}" for i in range(len(arrays))]
            return self.block(blocks[0], arrays, values.new_child(), extents.inner(), origins)

        return run


class _PlacedError(ValueError):
    """A failure while a graph runs that names its place already."""


def _settle(extents: Extents, types: Sequence[Any], arrays: Sequence[Any], origins: Sequence[str]) -> None:
    """Bind the new names in the types of arrays, and compare the rest."""
    shaped = [
        (type_.shape, array.shape, origin)
        for type_, array, origin in zip(types, arrays, origins, strict=True)
        if is_tensor(type_)
    ]
    for shape, found, origin in shaped:
        extents.bind(shape, found, origin)
    for shape, found, origin in shaped:
        extents.check(shape, found, origin)


def _place(op: Any) -> str:
    """An operation's place in its file, or how its location reads."""
    location = op.location
    if location.is_a_file():
        return f"{location.filename}:{location.start_line}:{location.start_col}"
    return str(location)
