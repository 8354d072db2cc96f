# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.sequence`."""

from collections.abc import Callable

from mograph.dialects.kit import PARENT, Attribute, Region, RegionBranch, Results
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array

__all__ = ["Sequence"]


class Sequence(Mo.Operation, name="sequence", traits=[t.SingleBlock, t.RecursiveMemoryEffects]):
    """Runs its region in order, on one stream of the device; the results are what it yields.

    Regions on streams of different numbers may run at the same time, where nothing of one depends on the other. On the
    host there is one stream, which all of them share. The region may use values from outside. Dimensions of the results
    that are names may differ in what is yielded, as of `mo.if`.
    """

    outputs: Results[c.AnyType]
    body: Region[c.NoArgs("mo.yield")]
    stream: Attribute[c.IntAttr(minimum=0)] = 0
    assembly_format = "(`stream` `=` $stream^)? (`->` type($outputs)^)? $body attr-dict-with-keyword"
    branches = RegionBranch(entry=["body"], body=[PARENT], binds_names=True)

    @staticmethod
    def evaluate(body: Callable[[], list[Array]]) -> list[Array]:
        return body()
