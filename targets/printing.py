# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What compiled code calls, through the runtime, to print: `mo.print` of elements in memory."""

import ctypes
import math
from collections.abc import Sequence

from mograph.dialects.printing import parsed, show
from mograph.targets.calling import numpy_dtype

__all__ = ["show_memory"]


def show_memory(text: str, address: int, shape: Sequence[int]) -> None:
    """Print the contiguous elements at `address`; `text` says how."""
    import numpy as np

    label, dtype, summarize = parsed(text)
    type_, count = numpy_dtype(dtype), math.prod(shape)
    memory = (ctypes.c_char * (count * type_.itemsize)).from_address(address)
    show(label, dtype, np.frombuffer(memory, type_, count).reshape(shape), summarize)
