# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Control flow: functions that build the regions of `mo.while`, `mo.if` and the like, and calls of graphs."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

import numpy as np
from mlir import ir

from mograph.dialects import mo
from mograph.dialects.mo import Call, Condition, If, While, Yield
from mograph.dialects.mo.flow import flows_into
from mograph.dialects.mo.parallel import launched
from mograph.graph.emit import Form, as_value, attempt, build, create, fail, verify, wrap
from mograph.graph.scope import Scope, current, entered
from mograph.graph.tensor import Tensor, TensorLike, Value
from mograph.graph.types import TensorSpec

if TYPE_CHECKING:
    from mograph.graph.graph import Graph

__all__ = ["call", "if_", "parallel", "sequence", "while_"]

Types = Sequence["TensorSpec | ir.Type | None"]
"""Types of values, None for one that stays as it is."""
R = TypeVar("R", bound="Tensor | tuple[Tensor, ...] | list[Tensor] | None")


@overload
def while_(
    inits: Tensor,
    cond: Callable[[Tensor], TensorLike],
    body: Callable[[Tensor], TensorLike],
    types: "Types | None" = None,
) -> Tensor: ...
@overload
def while_(
    inits: Sequence[TensorLike | Value],
    cond: Callable[..., TensorLike],
    body: Callable[..., Sequence[TensorLike | Value]],
    types: "Types | None" = None,
) -> tuple[Tensor, ...]: ...
def while_(inits: Any, cond: Callable[..., Any], body: Callable[..., Any], types: "Types | None" = None) -> Any:
    """Repeats `body` as long as `cond` says so, carrying values from trip to trip.

    `cond` and `body` are called once, with a tensor for each carried value; they may use other values of the graph.
    `cond` gives a bool of shape [], and `body` the values of the next trip, of the same types. The values that `cond`
    is false for are the results: a tuple, or one tensor when `inits` is one.

    `types` are the types that are carried, where these are not those of `inits` (None: it is that one). A dimension of
    such a type that is a name may be another one in what starts the loop and in what `body` gives: with `[k, 4]`
    carried, it may start with `[0, 4]` and give `[k + 1, 4]`. The name is bound anew in every trip, unless it is known
    before the loop.

    Builds `mo.while`. Raises GraphError when `body` gives other types, or another number of values.
    """
    form = _WHILE
    scope = current(f"'{form.name}' op")
    single = _is_single(inits)
    location = scope.graph.locations.here()
    given = [inits] if single else list(inits)
    values = [as_value(form.name, f"inits[{i}]", scope, item, (), location) for i, item in enumerate(given)]
    own = [value.type for value in values]
    carried_types = own if types is None else _declared(form, scope, types, own)
    operation = create(
        form, scope, [[wrap(scope, value) for value in values]], {}, carried_types, regions=2, complete=False
    )
    for region in operation.regions:
        ir.Block.create_at_start(region, carried_types, [location] * len(own))
    inside = Scope(scope.graph, operation.regions[0].blocks[0], scope)
    carried = _arguments(inside)
    with entered(inside):
        more = as_value(form.name, "what cond gives", inside, cond(*carried), (), location, "i1")
        create(_CONDITION, inside, [wrap(inside, more), carried], {})
    inside = Scope(scope.graph, operation.regions[1].blocks[0], scope)
    carried = _arguments(inside)
    with entered(inside):
        _yield(form, "body", inside, body(*carried), single, carried_types)
    verify(operation)
    results = tuple(wrap(scope, result) for result in operation.results)
    return results[0] if single else results


def if_(
    condition: TensorLike,
    then: Callable[[], R],
    orelse: Callable[[], R] | None = None,
    types: "Types | None" = None,
) -> R:
    """What `then` gives when the condition, a bool of shape [], is true; else what `orelse` gives.

    Both are called once, to build what runs in either case; they may use the graph's values. They give one tensor, or a
    sequence of tensors of equal types, and the result is like that of `then`: one tensor, or a tuple. `orelse` may be
    left out when `then` gives None.

    `types` are the types of the results, where these are not those of what `then` gives (None: it is that one). A
    dimension that is a name there may be another one in what the functions give: the result binds it.

    Builds `mo.if`. Raises GraphError when types or numbers differ.
    """
    form = _IF
    scope = current(f"'{form.name}' op")
    # The types of results are known when the regions are, so these are built in an operation that gives them away.
    draft = create(form, scope, [condition], {}, [], regions=2, complete=False)
    results: Any = None
    given_types: list[ir.Type] | None = None
    for name, function, region in (("then", then, draft.regions[0]), ("orelse", orelse, draft.regions[1])):
        if function is None:
            if given_types:
                fail(form.name, f"expected {name}, since then gives {len(given_types)} values; found none")
            continue
        inside = Scope(scope.graph, ir.Block.create_at_start(region, [], []), scope)
        with entered(inside):
            given = function()
            results = given if name == "then" else results
            ended = _yield(form, name, inside, given, _is_single(given), given_types)
        if given_types is None:
            own = [value.type for value in ended.operands]
            given_types = own if types is None else _declared(form, scope, types, own)
    operation = create(form, scope, [wrap(scope, draft.operands[0])], {}, given_types, regions=2, complete=False)
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


