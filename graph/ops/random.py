# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random tensors: pure functions of a seed, which the graph numbers."""

from typing import Any

from mograph.dialects.mo import RandomNormal, RandomUniform, StaticRandomNormal
from mograph.graph import ops
from mograph.graph.emit import Form, as_value, attempt, build, fail, wrap
from mograph.graph.ops.typed import known_type, shaped_type
from mograph.graph.scope import Scope, current
from mograph.graph.tensor import Tensor, TensorLike
from mograph.graph.types import DTypeLike, ShapeLike, extents

__all__ = ["random_normal", "random_uniform", "static_random_normal"]


def random_normal(
    shape: Tensor | ShapeLike,
    mean: TensorLike = 0.0,
    std: TensorLike = 1.0,
    seed: TensorLike | None = None,
    *,
    dtype: DTypeLike = "f32",
    dims: ShapeLike | None = None,
    device: str = "cpu",
) -> Tensor:
    """Normally distributed elements: a pure function of the seed and the element's index.

    `shape` is a shape, or a tensor `[rank]` of dtype si64 on the host that holds one: then `dims` says what the
    dimensions of the result are, constants or names, of which new ones are bound. `mean` and `std` are numbers, or
    tensors of shape [] and the result's dtype: f16, bf16, f32 or f64. `seed` is an int, or a tensor of shape [] and
    dtype si64; without it, the graph's seed, plus the number of operations that took one before. In a loop the seed is
    the same in every trip, unless it depends on a carried value.

    Builds `mo.random.normal`. Raises GraphError, for one without a seed in a private graph too: it would draw the same
    in every call.
    """
    return _drawn(RandomNormal, shape, {"mean": mean, "std": std}, seed, dtype, dims, device)


def random_uniform(
    shape: Tensor | ShapeLike,
    low: TensorLike = 0.0,
    high: TensorLike = 1.0,
    seed: TensorLike | None = None,
    *,
    dtype: DTypeLike = "f32",
    dims: ShapeLike | None = None,
    device: str = "cpu",
) -> Tensor:
    """Elements distributed uniformly from `low` to below `high`: a pure function of the seed and the element's index.

    The other parameters are those of `random_normal`.

    Builds `mo.random.uniform`. Raises GraphError.
    """
    return _drawn(RandomUniform, shape, {"low": low, "high": high}, seed, dtype, dims, device)


def static_random_normal(
    shape: ShapeLike,
    mean: TensorLike = 0.0,
    std: TensorLike = 1.0,
    seed: TensorLike | None = None,
    *,
    dtype: DTypeLike = "f32",
    device: str = "cpu",
) -> Tensor:
    """The elements of `random_normal`, by an operation whose shape is in its type.

    Builds `mo.static.random.normal`. Raises GraphError.
    """
    op = StaticRandomNormal
    result = known_type(op, shape, dtype, device)
    operands = _scalars(op, {"mean": mean, "std": std}, seed, str(result.dtype))
    made: Tensor = build(Form.of(op), operands, {}, [result])
    return made


def _drawn(
    op: Any,
    shape: Tensor | ShapeLike,
    parameters: dict[str, TensorLike],
    seed: TensorLike | None,
    dtype: DTypeLike,
    dims: ShapeLike | None,
    device: str,
) -> Tensor:
    result, _ = shaped_type(op, shape, dims, dtype, device)
    operands = [
        shape if isinstance(shape, Tensor) else _shape(op.OPERATION_NAME, shape),
        *_scalars(op, parameters, seed, str(result.dtype)),
    ]
    made: Tensor = build(Form.of(op), operands, {}, [result])
    return made


def _shape(op: str, shape: ShapeLike) -> Tensor:
    """A shape as a tensor; one with named dimensions is that of a tensor which nothing needs the elements of."""
    found = attempt(op, "shape", extents, shape)
    if all(isinstance(extent, int) for extent in found):
        return ops.constant(found, "si64")
    return ops.shape_of(ops.broadcast_to(ops.constant(False), found))


def _scalars(op: Any, parameters: dict[str, TensorLike], seed: TensorLike | None, dtype: str) -> list[Tensor]:
    """The parameters of a distribution, and the seed, as tensors."""
    name = op.OPERATION_NAME
    scope = current(f"'{name}' op")
    location = scope.graph.locations.here()
    scalars = [wrap(scope, as_value(name, key, scope, value, (), location, dtype)) for key, value in parameters.items()]
    if seed is None:
        return [*scalars, _next_seed(name, scope)]
    return [*scalars, wrap(scope, as_value(name, "seed", scope, seed, (), location, "si64"))]


def _next_seed(op: str, scope: Scope) -> Tensor:
    graph = scope.graph
    if graph.private and not isinstance(graph.seed, str):
        fail(op, f"expected a seed: graph '{graph.name}' is private, and would draw the same in every call")
    number, graph.draws = graph.draws, graph.draws + 1
    if isinstance(graph.seed, str):
        base = graph.inputs[graph.seed]
        return base + number if number else base
    return ops.constant((graph.seed + number + 2**63) % 2**64 - 2**63, "si64")
