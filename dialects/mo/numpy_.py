# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""numpy and ml_dtypes, imported when they are first used.

The modules of the operations are imported at every start of every tool, and most starts evaluate nothing; so the
references write `np.add(…)` over the stand-ins below, and only a call imports the real module.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ml_dtypes
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[Any]
    """What a reference takes and returns: an array of the numpy dtype of its tensor's dtype."""
else:

    class _Lazy:
        """A module that is imported at the first access to one of its attributes."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, attribute: str) -> Any:
            value = getattr(importlib.import_module(self._name), attribute)
            setattr(self, attribute, value)
            return value

    np = _Lazy("numpy")
    ml_dtypes = _Lazy("ml_dtypes")
    Array = object

__all__ = ["Array", "ml_dtypes", "np"]
