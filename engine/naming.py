# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names of a graph's inputs and outputs, as users write them.

MLIR forgets the names of values when it has parsed a text, but it knows where each was written; so the names are read
from there, and kept in the attribute `mo.name`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from mlir import ir

ATTRIBUTE = "mo.name"

_NAME = re.compile(r"%([A-Za-z_$.-][\w$.-]*)")
_OPERANDS = re.compile(r"mo\.output\b[^%:}]*((?:%[\w$.#-]+\s*,\s*)*%[\w$.#-]+)")


def name_arguments(module: Any, text: str = "") -> None:
    """Give every input and output of the graphs a `mo.name` that has none.

    It is the name in `text`, which the module was parsed from, if there is one that no other has; else `input0`,
    `output1` and so on.
    """
    text = text.encode().decode("latin-1")  # one character a byte: columns of locations count bytes
    offsets = [0, *(match.end() for match in re.finditer("\n", text))] if text else []
    with module.context:
        for op in module.body:
            if op.operation.name == "mo.graph":
                _name(op, text, offsets)


def _name(graph: Any, text: str, offsets: Sequence[int]) -> None:
    (block,) = graph.body.blocks
    terminator = block.operations[len(block.operations) - 1]
    inputs = [_word(text, _offset(offsets, argument.location)) for argument in block.arguments]
    outputs = _operands(text, _offset(offsets, terminator.location), len(terminator.operands))
    for field, kind, found in (("arg_attrs", "input", inputs), ("res_attrs", "output", outputs)):
        if found:
            _set(graph, field, kind, found)


def _set(graph: Any, field: str, kind: str, found: Sequence[str]) -> None:
    given = getattr(graph, field) or [ir.DictAttr.get({})] * len(found)
    dicts = [{each.name: each.attr for each in ir.DictAttr(attributes)} for attributes in given]
    taken = {ir.StringAttr(each[ATTRIBUTE]).value for each in dicts if ATTRIBUTE in each}
    for index, (attributes, name) in enumerate(zip(dicts, found, strict=True)):
        if ATTRIBUTE in attributes:
            continue
        attributes[ATTRIBUTE] = ir.StringAttr.get(_free(name, f"{kind}{index}", taken))
    setattr(graph, field, [ir.DictAttr.get(attributes) for attributes in dicts])


def _free(name: str, otherwise: str, taken: set[str]) -> str:
    if not name or name in taken:
        name = otherwise
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _offset(offsets: Sequence[int], location: Any) -> int:
    """The place in the text that a location names, -1 for none."""
    if not offsets or not location.is_a_file() or location.start_line > len(offsets):
        return -1
    line, column = int(location.start_line), int(location.start_col)
    return offsets[line - 1] + column - 1


def _word(text: str, at: int) -> str:
    found = _NAME.match(text, at) if at >= 0 else None
    return found[1] if found else ""


def _operands(text: str, at: int, count: int) -> list[str]:
    """The names of the values that the `mo.output` at this place gives; empty ones if they cannot be told."""
    found = _OPERANDS.match(text, at) if at >= 0 else None
    words = list(_listed(found[1])) if found else []
    return words if len(words) == count else [""] * count


def _listed(operands: str) -> Iterator[str]:
    for operand in operands.split(","):
        name = _NAME.fullmatch(operand.strip())
        yield name[1] if name else ""
