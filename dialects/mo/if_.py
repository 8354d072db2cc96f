# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.if`."""

from collections.abc import Callable

from mograph.dialects.kit import PARENT, Operand, Region, RegionBranch, Results
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.canonical import control
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.types import HostBool

__all__ = ["If"]


class If(Mo.Operation, name="if", traits=[t.SingleBlock, t.RecursiveMemoryEffects]):
    """The values of `then` when the condition is true, else those of `orelse`.

    The condition is a bool of rank 0 on the host. Both regions end in `mo.yield`, with values of the types of the
    results, and may use values from outside. `else` may be left out when there are no results.

    A dimension of a result that is a name may be any other in a region: the result binds the name to the extent that
    it has in the region that ran. A name that is known before is compared with it when the program runs.
    """

    condition: Operand[HostBool]
    outputs: Results[c.AnyType]
    then: Region[c.NoArgs("mo.yield")]
    orelse: Region[c.MaxSizedRegion(1, terminator="mo.yield")]
    assembly_format = "$condition (`->` type($outputs)^)? $then (`else` $orelse^)? attr-dict-with-keyword"
    canonicalizers = [control.KnownIf]
    branches = RegionBranch(
        entry=["then", "orelse"], selector="condition", then=[PARENT], orelse=[PARENT], binds_names=True
    )

    def verify(self) -> None:
        if self.outputs and not self.orelse.blocks:
            types = ", ".join(str(output.type) for output in self.outputs)
            raise self.error(f"expected an else region that gives the results, {types}; found none")

    @staticmethod
    def evaluate(
        condition: Array, then: Callable[[], list[Array]], orelse: Callable[[], list[Array]] | None
    ) -> list[Array]:
        if condition:
            return then()
        return orelse() if orelse else []