def sequence(body: Callable[[], R], stream: int = 0) -> R:
    """What `body` gives, whose operations run in order on one stream of the device.

    It is called once; it may use the graph's values, and gives one tensor, a sequence of values, or None.

    Builds `mo.sequence`. Raises GraphError.
    """
    form = _SEQUENCE
    scope = current(f"'{form.name}' op")
    draft = create(form, scope, [], {"stream": stream}, [], regions=1, complete=False)
    inside = Scope(scope.graph, ir.Block.create_at_start(draft.regions[0], [], []), scope)
    with entered(inside):
        given = body()
        ended = _yield(form, "body", inside, given, _is_single(given), None)
    types = [value.type for value in ended.operands]
    made = _completed(form, scope, draft, [], {"stream": stream}, types)
    return None if given is None else made[0] if _is_single(given) else made  # type: ignore[return-value]  # of the form that `body` gave


def parallel(
    inputs: Sequence[Sequence[TensorLike | Value]], devices: Sequence[str], body: Callable[..., Any]
) -> tuple[tuple[Any, ...], ...]:
    """Runs what `body` builds once for each device; gives a bundle for each value that it gives.

    `inputs` are bundles: sequences of one value for each device. `body` is called once, with a value for each bundle,
    which stands for that of any device and is of the first one's type; it gives a tensor or a sequence of values.

    Builds `mo.parallel`. Raises GraphError when bundles or types do not fit.
    """
    form = _PARALLEL
    scope = current(f"'{form.name}' op")
    location = scope.graph.locations.here()
    for index, bundle in enumerate(inputs):
        if len(bundle) != len(devices):
            fail(form.name, f"expected inputs[{index}] to hold {len(devices)} values, found {len(bundle)}")
    flat = [
        as_value(form.name, f"inputs[{i}][{j}]", scope, item, (), location)
        for i, bundle in enumerate(inputs)
        for j, item in enumerate(bundle)
    ]
    operands = [[wrap(scope, value) for value in flat]]
    attributes = {"devices": list(devices)}
    draft = create(form, scope, operands, attributes, [], regions=1, complete=False)
    first = [value.type for value in flat[:: len(devices)]] if devices else []
    block = ir.Block.create_at_start(draft.regions[0], first, [location] * len(first))
    inside = Scope(scope.graph, block, scope)
    with entered(inside):
        given = body(*_arguments(inside))
        ended = _yield(form, "body", inside, given, _is_single(given), None)
    with scope.graph.program.context:
        types = [launched(value.type, devices[0], device) for value in ended.operands for device in devices]
    made = _completed(form, scope, draft, operands, attributes, types)
    return tuple(made[start : start + len(devices)] for start in range(0, len(made), len(devices)))


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


_WHILE, _IF, _SEQUENCE, _PARALLEL, _CALL = map(Form.of, (While, If, mo.Sequence, mo.Parallel, Call))
_CONDITION, _YIELD = map(Form.of, (Condition, Yield))


def _completed(
    form: Form, scope: Scope, draft: ir.Operation, operands: Any, attributes: dict[str, Any], types: Sequence[Any]
) -> tuple[Any, ...]:
    """Puts the region of a draft, which gives no results, into the operation with results; gives these."""
    operation = create(form, scope, operands, attributes, list(types), regions=1, complete=False)
    for block in list(draft.regions[0].blocks):
        block.append_to(operation.regions[0])
    draft.erase()
    verify(operation)
    return tuple(wrap(scope, result) for result in operation.results)


def _declared(form: Form, scope: Scope, types: "Types", own: Sequence[ir.Type]) -> list[ir.Type]:
    """The types that a user wrote for values, which have types of their `own`."""
    if len(types) != len(own):
        fail(form.name, f"expected {len(own)} types, one for each value; found {len(types)}")
    context = scope.graph.program.context
    found = []
    for given, otherwise in zip(types, own, strict=True):
        if isinstance(given, TensorSpec):
            found.append(attempt(form.name, "types", given.type, context))
        elif given is None or isinstance(given, ir.Type):
            found.append(otherwise if given is None else given)
        else:
            fail(form.name, f"expected the type of a tensor, found {given!r}")
    return found


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
        if wanted is not None and not flows_into(*map(scope.graph.program.wrapped, (value.type, wanted))):
            fail(form.name, f"expected {what} to give {wanted} as value {index}, found {value.type}")
        values.append(wrap(scope, value))
    return create(_YIELD, scope, [values], {})
