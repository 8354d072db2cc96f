# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Branches and loops, of which the results' dimensions may differ from region to region and from trip to trip."""

from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias

from mlir import ir

from mograph.dialects.mo import Condition, If, While, Yield
from mograph.graph import Tensor
from mograph.graph.emit import Form, create, verify, wrap
from mograph.graph.scope import Scope, current, entered
from mograph.graph.types import Extent, names_of

from .context import Context, Type
from .errors import OnnxError

__all__ = ["Shape", "branch", "given_by", "repeat", "switch"]

Shape: TypeAlias = Sequence[Extent]
Body: TypeAlias = Callable[..., Sequence[Tensor]]
Unknown: TypeAlias = Callable[[int, Sequence[Extent | None]], Shape]
"""Completes the shape of a result: given its index, and its dimensions where they are known."""

_IF, _WHILE, _CONDITION, _YIELD = map(Form.of, (If, While, Condition, Yield))


def branch(
    ctx: Context, condition: Tensor, then: Body, orelse: Body, unknown: Unknown | None = None
) -> tuple[Tensor, ...]:
    """The values of one of two functions, as a condition of rank 0 says when the model runs: `mo.if`.

    Dimensions in which they differ are what `unknown` gives, by default new names.
    """
    scope = current(_IF.name)
    draft = create(_IF, scope, [condition], {}, [], regions=2, complete=False)
    regions, values = [], []
    for region, function in zip(draft.regions, (then, orelse), strict=True):
        inside, given = _built(ctx, Scope(ctx.graph, ir.Block.create_at_start(region, [], []), scope), function)
        regions.append(inside)
        values.append(given)
    left, right = values
    if len(left) != len(right):
        raise OnnxError(f"expected branches with equally many results, found {len(left)} and {len(right)}")
    shapes = [_merged(ctx, index, *both, unknown) for index, both in enumerate(zip(left, right, strict=True))]
    for inside, given in zip(regions, values, strict=True):
        with entered(inside):
            fresh = ctx.shared.dims.fresh
            create(_YIELD, inside, [[_fitted(ctx, *each, fresh) for each in zip(given, shapes, strict=True)]], {})
    types = _types(ctx, shapes, [each.dtype for each in left])
    operation = create(_IF, scope, [wrap(scope, draft.operands[0])], {}, types, regions=2, complete=False)
    _moved(draft, operation)
    verify(operation)
    return tuple(Tensor(result, scope) for result in operation.results)


def switch(
    ctx: Context,
    index: Tensor,
    values: Sequence[int],
    function: Callable[[int], Sequence[Tensor]],
    unknown: Unknown | None = None,
) -> tuple[Tensor, ...]:
    """The values of a function for the one of `values` that an integer tensor has when the model runs; those for the
    last of them if it has none. All are built, in a chain of branches.
    """
    if len(values) == 1:
        return tuple(function(values[0]))
    scalar = ctx.emit("reshape", index, to=((), index.dtype))
    found = ctx.emit("equal", scalar, values[0])
    rest = lambda: switch(ctx, index, values[1:], function, unknown)  # noqa: E731  # one that is used once
    return branch(ctx, found, lambda: function(values[0]), rest, unknown)


def repeat(ctx: Context, inits: Sequence[Tensor], condition: Callable[..., Tensor], body: Body) -> tuple[Tensor, ...]:
    """The values that a function gives again and again, as long as a condition of them holds: `mo.while`.

    A dimension that changes from trip to trip becomes a name in the carried type. Which these are is found by building
    the body until nothing changes any more.
    """
    scope = current(_WHILE.name)
    shapes: list[list[Extent]] = [list(each.shape) for each in inits]
    bound: set[str] = set()
    while True:
        names = set(ctx.graph.dims)
        types = _types(ctx, shapes, [each.dtype for each in inits])
        operation = create(_WHILE, scope, [list(inits)], {}, types, regions=2, complete=False)
        first, second = (
            Scope(ctx.graph, ir.Block.create_at_start(region, types, [ctx.graph.locations.here()] * len(types)), scope)
            for region in operation.regions
        )
        carried = [Tensor(each, first) for each in first.block.arguments]
        with entered(first):
            create(_CONDITION, first, [condition(*carried), carried], {})
        carried = [Tensor(each, second) for each in second.block.arguments]
        with entered(second):
            given = body(*carried)
            _require_alike(inits, given)
            changed = _generalized(ctx, shapes, given, bound)
            if not changed:
                create(_YIELD, second, [[_fitted(ctx, *each, bound) for each in zip(given, shapes, strict=True)]], {})
        ctx.graph.dims = names | set().union(*map(names_of, shapes))
        if not changed:
            break
        operation.erase()
    verify(operation)
    return tuple(Tensor(result, scope) for result in operation.results)


