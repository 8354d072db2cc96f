# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Interfaces of operations, as data: what upstream's passes ask an operation at run time."""

from collections.abc import Sequence
from typing import Any

from mograph._records import record

__all__ = [
    "PARENT",
    "Allocate",
    "Call",
    "Effect",
    "Forwards",
    "Free",
    "Function",
    "LoopLike",
    "Read",
    "RegionBranch",
    "Write",
]

PARENT = "parent"
"""Where control goes when an operation with regions is done."""


@record
class Effect:
    """An effect on a resource (empty: memory at large), through an operand or result field (empty: none)."""

    kind: str
    resource: str = ""
    on: str = ""


def Read(resource: str = "", on: str = "") -> Effect:
    """Reads a resource."""
    return Effect("read", resource, on)


def Write(resource: str = "", on: str = "") -> Effect:
    """Writes a resource."""
    return Effect("write", resource, on)


def Allocate(resource: str = "", on: str = "") -> Effect:
    """Allocates; `on` is the result that holds the memory."""
    return Effect("allocate", resource, on)


def Free(resource: str = "", on: str = "") -> Effect:
    """Frees what the operand `on` holds."""
    return Effect("free", resource, on)


@record
class RegionBranch:
    """Where control goes: from the operation itself (`entry`), and from the end of each region, by keyword.

    `RegionBranch(entry=["cond"], operands="inits", cond=["body", PARENT], body=["cond"])`. `operands` is the field
    whose values the entry regions' arguments are; `selector` an operand field that chooses between two entries, the
    first when true. With `binds_names`, what flows along an edge may have other dimensions where those of the type that
    it flows into are names, which are bound to what arrives.
    """

    entry: tuple[str, ...]
    operands: str
    selector: str
    binds_names: bool
    next: dict[str, tuple[str, ...]]

    def __init__(
        self,
        entry: Sequence[str],
        *,
        operands: str = "",
        selector: str = "",
        binds_names: bool = False,
        **regions: Sequence[str],
    ) -> None:
        for name, value in (
            ("entry", (entry,) if isinstance(entry, str) else tuple(entry)),
            ("operands", operands),
            ("selector", selector),
            ("binds_names", binds_names),
            ("next", {region: tuple(targets) for region, targets in regions.items()}),
        ):
            object.__setattr__(self, name, value)

    def declaration(self) -> dict[str, Any]:
        """As the native part takes it."""
        successors = {region: list(targets) for region, targets in self.next.items()}
        return {
            "entry": list(self.entry),
            "operands": self.operands,
            "selector": self.selector,
            "binds_names": self.binds_names,
            "next": successors,
        }


@record
class LoopLike:
    """A loop, as three things.

    The regions that repeat, the field of initial values, and the regions that get and give the carried values.
    """

    regions: Sequence[str]
    inits: str
    arguments: str
    yields: str

    def declaration(self) -> dict[str, Any]:
        """As the native part takes it."""
        return {"regions": list(self.regions), "inits": self.inits, "arguments": self.arguments, "yields": self.yields}


@record
class Forwards:
    """Of a terminator: the operand field that goes on, and the one that chooses where (first successor when true)."""

    operands: str
    selector: str = ""

    def declaration(self) -> dict[str, Any]:
        """As the native part takes it."""
        return {"operands": self.operands, "selector": self.selector}


@record
class Call:
    """A call, as three attributes and fields.

    The attribute that names the callee, the operand field of the arguments, and an attribute that forbids inlining.
    """

    callee: str
    args: str
    blocks_inlining: str = ""

    def declaration(self) -> dict[str, Any]:
        """As the native part takes it."""
        return {"callee": self.callee, "arguments": self.args, "blocks_inlining": self.blocks_inlining}


@record
class Function:
    """A function, in upstream's syntax of functions.

    The operation declares the attributes `sym_name` and `function_type`, the optional `sym_visibility`, `arg_attrs` and
    `res_attrs`, and one region.
    """
