# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.custom`."""

from collections.abc import Sequence
from typing import Any

from mograph.dialects.custom import CustomOp, In, Mutable, Out, find
from mograph.dialects.kit import (
    Attribute,
    Operands,
    OptionalAttribute,
    OptionalOperand,
    Read,
    Results,
    VerifyError,
    Write,
    wrap_type,
)
from mograph.dialects.kit import constraints as c
from mograph.dialects.mo.buffer.rules import MEMORY
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.flow import flows_into
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.types import BufferType, Chain, ChainType, TensorType

__all__ = ["Custom", "inferred", "parameters_of", "types_of"]


class Custom(Mo.Operation, name="custom"):
    """A custom operation, which Python declares: `mo.custom "demo.scale"(%x) params = {factor = 2.0} : (T) -> T`.

    `args` are the operands that it reads, `buffers` those that it writes, each in the order of the declaration; where
    there are buffers, there is a chain too, and the last result is the chain after it. Without buffers it has no
    effects. `params` are its parameters. What the declaration says is checked: numbers of operands and results, the
    parameters' names and types, and the types that it infers for results.
    """

    callee: Attribute[c.StrAttr]
    args: Operands[TensorType.constraint | BufferType.constraint]
    buffers: Operands[TensorType.constraint | BufferType.constraint]
    chain: OptionalOperand[Chain]
    params: OptionalAttribute[c.DictionaryAttr]
    outputs: Results[c.AnyType]
    effects = (Read(MEMORY, on="buffers"), Write(MEMORY, on="buffers"))
    assembly_format = (
        "$callee `(` $args `)` (`writes` `(` $buffers^ `:` type($buffers) `)`)? (`after` $chain^)? "
        "(`params` `=` $params^)? attr-dict `:` functional-type($args, $outputs)"
    )

    def verify(self) -> None:
        declared = find(self.callee)
        types = types_of(declared, self.operation)
        results = [wrap_type(value.type) for value in self.outputs]
        if self.buffers:
            if self.chain is None:
                raise self.error(f"custom operation '{self.callee}' writes to buffers: expected a chain, found none")
            if not results or not isinstance(results.pop(), ChainType):
                raise self.error(f"custom operation '{self.callee}' writes to buffers: expected a chain as last result")
        elif self.chain is not None:
            raise self.error(f"custom operation '{self.callee}' writes to no buffer: expected no chain")
        names = declared.names(Out)
        if len(results) != len(names):
            problem = "too many" if len(results) > len(names) else "missing"
            raise self.error(
                f"{problem} results: custom operation '{self.callee}' has {len(names)} "
                f"({', '.join(names) or 'none'}), found {len(results)}"
            )
        for name, wanted, found in zip(names, results if types is None else types, results, strict=True):
            if not flows_into(wanted, found):
                raise self.error(
                    f"expected result '{name}' of custom operation '{self.callee}' of type {wanted}, found {found}"
                )

    @staticmethod
    def evaluate(
        callee: str, args: list[Array], buffers: list[Array], params: Any, outputs: tuple[Any, ...]
    ) -> list[Array | None]:
        declared = find(callee)
        if not hasattr(declared, "reference"):
            raise VerifyError(f"custom operation '{callee}' has no reference")
        results = declared.names(Out)
        given = dict(zip(declared.names(In), args, strict=True)) | dict(
            zip(declared.names(Mutable), buffers, strict=True)
        )
        given |= dict(zip(results, outputs, strict=False)) | declared.read_parameters(_attributes(params))
        made = declared.call("reference", given)
        values = list(made) if isinstance(made, list | tuple) else [made]
        if len(values) != len(results) + len(buffers):
            raise VerifyError(
                f"expected the reference of custom operation '{callee}' to give {len(results)} results and what "
                f"{len(buffers)} buffers hold next, found {len(values)} values"
            )
        for buffer, value in zip(buffers, values[len(results) :], strict=True):
            buffer[...] = value
        return [*values[: len(results)], *([None] if buffers else [])]


def parameters_of(declared: type[CustomOp], operation: Any) -> dict[str, Any]:
    """The parameters that a `mo.custom` gives. Raises VerifyError."""
    given = operation.attributes["params"] if "params" in operation.attributes else None
    return declared.read_parameters(_attributes(given))


def types_of(declared: type[CustomOp], operation: Any) -> list[Any] | None:
    """The types that the declaration infers for the results of a `mo.custom`, None where it infers none."""
    view = operation.opview
    params = operation.attributes["params"] if "params" in operation.attributes else None
    return inferred(declared, view.args, view.buffers, _attributes(params))


def inferred(
    declared: type[CustomOp], args: Sequence[Any], buffers: Sequence[Any], params: dict[str, Any]
) -> list[Any] | None:
    """The types that the declaration infers for values and attributes, None where it infers none.

    Raises VerifyError for operands or parameters that do not fit.
    """
    _check_operands(declared, In, [value.type for value in args])
    _check_operands(declared, Mutable, [value.type for value in buffers])
    parameters = declared.read_parameters(params)
    if not hasattr(declared, "infer"):
        return None
    operands = dict(zip(declared.names(In), args, strict=True))
    operands |= dict(zip(declared.names(Mutable), buffers, strict=True))
    given = {name: wrap_type(value.type) for name, value in operands.items()} | parameters
    made = declared.call("infer", given)
    types = list(made) if isinstance(made, list | tuple) else [made]
    if len(types) != len(declared.names(Out)):
        raise VerifyError(
            f"expected infer of custom operation '{declared.NAME}' to give {len(declared.names(Out))} types, "
            f"found {len(types)}"
        )
    return types


def _check_operands(declared: type[CustomOp], role: type, types: Sequence[Any]) -> None:
    names = declared.names(role)
    what = "buffer" if role is Mutable else "operand"
    if len(types) < len(names):
        missing = ", ".join(f"'{name}'" for name in names[len(types) :])
        raise VerifyError(
            f"custom operation '{declared.NAME}' lacks {what} {missing}: expected {', '.join(names)}, "
            f"found {len(types)}"
        )
    if len(types) > len(names):
        raise VerifyError(
            f"custom operation '{declared.NAME}' takes the {what}s {', '.join(names) or 'none'}; found {len(types)}"
        )
    for name, type_ in zip(names, map(wrap_type, types), strict=True):
        if role is In and isinstance(type_, BufferType):
            raise VerifyError(
                f"custom operation '{declared.NAME}' only reads operand '{name}': expected a tensor, found {type_}; "
                "mo.buffer.load gives what a buffer holds"
            )
        if role is Mutable and not isinstance(type_, BufferType):
            raise VerifyError(
                f"custom operation '{declared.NAME}' writes to operand '{name}': expected a buffer, found {type_}, "
                "which cannot be written"
            )


def _attributes(params: Any) -> dict[str, Any]:
    return {} if params is None else {each.name: each.attr.maybe_downcast() for each in params}
