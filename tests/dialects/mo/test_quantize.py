# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""References of `mo.quantize`, `mo.dequantize` and `mo.matmul_integer`, in Python's numbers, and their types."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mograph.dialects import mo
from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import dtypes

INTEGERS = ["si8", "ui8", "si16", "ui16", "si4", "ui4", "si2", "ui2"]


def ends(dtype: str) -> tuple[int, int]:
    bits = int(dtype[2:])
    return (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if dtype[0] == "s" else (0, (1 << bits) - 1)


@pytest.mark.parametrize("dtype", INTEGERS)
@given(data=st.data())
def test_quantize_rounds_and_saturates(dtype: str, data: st.DataObject) -> None:
    low, high = ends(dtype)
    scale = 2.0 ** data.draw(st.integers(-4, 4))
    values = data.draw(st.lists(st.integers(-70000, 70000), min_size=1, max_size=8))
    zero = data.draw(st.integers(low, high))
    x = np.array(values, np.float32) / 2 * np.float32(scale)
    numpy_dtype = dtypes.DTYPES[dtype].numpy
    zero_point = np.asarray(zero).astype(numpy_dtype)
    found = mo.Quantize.evaluate(x, np.float32(scale), zero_point, 1, 0, True, mo.TensorType.get([len(values)], dtype))
    wanted = [min(max(round(Fraction(value, 2)) + zero, low), high) for value in values]  # round: ties to even
    assert found.dtype == numpy_dtype
    assert found.astype(np.int64).tolist() == wanted
    back = mo.Dequantize.evaluate(found, np.float32(scale), zero_point, 1, 0, mo.TensorType.get([len(values)], "f32"))
    assert back.tolist() == [(value - zero) * scale for value in wanted]


def test_not_a_number_is_0(tensor) -> None:
    x = np.array([np.nan, np.inf, -np.inf], np.float32)
    assert mo.Quantize.evaluate(x, np.float32(1), None, 0, 0, True, tensor([3], "si8")).tolist() == [0, 127, -128]


def test_floats_saturate_or_overflow(tensor) -> None:
    x = np.array([1e4, 448, 0.3], np.float32)
    for saturate, largest in ((True, 448), (False, np.nan)):
        found = mo.Quantize.evaluate(x, np.float32(1), None, 0, 0, saturate, tensor([3], "f8E4M3FN"))
        np.testing.assert_array_equal(found.astype(np.float32), np.float32([largest, 448, 0.3125]))


def test_blocks_and_axes(tensor) -> None:
    x = np.arange(14, dtype=np.float32).reshape(2, 7)
    by_axis = mo.Quantize.evaluate(x, np.float32([1, 2]), None, 0, 0, True, tensor([2, 7], "si8"))
    assert by_axis.tolist() == [list(range(7)), [round(value / 2) for value in range(7, 14)]]
    scale = np.float32([[1, 2, 4], [1, 1, 1]])
    by_block = mo.Quantize.evaluate(x, scale, None, -1, 3, True, tensor([2, 7], "si8"))
    assert by_block.tolist() == [[0, 1, 2, 2, 2, 2, 2], list(range(7, 14))]
    back = mo.Dequantize.evaluate(by_block, scale, None, -1, 3, tensor([2, 7]))
    assert back.tolist() == [[0, 1, 2, 4, 4, 4, 8], list(range(7, 14))]


def test_quantize_types(tensor) -> None:
    quantize = mo.Quantize.check
    quantize(tensor(["n", 32]), tensor([]), None, 1, 0, tensor(["n", 32], "ui4"))
    quantize(tensor(["n", 33]), tensor(["n", 3]), tensor(["n", 3], "si8"), 1, 16, tensor(["n", 33], "si8"))
    quantize(tensor(["n", "m"]), tensor(["n", "m ceildiv 16"]), None, 1, 16, tensor(["n", "m"], "si8"))
    with pytest.raises(VerifyError, match=r"expected a scale for each block of 16 on axis 1, of shape \[n, 3\]; found"):
        quantize(tensor(["n", 33]), tensor(["n", 2]), None, 1, 16, tensor(["n", 33], "si8"))
    with pytest.raises(VerifyError, match="expected one scale, or 32, one for each position on axis 1; found 31"):
        quantize(tensor(["n", 32]), tensor([31]), None, 1, 0, tensor(["n", 32], "si8"))
    with pytest.raises(VerifyError, match=r"expected axis to be in \[-2, 2\) for a tensor of rank 2, found 2"):
        quantize(tensor(["n", 32]), tensor([32]), None, 2, 0, tensor(["n", 32], "si8"))


def test_integer_product_wraps(tensor) -> None:
    big = np.full((1, 4), 65535, np.uint16)
    found = mo.MatmulInteger.evaluate(big, big.T, None, None)
    assert found.tolist() == [[(4 * 65535**2 + 2**31) % 2**32 - 2**31]]
    assert mo.MatmulInteger.infer(tensor(["b", "n", 4], "si8"), tensor([4, "m"], "ui8"), None, None) == tensor(
        ["b", "n", "m"], "si32"
    )


def test_zero_points_of_rows_and_columns() -> None:
    lhs, rhs = np.array([[1, 2], [3, 4]], np.uint8), np.array([[1, -1], [2, 5]], np.int8)
    found = mo.MatmulInteger.evaluate(lhs, rhs, np.array([1, 3], np.uint8), np.array([2, -1], np.int8))
    assert found.tolist() == [[0, 6], [0, 6]]
