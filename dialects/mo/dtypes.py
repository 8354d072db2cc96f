# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The element types of `!mo.tensor`: their names in MLIR and numpy, and the sets of them that operations accept."""

from typing import TYPE_CHECKING, NamedTuple

from mograph.dialects.kit import VerifyError
from mograph.dialects.mo.numpy_ import ml_dtypes, np

if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "ANY",
    "BOOL",
    "BOOL_OR_INTEGER",
    "DTYPES",
    "FLOAT",
    "INTEGER",
    "NUMERIC",
    "DType",
    "DTypeSet",
    "from_numpy",
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
    """Its width; 1 for `bool`, which takes a byte in memory."""
    numpy_name: str
    """Its name in numpy, or in ml_dtypes for the floats that numpy lacks."""

    @property
    def numpy(self) -> "np.dtype[Any]":
        """The numpy dtype of arrays that hold it."""
        return np.dtype(getattr(ml_dtypes if self.name in _FROM_ML_DTYPES else np, self.numpy_name))


DTYPES: dict[str, DType] = {
    dtype.name: dtype
    for dtype in (
        DType("i1", "bool", 1, "bool_"),
        DType("si8", "signed", 8, "int8"),
        DType("si16", "signed", 16, "int16"),
        DType("si32", "signed", 32, "int32"),
        DType("si64", "signed", 64, "int64"),
        DType("ui8", "unsigned", 8, "uint8"),
        DType("ui16", "unsigned", 16, "uint16"),
        DType("ui32", "unsigned", 32, "uint32"),
        DType("ui64", "unsigned", 64, "uint64"),
        DType("f8E4M3FN", "float", 8, "float8_e4m3fn"),
        DType("f8E5M2", "float", 8, "float8_e5m2"),
        DType("f16", "float", 16, "float16"),
        DType("bf16", "float", 16, "bfloat16"),
        DType("f32", "float", 32, "float32"),
        DType("f64", "float", 64, "float64"),
    )
}
"""Every element type by its name in MLIR."""

_FROM_ML_DTYPES = frozenset({"bf16", "f8E4M3FN", "f8E5M2"})


class DTypeSet(NamedTuple):
    """A set of element types and how an error calls it."""

    text: str
    kinds: frozenset[str]


ANY = DTypeSet("any", frozenset({"bool", "signed", "unsigned", "float"}))
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


def from_numpy(dtype: object) -> DType:
    """The element type whose arrays have the numpy dtype `dtype`. Raises `ValueError` when there is none."""
    wanted = np.dtype(dtype)  # type: ignore[call-overload]  # whatever numpy accepts, numpy judges
    for candidate in DTYPES.values():
        if candidate.numpy == wanted:
            return candidate
    raise ValueError(f"expected a numpy dtype among {', '.join(d.numpy_name for d in DTYPES.values())}, found {wanted}")


def require(accepted: DTypeSet, dtype: object, what: str = "dtype") -> DType:
    """`of(dtype)`, when `accepted` has it; else a `VerifyError` that says what was expected and found."""
    found = of(dtype)
    if found.kind not in accepted.kinds:
        raise VerifyError(f"expected {what} to be {accepted.text}, found {found.name}")
    return found
