# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.while`."""

from collections.abc import Callable

from mograph.dialects.kit import PARENT, LoopLike, Operands, Region, RegionBranch, Results, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.flow import flows_into
from mograph.dialects.mo.numpy_ import Array

__all__ = ["While"]


class While(Mo.Operation, name="while", traits=[t.SingleBlock, t.RecursiveMemoryEffects]):
    """Repeats `body` as long as `cond` says so, carrying values from trip to trip.

    `cond` gets the carried values, first `inits`, and ends in `mo.condition`, which says whether to go on, and with
    which values: `body` gets them, or they are the results. `body` ends in
    `mo.yield`, whose values are carried to `cond`. The types of the carried values may differ from each other and are
    the same in every trip, and in the results. Both regions may use values from outside.

    A dimension of a carried type that is a name may be any other in the initial value, the condition's values and what
    `body` yields. A name that is not known before the loop is bound anew at each entry of a region, and by the results,
    so that a carried tensor may grow: from `[0, 4]`, with `[k, 4]` carried and `[k + 1, 4]` yielded. A name that is
    known before is compared with the extents when the program runs.
    """

    inits: Operands[c.AnyType]
    outputs: Results[c.AnyType]
    cond: Region[c.Args("outputs", terminator="mo.condition")]
    body: Region[c.Args("outputs", terminator="mo.yield")]
    assembly_format = "(`(` $inits^ `:` type($inits) `)` `->` type($outputs))? $cond `do` $body attr-dict-with-keyword"
    branches = RegionBranch(entry=["cond"], operands="inits", cond=["body", PARENT], body=["cond"], binds_names=True)
    loop = LoopLike(regions=["cond", "body"], inits="inits", arguments="cond", yields="body")

    @staticmethod
    def check(inits: tuple[object, ...], outputs: tuple[object, ...]) -> None:
        if len(inits) != len(outputs):
            raise VerifyError(f"expected an initial value for each result, {len(outputs)}; found {len(inits)}")
        for index, (init, output) in enumerate(zip(inits, outputs, strict=True)):
            if not flows_into(init, output):
                raise VerifyError(
                    f"expected initial value {index} to be of the carried type, {output}, but for dimensions that are "
                    f"names there; found {init}"
                )

    @staticmethod
    def evaluate(inits: list[Array], cond: Callable[..., list[Array]], body: Callable[..., list[Array]]) -> list[Array]:
        more, *values = cond(*inits)
        while more:
            more, *values = cond(*body(*values))
        return values