def given_by(ctx: Context, inits: Sequence[Tensor], body: Body) -> list[Type]:
    """The types of what the body of a loop gives, of which the first are the values that it carries.

    It is built for that, in a region that is erased.
    """
    scope = current(_IF.name)
    shapes: list[list[Extent]] = [list(each.shape) for each in inits]
    bound: set[str] = set()
    while True:
        names = set(ctx.graph.dims)
        types = _types(ctx, shapes, [each.dtype for each in inits])
        draft = ir.Operation.create(_WHILE.name, regions=1, loc=ctx.graph.locations.here(), ip=scope.ip)
        places = [ctx.graph.locations.here()] * len(types)
        inside = Scope(ctx.graph, ir.Block.create_at_start(draft.regions[0], types, places), scope)
        with entered(inside):
            given = body(*(Tensor(each, inside) for each in inside.block.arguments))
        _require_alike(inits, given[: len(inits)])
        changed = _generalized(ctx, shapes, given[: len(inits)], bound)
        found: list[Type] = [(each.shape, each.dtype) for each in given]
        draft.erase()
        ctx.graph.dims = names
        if not changed:
            return found


def _built(ctx: Context, inside: Scope, function: Body) -> tuple[Scope, list[Tensor]]:
    """What a function builds in a region; names of dimensions that it brings in are not known outside."""
    names = set(ctx.graph.dims)
    with entered(inside):
        given = list(function())
    ctx.graph.dims = names
    return inside, given


def _merged(ctx: Context, index: int, left: Tensor, right: Tensor, unknown: Unknown | None) -> Shape:
    """The shape of what is one of two tensors."""
    if left.ndim != right.ndim or left.dtype != right.dtype:
        raise OnnxError(f"expected branches that give tensors of equal rank and dtype, found {left!r} and {right!r}")
    known = [
        a if a == b and names_of([a]) <= ctx.graph.dims else None for a, b in zip(left.shape, right.shape, strict=True)
    ]
    if None not in known:
        return left.shape
    return _new_names(ctx, known) if unknown is None else unknown(index, known)


def _new_names(ctx: Context, known: Sequence[Extent | None]) -> Shape:
    return [ctx.shared.dims.new("d") if extent is None else extent for extent in known]


def _generalized(ctx: Context, shapes: list[list[Extent]], given: Sequence[Tensor], bound: set[str]) -> bool:
    """Make new names of the dimensions of carried shapes that a body changes, and add them to `bound`, those that a
    loop binds; whether there were any.
    """
    changed = False
    for shape, tensor in zip(shapes, given, strict=True):
        for axis, extent in enumerate(tensor.shape):
            if extent != shape[axis] and str(shape[axis]) not in bound:
                shape[axis] = ctx.shared.dims.new("carried")
                bound.add(str(shape[axis]))
                changed = True
    return changed


def _require_alike(inits: Sequence[Tensor], given: Sequence[Tensor]) -> None:
    if len(inits) != len(given):
        raise OnnxError(f"expected a body that gives {len(inits)} values, found {len(given)}")
    for init, tensor in zip(inits, given, strict=True):
        if init.ndim != tensor.ndim or init.dtype != tensor.dtype:
            raise OnnxError(f"expected carried values of one rank and dtype, found {init!r} and then {tensor!r}")


def _fitted(ctx: Context, tensor: Tensor, shape: Shape, names: Collection[str]) -> Tensor:
    """A tensor as a region ends with it: dimensions of these names may be any here, others are asserted."""
    return ctx.assume(
        tensor, [have if str(said) in names else said for have, said in zip(tensor.shape, shape, strict=True)]
    )


def _types(ctx: Context, shapes: Sequence[Shape], dtypes: Sequence[str]) -> list[ir.Type]:
    ctx.graph.dims |= set().union(*map(names_of, shapes))
    return [
        ctx.graph.program.tensor_type(tuple(shape), dtype, "cpu") for shape, dtype in zip(shapes, dtypes, strict=True)
    ]


def _moved(source: ir.Operation, target: ir.Operation) -> None:
    """Move the blocks of regions from an operation to one like it, and erase the first."""
    for old, new in zip(source.regions, target.regions, strict=True):
        for block in list(old.blocks):
            block.append_to(new)
    source.erase()
