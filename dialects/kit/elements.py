# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Constants as numpy arrays, and back."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mlir import ir

from mograph import _native

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["from_numpy", "numpy_dtype", "to_numpy"]

_NUMPY = {"i1": "bool", "f16": "float16", "f32": "float32", "f64": "float64", "index": "int64"}
_ML_DTYPES = {
    "bf16": "bfloat16",
    "f8E4M3FN": "float8_e4m3fn",
    "f8E5M2": "float8_e5m2",
    "f8E4M3FNUZ": "float8_e4m3fnuz",
    "f8E5M2FNUZ": "float8_e5m2fnuz",
    "f8E8M0FNU": "float8_e8m0fnu",
    "f4E2M1FN": "float4_e2m1fn",
    "si4": "int4",
    "ui4": "uint4",
    "si2": "int2",
    "ui2": "uint2",
}


@lru_cache(maxsize=64)
def _dtype(text: str) -> "np.dtype[Any]":
    import numpy as np

    if text in _NUMPY:
        return np.dtype(_NUMPY[text])
    if text in _ML_DTYPES:
        import ml_dtypes

        dtype: np.dtype[Any] = np.dtype(getattr(ml_dtypes, _ML_DTYPES[text]))
        return dtype
    sign, width = ("uint", text[2:]) if text.startswith("ui") else ("int", text.lstrip("si"))
    if width in ("8", "16", "32", "64"):
        return np.dtype(sign + width)
    raise TypeError(f"numpy has no dtype for '{text}'")


def numpy_dtype(element_type: ir.Type) -> "np.dtype[Any]":
    """numpy's dtype for a builtin element type.

    Those that numpy itself lacks, as bf16 and what is narrower than 8 bits, come from ml_dtypes. Raises TypeError where
    there is none.
    """
    return _dtype(str(element_type))


def to_numpy(attribute: ir.Attribute) -> "NDArray[Any]":
    """The elements of a dense constant, read-only. Raises TypeError for elements that have no such form."""
    import numpy as np

    data = _native.elements_to_bytes(attribute)
    if data is None:
        raise TypeError(f"not a dense constant of integers or floats: {attribute.type}")
    shaped = ir.ShapedType(attribute.type)
    elements: NDArray[Any] = np.frombuffer(data, numpy_dtype(shaped.element_type)).reshape(shaped.shape)
    return elements


def from_numpy(array: "NDArray[Any]", element_type: ir.Type | None = None) -> ir.Attribute:
    """A dense constant over the builtin tensor of the array's shape.

    The element type follows from the dtype: `si32` for int32.
    """
    import numpy as np

    array = np.asarray(array)
    if element_type is None:
        element_type = ir.Type.parse(element_type_text(array.dtype))
    data = np.ascontiguousarray(array).astype(numpy_dtype(element_type), copy=False)
    attribute: ir.Attribute = _native.elements_from_bytes(
        ir.RankedTensorType.get(array.shape, element_type), data.tobytes()
    )
    return attribute


def element_type_text(dtype: "np.dtype[Any]") -> str:
    """The element type for a numpy dtype, with a sign: `si32` for int32. Raises TypeError where there is none."""
    for text, name in (*_NUMPY.items(), *_ML_DTYPES.items()):
        if dtype.name == name and text != "index":
            return text
    if dtype.kind in "iu":
        return f"{'si' if dtype.kind == 'i' else 'ui'}{dtype.itemsize * 8}"
    raise TypeError(f"no element type for numpy's {dtype}")
