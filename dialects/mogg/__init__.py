# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The dialect `mogg`: kernels, and the programs that launch them."""

from mograph.dialects.mogg.call import Call
from mograph.dialects.mogg.dialect import Mogg
from mograph.dialects.mogg.kernel import Kernel
from mograph.dialects.mogg.launch import Launch
from mograph.dialects.mogg.program import Program
from mograph.dialects.mogg.return_ import Return

__all__ = ["Call", "Kernel", "Launch", "Mogg", "Program", "Return"]

Mogg.register()
