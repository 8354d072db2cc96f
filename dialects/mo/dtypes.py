# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The element types of `!mo.tensor`: their names in MLIR and numpy, and the sets of them that operations accept.

Some are for storage only: they take less memory, and are cast, quantized or dequantized to be computed with.
"""

from typing import TYPE_CHECKING, NamedTuple

from mograph.dialects.kit import VerifyError, numpy_dtype

if TYPE_CHECKING:
    from typing import Any

    import numpy as np

__all__ = [
    "ANY",
    "BOOL",
    "BOOL_OR_INTEGER",
    "DTYPES",
    "FLOAT",
    "INTEGER",
    "NUMERIC",
    "STORED",
    "DType",
    "DTypeSet",
    "of",
    "require",
]


class DType(NamedTuple):
    """One element type."""

    name: str
    """Its text in MLIR, `si32`."""
    kind: str
    """`bool`, `signed`, `unsigned` or `float`."""
    bits: int
    """Its width; 1 for `bool`. What is narrower than a byte takes one in memory, its bits the low ones."""
    stored_only: bool = False
    """Whether nothing computes with it: it is moved, cast, quantized and dequantized."""

    @property
    def numpy(self) -> "np.dtype[Any]":
        """The numpy dtype of arrays that hold it, from ml_dtypes where numpy has none."""
        return numpy_dtype(self.name)


DTYPES: dict[str, DType] = {
    dtype.name: dtype
    for dtype in (
        DType("i1", "bool", 1),
        DType("si8", "signed", 8),
        DType("si16", "signed", 16),
        DType("si32", "signed", 32),
        DType("si64", "signed", 64),
        DType("ui8", "unsigned", 8),
        DType("ui16", "unsigned", 16),
        DType("ui32", "unsigned", 32),
        DType("ui64", "unsigned", 64),
        DType("f8E4M3FN", "float", 8),
        DType("f8E5M2", "float", 8),
        DType("f16", "float", 16),
        DType("bf16", "float", 16),
        DType("f32", "float", 32),
        DType("f64", "float", 64),
        DType("si4", "signed", 4, stored_only=True),
        DType("ui4", "unsigned", 4, stored_only=True),
        DType("si2", "signed", 2, stored_only=True),
        DType("ui2", "unsigned", 2, stored_only=True),
        DType("f4E2M1FN", "float", 4, stored_only=True),
        DType("f8E4M3FNUZ", "float", 8, stored_only=True),
        DType("f8E5M2FNUZ", "float", 8, stored_only=True),
        DType("f8E8M0FNU", "float", 8, stored_only=True),
    )
}
"""Every element type by its name in MLIR."""


class DTypeSet(NamedTuple):
    """A set of element types and how an error calls it."""

    text: str
    kinds: frozenset[str]
    stored: bool = False
    """Whether it has the dtypes for storage only as well."""


STORED = DTypeSet("any", frozenset({"bool", "signed", "unsigned", "float"}), stored=True)
ANY = DTypeSet("bool (i1), an integer or a float", STORED.kinds)
BOOL = DTypeSet("bool (i1)", frozenset({"bool"}))
INTEGER = DTypeSet("an integer", frozenset({"signed", "unsigned"}))
BOOL_OR_INTEGER = DTypeSet("bool (i1) or an integer", frozenset({"bool", "signed", "unsigned"}))
FLOAT = DTypeSet("a float", frozenset({"float"}))
NUMERIC = DTypeSet("an integer or a float", frozenset({"signed", "unsigned", "float"}))


def of(dtype: object) -> DType:
    """What is known of `dtype`, an `ir.Type` or its text. Raises `VerifyError` when no tensor can have it."""
    name = str(dtype)
    if name not in DTYPES:
        raise VerifyError(f"expected a dtype among {', '.join(DTYPES)}, found {name}")
    return DTYPES[name]


def require(accepted: DTypeSet, dtype: object, what: str = "dtype") -> DType:
    """`of(dtype)`, when `accepted` has it; else a `VerifyError` that says what was expected and found."""
    found = of(dtype)
    if found.kind not in accepted.kinds:
        raise VerifyError(f"expected {what} to be {accepted.text}, found {found.name}")
    if found.stored_only and not accepted.stored:
        raise VerifyError(
            f"expected {what} to be {accepted.text} to compute with, found {found.name}, which is for storage; "
            "mo.cast changes a dtype"
        )
    return found
