# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The reference documentation of a dialect, written from its declaration: as ODS's generator does, in Markdown."""

import inspect
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mograph.dialects.kit.fields import MISSING, Field

__all__ = ["markdown"]

_ARITIES = {"optional": "optional ", "variadic": "variadic of "}


def markdown(dialect: Any) -> str:
    """Write the page of a declared dialect: its documentation, then operations, types and attributes by name."""
    lines = [f"# The dialect `{dialect.NAME}`", "", *_prose(dialect), ""]
    for title, declared, section in (
        ("Operations", dialect.ops, _operation),
        ("Types", dialect.types, _definition("!")),
        ("Attributes", dialect.attributes, _definition("#")),
    ):
        if declared:
            lines += [f"## {title}", ""]
        for name in sorted(declared):
            lines += [*section(declared[name]), ""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def _prose(cls: type, skip: int = 0) -> list[str]:
    return (inspect.getdoc(cls) or "").splitlines()[skip:]


def _headed(heading: str, cls: type, syntax: str) -> Iterator[str]:
    """Yield the heading, the first line of the documentation, the syntax, and the rest of the documentation."""
    yield from (f"### `{heading}`", "", f"_{' '.join(_prose(cls)[:1])}_", "")
    if syntax:
        yield from ("Syntax:", "", "```", syntax, "```", "")
    if rest := _prose(cls, 2):
        yield from (*rest, "")


def _operation(cls: Any) -> Iterator[str]:
    syntax = f"operation ::= `{cls.OPERATION_NAME}` {cls.assembly_format}".rstrip() if cls.assembly_format else ""
    if cls.function is not None:
        syntax = f"operation ::= `{cls.OPERATION_NAME}` visibility? symbol-name arguments (`->` results)? body"
    yield from _headed(cls.OPERATION_NAME, cls, syntax)
    if traits := sorted(_trait(trait) for trait in cls.TRAITS):
        yield from (f"Traits: {', '.join(traits)}", "")
    if interfaces := list(_interfaces(cls)):
        yield from (f"Interfaces: {', '.join(interfaces)}", "")
    yield from _table("Operand", cls.OPERANDS)
    yield from _table("Attribute", cls.ATTRIBUTES)
    yield from _table("Result", cls.RESULTS)
    yield from _table("Region", cls.REGIONS)
    yield from _table("Successor", cls.SUCCESSORS)


def _definition(sigil: str) -> Any:
    """Make the writer of a type's or an attribute's section."""

    def section(cls: Any) -> Iterator[str]:
        name = sigil + cls.NAME
        yield from _headed(name, cls, f"{name}{cls.assembly_format}" if cls.assembly_format else name)
        yield from _table("Parameter", list(cls.FIELDS.values()))

    return section


def _trait(trait: Any) -> str:
    return f"`{trait.name}<{', '.join(trait.arguments)}>`" if trait.arguments else f"`{trait.name}`"


def _interfaces(cls: Any) -> Iterator[str]:
    for interface, present in (
        ("InferTypeOpInterface", hasattr(cls, "infer")),
        ("RegionBranchOpInterface", cls.branches is not None),
        ("LoopLikeOpInterface", cls.loop is not None),
        ("CallOpInterface", cls.call is not None),
        ("FunctionOpInterface", cls.function is not None),
    ):
        if present:
            yield f"`{interface}`"
    if cls.effects:
        effects = ", ".join(
            f"{effect.kind} {effect.resource or 'memory'}{f' through {effect.on}' if effect.on else ''}"
            for effect in cls.effects
        )
        yield f"`MemoryEffectOpInterface` ({effects})"


def _table(title: str, fields: Sequence[Field]) -> Iterable[str]:
    if not fields:
        return []
    rows = [f"| `{field.name}` | {_described(field)} |" for field in fields]
    return [f"| {title} | Description |", "| --- | --- |", *rows, ""]


def _described(field: Field) -> str:
    what = _ARITIES.get(field.arity, "") + _constraint(field)
    if field.default is not MISSING:
        what += f"; by default {field.default!r}" if field.default != "" else "; by default empty"
    return what.replace("|", "\\|")


def _constraint(field: Field) -> str:
    if field.kind == "successor":
        return "a block" if field.arity == "one" else "blocks"
    if field.kind != "region":
        return str(field.constraint.summary)
    constraint = field.constraint
    what = "one block" if constraint.single_block else "any number of blocks"
    if constraint.may_be_empty:
        what += ", or none"
    if constraint.arguments:
        what += f", with arguments of the types of `{constraint.arguments}`"
    elif constraint.arguments == "":
        what += " without arguments"
    if constraint.terminators:
        what += f", ended by {' or '.join(f'`{name}`' for name in constraint.terminators)}"
    return what
