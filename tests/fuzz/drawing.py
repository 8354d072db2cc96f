# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Graphs of `mo` that are drawn operation by operation, from the declared classes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np
from mlir import ir

from mograph import _native
from mograph.dialects.kit import Dim, new_context, numpy_dtype, wrap_type
from mograph.dialects.mo import Graph, Mo, Output, TensorType

EXTENTS = ({"n": 3, "m": 2}, {"n": 1, "m": 4}, {"n": 0, "m": 1})
"""The extents of the named dimensions in the runs of a graph."""
FLOATS = ("f32", "f64", "f16", "bf16", "f8E4M3FN", "f8E5M2")
INTEGERS = ("si32", "si64", "si8", "si16", "ui8", "ui16", "ui32", "ui64")
BOOL = "i1"
DTYPES = (*FLOATS, *INTEGERS, BOOL)
SPECIAL = (0.0, -0.0, np.inf, -np.inf, np.nan, 1e30, -1e-30, 3e-39, 448.0, 65504.0)

CONTEXT = new_context("mo")
CONTEXT.attach_diagnostic_handler(lambda diagnostic: True)  # what does not fit is drawn again, without a word


@dataclass(frozen=True)
class Input:
    """An input: `fill` says what its elements are like, `below` what indices in it stay below."""

    shape: tuple[Any, ...]
    dtype: str
    fill: str = "any"
    below: Any = None

    def array(self, extents: dict[str, int], random: np.random.Generator) -> Any:
        """Its elements for given extents."""
        shape = [_extent(dim, extents) for dim in self.shape]
        with CONTEXT:
            dtype = numpy_dtype(ir.Type.parse(self.dtype))
        if self.fill == "index":
            limit = max(_extent(self.below, extents), 1)
            return random.integers(-limit if self.dtype[0] == "s" else 0, limit, shape).astype(dtype)
        if self.fill == "count":
            return random.integers(0, 1 + max(_extent(self.below, extents), 0), shape).astype(dtype)
        if self.dtype == BOOL:
            return random.integers(0, 2, shape).astype(dtype)
        if dtype.kind in "iu":
            values = random.integers(0 if self.dtype[0] == "u" else -5, 9, shape)
            if self.fill == "wild":
                ends = np.iinfo(dtype)
                wild = random.integers(0, 4, shape) == 0
                return np.where(wild, random.choice(np.array([ends.min, ends.max], dtype), shape), values.astype(dtype))
            return values.astype(dtype)
        floats = random.standard_normal(shape) * 2
        if self.fill == "positive":
            floats = np.abs(floats) + 0.25
        if self.fill == "wild":
            floats = np.where(random.integers(0, 4, shape) == 0, random.choice(SPECIAL, shape), floats)
        with np.errstate(all="ignore"):
            return floats.astype(dtype)


def _extent(dim: Any, extents: dict[str, int]) -> int:
    return dim if isinstance(dim, int) else int(Dim.parse(dim).evaluate(extents))  # type: ignore[union-attr]


@dataclass(frozen=True)
class Drawn:
    """A drawn graph: the text of a module with the model `name`, whose outputs are all of its values."""

    name: str
    text: str
    inputs: tuple[Input, ...]
    seed: int

    def arrays(self, extents: dict[str, int]) -> list[Any]:
        """Inputs for given extents."""
        random = np.random.default_rng(self.seed)
        return [each.array(extents, random) for each in self.inputs]


