# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How `mo.print` prints: the reference calls this, and compiled code by way of its runtime. Nothing here needs MLIR."""

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

__all__ = ["described", "parsed", "show"]


def show(label: str, dtype: str, array: "np.ndarray[Any, Any]", summarize: int | None) -> None:
    """Print an array to `sys.stdout`, under a heading such as `x: f32[2]`.

    Of an axis longer than twice `summarize`, only as many elements at both ends are shown; without it, numpy leaves
    elements out of arrays of more than 1000.
    """
    import numpy as np

    shape = ", ".join(map(str, array.shape))
    options: dict[str, Any] = {} if summarize is None else {"threshold": 0, "edgeitems": summarize}
    elements = np.array2string(array, **options)
    sys.stdout.write(f"{label}{': ' if label else ''}{dtype}[{shape}]\n{elements}\n")


def described(label: str, dtype: str, summarize: int | None) -> str:
    """What `show` is to be told besides the array, as one text."""
    return f"{dtype} {summarize or 0} {label}"


def parsed(text: str) -> tuple[str, str, int | None]:
    """Label, dtype and `summarize` in a text that `described` made."""
    dtype, summarize, label = text.split(" ", 2)
    return label, dtype, int(summarize) or None
