# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The reference of `mo.grouped_matmul` against plain loops, and its types."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mograph.dialects import mo
from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import dtypes

FLOATS = ["f8E4M3FN", "f8E5M2", "f16", "bf16", "f32", "f64"]
SIZES = st.lists(st.integers(-3, 9), max_size=5)


def array(values: object, dtype: str) -> np.ndarray:
    return np.asarray(values).astype(dtypes.DTYPES[dtype].numpy)


def grouped(lhs: np.ndarray, rhs: np.ndarray, sizes: list[int]) -> np.ndarray:
    """Row by row: each belongs to the first group that ends behind it."""
    result = np.zeros((len(lhs), rhs.shape[2]))
    ends = np.cumsum([max(size, 0) for size in sizes])
    for row, left in enumerate(lhs):
        groups = np.flatnonzero(ends > row)
        if groups.size:
            result[row] = [sum(left[k] * rhs[groups[0], k, j] for k in range(len(left))) for j in range(rhs.shape[2])]
    return result


@pytest.mark.parametrize("dtype", [*FLOATS, "si8", "ui8", "si32", "ui64"])
@given(rows=st.integers(0, 9), inner=st.integers(0, 3), columns=st.integers(0, 3), sizes=SIZES, turned=st.booleans())
def test_product(rows: int, inner: int, columns: int, sizes: list[int], turned: bool, dtype: str) -> None:
    random = np.random.default_rng(rows)
    low = 0 if dtype.startswith("u") else -4
    lhs, rhs = (array(random.integers(low, 5, shape), dtype) for shape in ((rows, inner), (len(sizes), inner, columns)))
    expected = grouped(lhs.astype(np.float64), rhs.astype(np.float64), sizes)
    expected = expected if dtype in FLOATS else expected.astype(np.int64)
    given = np.swapaxes(rhs, 1, 2) if turned else rhs
    found = mo.GroupedMatmul.evaluate(lhs, given, np.array(sizes, np.int64), turned)
    assert found.dtype == lhs.dtype
    np.testing.assert_array_equal(found, mo.conversion.cast(expected, lhs.dtype))


def test_other_groups_do_not_matter() -> None:
    rhs = np.float32([[[1]], [[np.nan]], [[2]]])
    found = mo.GroupedMatmul.evaluate(np.float32([[3], [4], [np.inf]]), rhs, np.uint8([1, 0, 1]))
    assert found.tolist() == [[3], [8], [0]]


def test_sizes_beyond_all_integers() -> None:
    rhs = np.float32([[[1]], [[2]]])
    for sizes in (np.uint64([2**64 - 1, 2**64 - 1]), np.int64([2**63 - 1, 2**63 - 1])):
        assert mo.GroupedMatmul.evaluate(np.float32([[3], [4]]), rhs, sizes).tolist() == [[3], [4]]


def test_narrow_floats_are_accumulated_wide() -> None:
    ones = array(np.ones((1, 4096)), "f16")
    assert float(mo.GroupedMatmul.evaluate(ones, ones.reshape(1, 4096, 1), np.array([1]))[0, 0]) == 4096


def test_types(tensor) -> None:
    sizes = tensor(["g"], "ui16")
    found = mo.GroupedMatmul.infer(tensor(["m", "k"], "bf16"), tensor(["g", "k", 4], "bf16"), sizes)
    assert found == tensor(["m", 4], "bf16")
    found = mo.GroupedMatmul.infer(tensor(["m", "k"], "bf16"), tensor(["g", 4, "k"], "bf16"), sizes, True)
    assert found == tensor(["m", 4], "bf16")
    left, right = tensor([2, 3], "f32", "gpu:0"), tensor([1, 3, 4], "f32", "gpu:0")
    with pytest.raises(VerifyError, match="expected lhs and group_sizes on one device, found gpu:0 and cpu"):
        mo.GroupedMatmul.infer(left, right, tensor([1], "si32"))
