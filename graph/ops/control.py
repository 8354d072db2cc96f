# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Control flow: functions that build the regions of `mo.while` and `mo.if`, and calls of graphs."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

import numpy as np
from mlir import ir

from mograph.dialects.mo import Call, Condition, If, While, Yield
from mograph.graph.emit import Form, as_value, build, create, fail, verify, wrap
from mograph.graph.scope import Scope, current, entered
from mograph.graph.tensor import Tensor, TensorLike, Value

if TYPE_CHECKING:
    from mograph.graph.graph import Graph

__all__ = ["call", "if_", "while_"]

R = TypeVar("R", bound="Tensor | tuple[Tensor, ...] | list[Tensor] | None")


@overload
def while_(inits: Tensor, cond: Callable[[Tensor], TensorLike], body: Callable[[Tensor], TensorLike]) -> Tensor: ...
@overload
def while_(
    inits: Sequence[TensorLike | Value],
    cond: Callable[..., TensorLike],
    body: Callable[..., Sequence[TensorLike | Value]],
) -> tuple[Tensor, ...]: ...
def while_(inits: Any, cond: Callable[..., Any], body: Callable[..., Any]) -> Any:
    """Repeats `body` as long as `cond` says so, carrying values from trip to trip.

    `cond` and `body` are called once, with a tensor for each carried value; they may use other values of the graph.
    `cond` gives a bool of shape [], and `body` the values of the next trip, of the same types. The values that `cond`
    is false for are the results: a tuple, or one tensor when `inits` is one.

    Builds `mo.while`. Raises GraphError when `body` gives other types, or another number of values.
    """
    form = _WHILE
    scope = current(f"'{form.name}' op")
    single = _is_single(inits)
    location = scope.graph.locations.here()
    given = [inits] if single else list(inits)
    values = [as_value(form.name, f"inits[{i}]", scope, item, (), location) for i, item in enumerate(given)]
    types = [value.type for value in values]
    operation = create(form, scope, [[wrap(scope, value) for value in values]], {}, types, regions=2, complete=False)
    for region in operation.regions:
        ir.Block.create_at_start(region, types, [location] * len(types))
    inside = Scope(scope.graph, operation.regions[0].blocks[0], scope)
    carried = _arguments(inside)
    with entered(inside):
        more = as_value(form.name, "what cond gives", inside, cond(*carried), (), location, "i1")
        create(_CONDITION, inside, [wrap(inside, more), carried], {})
    inside = Scope(scope.graph, operation.regions[1].blocks[0], scope)
    carried = _arguments(inside)
    with entered(inside):
        _yield(form, "body", inside, body(*carried), single, types)
    verify(operation)
    results = tuple(wrap(scope, result) for result in operation.results)
    return results[0] if single else results


def if_(condition: TensorLike, then: Callable[[], R], orelse: Callable[[], R] | None = None) -> R:
    """What `then` gives when the condition, a bool of shape [], is true; else what `orelse` gives.

    Both are called once, to build what runs in either case; they may use the graph's values. They give one tensor, or a
    sequence of tensors of equal types, and the result is like that of `then`: one tensor, or a tuple. `orelse` may be
    left out when `then` gives None.

    Builds `mo.if`. Raises GraphError when types or numbers differ.
    """
    form = _IF
    scope = current(f"'{form.name}' op")
    # The types of results are known when the regions are, so these are built in an operation that gives them away.
    draft = create(form, scope, [condition], {}, [], regions=2, complete=False)
    results: Any = None
    types: list[ir.Type] | None = None
    for name, function, region in (("then", then, draft.regions[0]), ("orelse", orelse, draft.regions[1])):
        if function is None:
            if types:
                fail(form.name, f"expected {name}, since then gives {len(types)} values; found none")
            continue
        inside = Scope(scope.graph, ir.Block.create_at_start(region, [], []), scope)
        with entered(inside):
            given = function()
            results = given if name == "then" else results
            ended = _yield(form, name, inside, given, _is_single(given), types)
        types = [value.type for value in ended.operands]
    operation = create(form, scope, [wrap(scope, draft.operands[0])], {}, types, regions=2, complete=False)
    for source, target in zip(draft.regions, operation.regions, strict=True):
        for block in list(source.blocks):
            block.append_to(target)
    draft.erase()
    verify(operation)
    made: Any = tuple(wrap(scope, result) for result in operation.results)
    if results is None:
        made = None
    elif _is_single(results):
        made = made[0]
    return made  # type: ignore[no-any-return]  # of the form that `then` gave


