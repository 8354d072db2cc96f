# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the operations of a kernel say about its schedules, and the key that results of tuning are kept under."""

from collections.abc import Callable

from mlir import ir

from mograph.targets.cpu.builder import operations
from mograph.targets.cpu.groups import REGION
from mograph.targets.cpu.schedules import ATTRIBUTE, Changes, Fields
from mograph.targets.cpu.tuned import key


def schedules_of(function: ir.Operation, op: ir.Operation) -> tuple[str, Changes, Callable[[], str]]:
    """The name of the kernel that an operation is, or is in; its attribute's changes; and its key.

    The attribute is on the function, or on an operation that came from the kernel. It is a dictionary of templates,
    each a dictionary of integers and booleans: `{rows = {rows = 8, on_stack = true}}`. Raises ValueError for another.
    """
    given: dict[str, Fields] = {}
    name = str(ir.StringAttr(function.attributes["sym_name"]).value)

    for each in (function, op, *(operations(op.regions[0].blocks[0], op) if op.name == REGION else ())):
        if ATTRIBUTE in each.attributes:
            given.update(_changes(each.attributes[ATTRIBUTE], name))
    return name, given, lambda: key([op.get_asm(use_local_scope=True, assume_verified=True)])


def _changes(attribute: ir.Attribute, kernel: str) -> Changes:
    def wrong(found: object) -> ValueError:
        expected = "a dictionary of templates, each a dictionary of integers and booleans"
        return ValueError(f"kernel '{kernel}': {ATTRIBUTE}: expected {expected}, found {found}")

    def number(value: ir.Attribute) -> int:
        if isinstance(value, ir.BoolAttr):
            return bool(ir.BoolAttr(value).value)
        if not isinstance(value, ir.IntegerAttr):
            raise wrong(value)
        return int(ir.IntegerAttr(value).value)

    if not isinstance(attribute, ir.DictAttr):
        raise wrong(attribute)
    changes: dict[str, Fields] = {}
    for template in ir.DictAttr(attribute):
        if not isinstance(template.attr, ir.DictAttr):
            raise wrong(template.attr)
        changes[template.name] = {field.name: number(field.attr) for field in ir.DictAttr(template.attr)}
    return changes
