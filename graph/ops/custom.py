# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Custom operations in graphs."""

from collections.abc import Sequence
from typing import Any

from mlir import ir

from mograph.dialects.custom import CustomOp, find
from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import ChainType, Custom
from mograph.dialects.mo.custom import inferred
from mograph.graph.emit import Form, as_value, attempt, build, fail, wrap
from mograph.graph.scope import current
from mograph.graph.tensor import TensorLike, Value
from mograph.graph.types import TensorSpec

__all__ = ["custom"]


def custom(
    callee: "str | type[CustomOp]",
    args: Sequence[TensorLike | Value] = (),
    buffers: Sequence[Value] = (),
    chain: Value | None = None,
    params: dict[str, Any] | None = None,
    *,
    types: Sequence[TensorSpec | ir.Type] | None = None,
) -> Any:
    """A custom operation, by its name or class: one result, or a tuple where there is not just one.

    `args` are the operands that it reads, `buffers` those that it writes; with buffers it takes a chain, and the last
    result is the chain after it. `params` are its parameters, as bools, integers, floats, texts or sequences of
    integers. `types` are the types of results, needed where the declaration does not infer them.

    Builds `mo.custom`. Raises GraphError for what does not fit the declaration.
    """
    form = Form.of(Custom)
    scope = current(f"'{form.name}' op")
    location = scope.graph.locations.here()
    program = scope.graph.program
    name = callee if isinstance(callee, str) else callee.NAME
    values = [as_value(form.name, f"args[{i}]", scope, item, (), location) for i, item in enumerate(args)]
    written = [as_value(form.name, f"buffers[{i}]", scope, item, (), location) for i, item in enumerate(buffers)]
    with program.context, location:
        attributes = {key: attempt(form.name, key, _attribute, value) for key, value in (params or {}).items()}
        try:
            if types is None:
                found = inferred(find(name), values, written, attributes)
                if found is None:
                    fail(form.name, f"expected types, since custom operation '{name}' infers none; found none")
                results = list(found)
            else:
                results = [each.type(program.context) if isinstance(each, TensorSpec) else each for each in types]
        except VerifyError as error:
            fail(form.name, str(error))
        if buffers:
            results.append(ChainType.get())
        dictionary = ir.DictAttr.get(attributes) if attributes else None
    operands = [[wrap(scope, value) for value in values], [wrap(scope, value) for value in written], chain]
    made = build(form, operands, {"callee": name, "params": dictionary}, results)
    return made[0] if len(made) == 1 else made


def _attribute(value: Any) -> ir.Attribute:
    if isinstance(value, bool):
        return ir.BoolAttr.get(value)
    if isinstance(value, int):
        return ir.IntegerAttr.get(ir.IntegerType.get_signless(64), value)
    if isinstance(value, float):
        return ir.FloatAttr.get(ir.F64Type.get(), value)
    if isinstance(value, str):
        return ir.StringAttr.get(value)
    if isinstance(value, Sequence) and all(isinstance(item, int) for item in value):
        return ir.DenseI64ArrayAttr.get(list(value))
    raise TypeError(f"expected a bool, an integer, a float, a text or a sequence of integers, found {value!r}")
