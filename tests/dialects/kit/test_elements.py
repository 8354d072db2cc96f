# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arrays as constants and back, of every dtype that has both forms."""

import ml_dtypes
import numpy as np
import pytest
from mlir import ir

from mograph.dialects.kit import element_type_text, from_numpy, new_context, to_numpy

DTYPES = {
    "si4": ml_dtypes.int4,
    "ui4": ml_dtypes.uint4,
    "si2": ml_dtypes.int2,
    "ui2": ml_dtypes.uint2,
    "f4E2M1FN": ml_dtypes.float4_e2m1fn,
    "f8E4M3FN": ml_dtypes.float8_e4m3fn,
    "f8E5M2": ml_dtypes.float8_e5m2,
    "f8E4M3FNUZ": ml_dtypes.float8_e4m3fnuz,
    "f8E5M2FNUZ": ml_dtypes.float8_e5m2fnuz,
    "f8E8M0FNU": ml_dtypes.float8_e8m0fnu,
    "bf16": ml_dtypes.bfloat16,
    "f16": np.float16,
    "i1": np.bool_,
    "ui64": np.uint64,
}


@pytest.mark.parametrize("text", DTYPES)
@pytest.mark.parametrize("values", [[1, 2, 1], [[1], [1]], [], 1], ids=str)
def test_arrays_and_constants(text: str, values: object) -> None:
    array = np.asarray(values, np.float64).astype(DTYPES[text])
    with new_context(), ir.Location.unknown():
        attribute = from_numpy(array)
        assert str(ir.ShapedType(attribute.type).element_type) == text
        assert str(ir.Attribute.parse(str(attribute))) == str(attribute)
        back = to_numpy(attribute)
    assert back.dtype == array.dtype
    assert element_type_text(back.dtype) == text
    np.testing.assert_array_equal(back, array)


def test_unused_bits_of_a_byte_are_not_kept() -> None:
    stored = np.array([0x1F, 0xF7, 0x88], np.uint8)
    with new_context(), ir.Location.unknown():
        attribute = from_numpy(stored.view(ml_dtypes.int4))
        assert str(attribute) == "dense<[-1, 7, -8]> : tensor<3xsi4>"
        assert to_numpy(attribute).view(np.uint8).tolist() == [15, 7, 8]
        splat = from_numpy(stored[:1].view(ml_dtypes.uint2).repeat(2))
        assert str(splat) == "dense<3> : tensor<2xui2>"
