# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.matmul` and the softmaxes, against plain loops."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mograph.dialects import mo
from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import dtypes

FLOATS = ["f8E4M3FN", "f8E5M2", "f16", "bf16", "f32", "f64"]


def array(values: object, dtype: str) -> np.ndarray:
    return np.asarray(values).astype(dtypes.DTYPES[dtype].numpy)


def multiplied(lhs: np.ndarray, rhs: np.ndarray) -> np.ndarray:
    """The product of matrices and stacks of them, in Python's numbers."""
    batch = np.broadcast_shapes(lhs.shape[:-2], rhs.shape[:-2])
    lhs = np.broadcast_to(lhs, batch + lhs.shape[-2:])
    rhs = np.broadcast_to(rhs, batch + rhs.shape[-2:])
    result = np.zeros((*batch, lhs.shape[-2], rhs.shape[-1]), object)
    for index in np.ndindex(*batch):
        for i, j in itertools.product(range(lhs.shape[-2]), range(rhs.shape[-1])):
            result[(*index, i, j)] = sum(lhs[(*index, i, k)] * rhs[(*index, k, j)] for k in range(lhs.shape[-1]))
    return result


OPERANDS = [
    ((2, 3), (3, 4)),
    ((5, 2, 3), (3, 4)),
    ((1, 2, 3), (5, 3, 1)),
    ((2, 1, 1, 3), (4, 3, 2)),
    ((0, 3), (3, 2)),
    ((2, 0), (0, 2)),
    ((0, 2, 3), (1, 3, 2)),
]


@pytest.mark.parametrize("dtype", [*FLOATS, "si8", "si32", "ui8", "si64", "ui64"])
@pytest.mark.parametrize("shapes", OPERANDS, ids=str)
def test_product(shapes: tuple[tuple[int, ...], tuple[int, ...]], dtype: str) -> None:
    random = np.random.default_rng(1)
    low = 0 if dtype.startswith("u") else -9
    lhs, rhs = (array(random.integers(low, 10, shape), dtype) for shape in shapes)
    found = mo.Matmul.evaluate(lhs, rhs)
    expected = multiplied(lhs.astype(np.float64), rhs.astype(np.float64)).astype(np.float64)
    if dtype not in FLOATS:
        expected = expected.astype(np.int64)
    assert found.dtype == lhs.dtype
    inferred = mo.Matmul.infer(*(mo.TensorType.get(shape, dtype) for shape in shapes))
    assert found.shape == tuple(inferred.shape)
    np.testing.assert_array_equal(found, mo.conversion.cast(expected, lhs.dtype))


@pytest.mark.parametrize(
    "shapes", [((3,), (3,)), ((3,), (3, 4)), ((2, 3), (3,)), ((3,), (5, 3, 4)), ((5, 2, 3), (3,))], ids=str
)
def test_vectors_are_rows_and_columns(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    random = np.random.default_rng(2)
    lhs, rhs = (random.integers(-9, 10, shape).astype(np.float32) for shape in shapes)
    matrices = lhs.reshape(1, 3) if lhs.ndim == 1 else lhs, rhs.reshape(3, 1) if rhs.ndim == 1 else rhs
    inferred = mo.Matmul.infer(*(mo.TensorType.get(shape, "f32") for shape in shapes))
    expected = multiplied(*matrices).astype(np.float32).reshape(inferred.shape)
    np.testing.assert_array_equal(mo.Matmul.evaluate(lhs, rhs), expected)


def test_narrow_floats_are_accumulated_wide() -> None:
    ones = array(np.ones((1, 4096)), "f16")
    assert float(mo.Matmul.evaluate(ones, ones.T)[0, 0]) == 4096  # in f16, 2048 + 1 is 2048


def test_types(tensor) -> None:
    assert mo.Matmul.infer(tensor(["b", "n", 4], "bf16"), tensor([4, "m"], "bf16")) == tensor(["b", "n", "m"], "bf16")
    with pytest.raises(VerifyError, match="expected lhs and rhs of equal dtype, found f32 and f16"):
        mo.Matmul.infer(tensor([2, 2]), tensor([2, 2], "f16"))
    with pytest.raises(VerifyError, match="expected dtype to be an integer or a float, found i1"):
        mo.Matmul.infer(tensor([2, 2], "i1"), tensor([2, 2], "i1"))
    with pytest.raises(VerifyError, match="expected lhs and rhs on one device, found gpu:0 and cpu"):
        mo.Matmul.infer(tensor([2, 2], "f32", "gpu:0"), tensor([2, 2]))


@pytest.mark.parametrize("dtype", FLOATS)
@given(shape=st.sampled_from([(3,), (2, 3), (2, 1, 4)]), random=st.randoms(use_true_random=False))
def test_softmax(dtype: str, shape: tuple[int, ...], random: object) -> None:
    values = array([random.uniform(-6, 6) for _ in range(math.prod(shape))], dtype).reshape(shape)
    axis = random.randrange(-len(shape), len(shape))
    lanes = np.moveaxis(values.astype(np.float64), axis, -1)
    share = np.empty(lanes.shape)
    for index in np.ndindex(*lanes.shape):
        share[index] = math.exp(lanes[index]) / math.fsum(math.exp(x) for x in lanes[index[:-1]])
    share = np.moveaxis(share, -1, axis)
    tolerance = 4e-15 if dtype == "f64" else 0
    for op, expected in ((mo.Softmax, share), (mo.LogSoftmax, np.log(share))):
        found = op.evaluate(values, axis)
        rounded = mo.conversion.rounded(expected, values.dtype)
        # A sum in another order may fall on the other side of a tie.
        spacing = np.abs(np.spacing(rounded.astype(np.float32))) if dtype == "f32" else 0
        assert found.dtype == values.dtype
        np.testing.assert_allclose(
            found.astype(np.float64), rounded.astype(np.float64), rtol=tolerance, atol=np.max(spacing) + tolerance
        )


def test_softmax_of_large_and_infinite_values() -> None:
    assert mo.Softmax.evaluate(np.float32([1e4, 1e4]), 0).tolist() == [0.5, 0.5]
    assert mo.Softmax.evaluate(np.float32([-np.inf, 3]), 0).tolist() == [0, 1]
    assert mo.LogSoftmax.evaluate(np.float32([-1e4, 1e4]), 0).tolist() == [-2e4, 0]
    assert np.isnan(mo.Softmax.evaluate(np.float32([-np.inf, -np.inf]), 0)).all()
    assert mo.Softmax.evaluate(np.zeros((2, 0), np.float32), 1).shape == (2, 0)


def test_softmax_types(tensor) -> None:
    assert mo.Softmax.infer(tensor(["n", 10]), -1) == tensor(["n", 10])
    with pytest.raises(VerifyError, match=r"expected axis to be in \[-2, 2\) for a tensor of rank 2, found 2"):
        mo.LogSoftmax.infer(tensor(["n", 10]), 2)
    with pytest.raises(VerifyError, match="expected dtype to be a float, found si32"):
        mo.Softmax.infer(tensor(["n", 10], "si32"), 0)
