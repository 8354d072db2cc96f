# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The dialect `mogg`."""

from mograph.dialects.kit import Dialect

__all__ = ["Mogg"]


class Mogg(Dialect, name="mogg"):
    """Kernels, and the programs on the host that launch them.

    A `mogg.kernel` holds the code of one kernel, over builtin tensors and scalars, in upstream's dialects. A
    `mogg.program` is what runs on the host for one graph: launches, calls of other programs, control flow of `scf`,
    and work on scalars. Extents have no names here: a dynamic dimension is `?`, and what a kernel cannot read off its
    tensors it is given.
    """
