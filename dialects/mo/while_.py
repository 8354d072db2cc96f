# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.while`."""

from collections.abc import Callable, Sequence

from mograph.dialects.kit import PARENT, LoopLike, Operands, Region, RegionBranch, Results, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array

__all__ = ["While"]


class While(Mo.Operation, name="while", traits=[t.SingleBlock, t.RecursiveMemoryEffects]):
    """Repeats `body` as long as `cond` says so, carrying values from trip to trip.

    There is at least one carried value. `cond` gets the carried values, first `inits`, and ends in `mo.condition`,
    which says whether to go on, and with which values: `body` gets them, or they are the results. `body` ends in
    `mo.yield`, whose values are carried to `cond`. The types of the carried values may differ from each other and are
    the same in every trip. Both regions may use values from outside.
    """

    inits: Operands[c.AnyType]
    outputs: Results[c.AnyType]
    cond: Region[c.Args("inits", terminator="mo.condition")]
    body: Region[c.Args("inits", terminator="mo.yield")]
    assembly_format = "`(` $inits `:` type($inits) `)` `->` type($outputs) $cond `do` $body attr-dict-with-keyword"
    branches = RegionBranch(entry=["cond"], operands="inits", cond=["body", PARENT], body=["cond"])
    loop = LoopLike(regions=["cond", "body"], inits="inits", arguments="cond", yields="body")

    @staticmethod
    def check(inits: tuple[object, ...], outputs: tuple[object, ...]) -> None:
        if not inits:
            raise VerifyError("expected at least one carried value, found none")
        if inits != outputs:
            raise VerifyError(
                f"expected results of the types that are carried, {_listed(inits)}; found {_listed(outputs)}"
            )

    @staticmethod
    def evaluate(inits: list[Array], cond: Callable[..., list[Array]], body: Callable[..., list[Array]]) -> list[Array]:
        more, *values = cond(*inits)
        while more:
            more, *values = cond(*body(*values))
        return values


def _listed(types: Sequence[object]) -> str:
    return ", ".join(map(str, types)) or "none"
