# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The dialect `mo`."""

from mograph.dialects.kit import Dialect

__all__ = ["Mo"]


class Mo(Dialect, name="mo"):
    """Operations on whole tensors.

    A program is a set of `mo.graph`s over immutable values of type `!mo.tensor`. Shapes may hold named dimensions,
    which are known when the program runs; a name stands for the same extent wherever it occurs in a graph. Nothing is
    converted or moved implicitly: dtypes and devices of an operation's operands are equal, and `mo.cast` changes a
    dtype.

    Where an operation's documentation is silent, it does what numpy's function of the same name does.
    """