def call(callee: "Graph | str", *args: TensorLike | Value, prefix: str | None = None) -> Any:
    """The results of a private graph of the module: one tensor, or a tuple where there is not just one.

    `callee` is the graph, or its name; the arguments are of the types that it declares, names of dimensions included.
    `prefix` is put before the names of its weights, so that one graph serves all layers of a model.

    Builds `mo.call`. Raises GraphError for an unknown graph and for arguments of other types.
    """
    form = _CALL
    scope = current(f"'{form.name}' op")
    name = callee if isinstance(callee, str) else callee.name
    found = scope.graph.program.graph(name)
    if found is None or (not isinstance(callee, str) and callee.program is not scope.graph.program):
        fail(form.name, f"expected callee to be a graph of the module, found '{name}'")
    if found == scope.graph.operation:
        fail(form.name, f"expected callee to be built already, found graph '{name}', which is being built")
    declared = found.attributes["function_type"].value
    if len(args) != len(declared.inputs):
        fail(form.name, f"expected {len(declared.inputs)} args, as graph '{name}' declares; found {len(args)}")
    location = scope.graph.locations.here()
    values = []
    for index, (given, wanted) in enumerate(zip(args, declared.inputs, strict=True)):
        dtype = str(getattr(scope.graph.program.wrapped(wanted), "dtype", ""))
        value = as_value(form.name, f"args[{index}]", scope, given, (), location, dtype)
        if value.type != wanted:
            fail(form.name, f"expected args[{index}] of type {wanted}, as graph '{name}' declares; found {value.type}")
        values.append(wrap(scope, value))
    made = build(form, [values], {"callee": name, "prefix": prefix}, list(declared.results))
    return made[0] if len(made) == 1 else made


_WHILE, _IF, _CALL, _CONDITION, _YIELD = map(Form.of, (While, If, Call, Condition, Yield))


def _is_single(given: object) -> bool:
    """Whether something is one value, and not a sequence of values."""
    return isinstance(given, Value | np.ndarray | np.generic | bool | int | float)


def _arguments(scope: Scope) -> list[Any]:
    return [wrap(scope, argument) for argument in scope.block.arguments]


def _yield(
    form: Form, what: str, scope: Scope, given: Any, single: bool, types: Sequence[ir.Type] | None
) -> ir.Operation:
    """Ends a region with what a function gave, which must be of these types if there are any."""
    items = [given] if single else [] if given is None else list(given) if isinstance(given, list | tuple) else None
    if items is None:
        fail(form.name, f"expected {what} to give a tensor or a sequence of tensors, found {given!r}")
    if types is not None and len(items) != len(types):
        fail(form.name, f"expected {what} to give {len(types)} values, found {len(items)}")
    location, values = scope.graph.locations.here(), []
    for index, item in enumerate(items):
        wanted = None if types is None else types[index]
        dtype = "" if wanted is None else str(getattr(scope.graph.program.wrapped(wanted), "dtype", ""))
        value = as_value(form.name, f"value {index} of {what}", scope, item, (), location, dtype)
        if wanted is not None and value.type != wanted:
            fail(form.name, f"expected {what} to give {wanted} as value {index}, found {value.type}")
        values.append(wrap(scope, value))
    return create(_YIELD, scope, [values], {})