@dataclass
class Drawing:
    """A graph while it is drawn: operations are built at the end of a block."""

    random: Random
    block: Any
    inputs: list[Input] = field(default_factory=list)
    pool: list[Any] = field(default_factory=list)

    # Choices.

    def flag(self, odds: int = 2) -> bool:
        """True in one of `odds` cases."""
        return self.random.randrange(odds) == 0

    def integer(self, low: int, high: int) -> int:
        """A number between, ends included."""
        return self.random.randint(low, high)

    def choose(self, items: Sequence[Any]) -> Any:
        """One of the items."""
        return items[self.random.randrange(len(items))]

    def shape(self, rank: int | None = None, names: bool = True) -> tuple[Any, ...]:
        """A shape of up to three small extents."""
        rank = self.integer(0, 3) if rank is None else rank
        return tuple(self.choose([1, 2, 3, 4, "n", "n", "m", 0] if names else [1, 2, 3, 4]) for _ in range(rank))

    def dtype(self, among: Sequence[str] = DTYPES) -> str:
        """A dtype, often one of the first."""
        return str(among[0] if self.flag(3) else self.choose(among))

    # Values.

    def input(self, shape: Sequence[Any], dtype: str, fill: str = "any", below: Any = None) -> Any:
        """A new input of the graph."""
        shape = tuple(dim if isinstance(dim, int) else str(dim) for dim in shape)
        if fill == "any" and self.flag(8):
            fill = "wild"
        self.inputs.append(Input(shape, dtype, fill, below if isinstance(below, int | None) else str(below)))
        return self.block.add_argument(self.type(shape, dtype), ir.Location.unknown())

    def type(self, shape: Sequence[Any], dtype: str) -> Any:
        """A tensor type."""
        return TensorType.get([Dim.parse(dim) for dim in shape], ir.Type.parse(dtype))

    def tensor(
        self, dtypes: Sequence[str] = DTYPES, rank: int | None = None, where: Callable[[Any], bool] | None = None
    ) -> Any:
        """A value of one of the dtypes: one that is there, or a new input."""
        fitting = [
            value
            for value in self.pool
            if dtype_of(value) in dtypes
            and rank in (None, len(shape_of(value)))
            and (where is None or where(shape_of(value)))
        ]
        if fitting and not self.flag(3):
            return self.choose(fitting)
        shape = self.shape(rank)
        while where is not None and not where(shape):
            shape = self.shape(rank)
        return self.input(shape, self.dtype(dtypes))

    def like(self, value: Any, dtype: str | None = None) -> Any:
        """A value of the same dtype (or another) whose shape broadcasts with that of `value`."""
        dtype = dtype or dtype_of(value)
        shape = shape_of(value)
        same = [each for each in self.pool if dtype_of(each) == dtype and shape_of(each) == shape]
        if same and self.flag():
            return self.choose(same)
        kept = list(shape[self.integer(0, len(shape)) :] if self.flag(3) else shape)
        return self.input([1 if self.flag(6) else dim for dim in kept], dtype)

    def build(self, name: str, *operands: Any, results: Sequence[Any] | None = None, **attributes: Any) -> Any:
        """The results of a new operation, which join the others; None where it does not fit."""
        try:
            op = Mo.ops[name].build(*operands, results=results, **attributes)
        except (ir.MLIRError, ValueError, TypeError, IndexError, ZeroDivisionError):
            return None
        if not _native.verify(op.operation)[0]:
            op.operation.erase()
            return None
        made = list(op.operation.results)
        self.pool += [value for value in made if is_tensor(value)]
        return made


def is_tensor(value: Any) -> bool:
    """Whether a value is a tensor."""
    return isinstance(wrap_type(value.type), TensorType)


def shape_of(value: Any) -> tuple[Any, ...]:
    """The shape of a value."""
    return tuple(wrap_type(value.type).shape)


def dtype_of(value: Any) -> str:
    """The dtype of a value."""
    return str(wrap_type(value.type).dtype)


def drawn(random: Random, steps: Callable[[Drawing], None], name: str = "f") -> Drawn:
    """The graph that `steps` draw."""
    with CONTEXT, ir.Location.unknown():
        module = ir.Module.create()
        with ir.InsertionPoint(module.body):
            graph = Graph.build(sym_name=name, function_type=ir.TypeAttr.get(ir.FunctionType.get([], [])))
        block = graph.body.blocks.append()
        drawing = Drawing(random, block)
        with ir.InsertionPoint(block):
            for each in ("n", "m"):  # so that every name has an extent
                drawing.pool.append(drawing.input([each], "f32"))
            steps(drawing)
            outputs = [value for op in block.operations for value in op.operation.results if is_tensor(value)]
            Output.build(outputs)
        types = [argument.type for argument in block.arguments]
        type_ = ir.FunctionType.get(types, [value.type for value in outputs])
        graph.operation.attributes["function_type"] = ir.TypeAttr.get(type_)
        valid, diagnostics = _native.verify(module.operation)
        assert valid, f"{diagnostics}\n{module}"
        return Drawn(name, str(module), tuple(drawing.inputs), random.randrange(2**31))
