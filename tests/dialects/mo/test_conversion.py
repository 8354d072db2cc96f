# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Casts against tables of every value that a dtype has, and against exact integers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import Cast, TensorType, dtypes

NARROW = ["f8E4M3FN", "f8E5M2", "f16", "bf16"]
FLOATS = [*NARROW, "f32", "f64"]
INTEGERS = [name for name, dtype in dtypes.DTYPES.items() if dtype.kind in ("signed", "unsigned")]


def cast(values: object, dtype: str) -> np.ndarray:
    array = np.asarray(values)
    return Cast.evaluate(array, TensorType.get(array.shape, dtype))


def nearest(value: float, dtype: str) -> float:
    """The value of `dtype` nearest to an f64 value, out of all of them; of two, the one with an even bit pattern."""
    bits = np.arange(
        2 ** (dtypes.DTYPES[dtype].bits - 1), dtype=np.uint16 if dtypes.DTYPES[dtype].bits == 16 else np.uint8
    )
    table = bits.view(dtypes.DTYPES[dtype].numpy).astype(np.float64)
    finite = table[np.isfinite(table)]
    magnitude = abs(value)
    above = int(np.searchsorted(finite, magnitude))
    if math.isnan(value):
        return value
    if above == len(finite):  # the value that would come next decides what is beyond the range
        following = finite[-1] + (finite[-1] - finite[-2])
        tie = (finite[-1] + following) / 2
        beyond = np.inf if dtype != "f8E4M3FN" else np.nan
        stays = magnitude < tie or (magnitude == tie and (above - 1) % 2 == 0)
        result = finite[-1] if stays else beyond
    elif finite[above] == magnitude:
        result = magnitude
    else:
        low, high = finite[above - 1], finite[above]
        middle = (low + high) / 2
        even = low if (above - 1) % 2 == 0 else high
        result = low if magnitude < middle else high if magnitude > middle else even
    return math.copysign(result, value)


@pytest.mark.parametrize("dtype", NARROW)
@given(
    value=st.floats(width=64)
    | st.floats(-500, 500)
    | st.tuples(st.floats(-500, 500, width=16), st.integers(-60, -8), st.sampled_from([0, 2.0**-45, -(2.0**-45)])).map(
        lambda parts: parts[0] * (1 + 2.0 ** parts[1]) * (1 + parts[2])  # ties of every dtype, and almost ties
    )
)
def test_float_to_float_is_rounded_once(dtype: str, value: float) -> None:
    found = float(cast(value, dtype))
    np.testing.assert_equal(found, nearest(value, dtype))


@pytest.mark.parametrize("dtype", NARROW)
@given(value=st.integers(-(2**63), 2**63 - 1) | st.integers(-600, 600))
def test_integer_to_narrow_float_is_rounded_once(dtype: str, value: int) -> None:
    found = float(cast(np.int64(value), dtype))
    # To odd, in Python's integers: 40 significant bits, the last of which says whether anything was cut off.
    cut = max(abs(value).bit_length() - 40, 0)
    odd = (abs(value) >> cut) | bool(abs(value) & ((1 << cut) - 1))
    np.testing.assert_equal(found, nearest(math.copysign(float(odd << cut), value), dtype))


@pytest.mark.parametrize("dtype", ["f32", "f64"])
@given(value=st.integers(-(2**63), 2**63 - 1))
def test_integer_to_wide_float(dtype: str, value: int) -> None:
    assert cast(np.int64(value), dtype) == dtypes.DTYPES[dtype].numpy.type(value)


@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize("source", FLOATS)
@given(value=st.floats() | st.floats(-300, 300) | st.integers(-(2**65), 2**65).map(float))
def test_float_to_integer_truncates_and_saturates(source: str, dtype: str, value: float) -> None:
    start = np.asarray(value).astype(dtypes.DTYPES[source].numpy)
    exact = float(start)
    ends = np.iinfo(dtypes.DTYPES[dtype].numpy)
    if math.isnan(exact):
        expected = 0
    elif math.isinf(exact):
        expected = ends.max if exact > 0 else ends.min
    else:
        expected = min(max(math.trunc(exact), ends.min), ends.max)
    found = cast(start, dtype)
    assert found.dtype == dtypes.DTYPES[dtype].numpy
    assert int(found) == expected


@pytest.mark.parametrize("dtype", INTEGERS)
@given(value=st.integers(-(2**63), 2**63 - 1))
def test_integer_to_integer_keeps_the_low_bits(dtype: str, value: int) -> None:
    found = int(cast(np.int64(value), dtype))
    assert (found - value) % 2 ** dtypes.DTYPES[dtype].bits == 0
    assert np.iinfo(dtypes.DTYPES[dtype].numpy).min <= found <= np.iinfo(dtypes.DTYPES[dtype].numpy).max


@pytest.mark.parametrize("dtype", dtypes.DTYPES)
def test_bool_both_ways(dtype: str) -> None:
    there = cast([True, False], dtype)
    assert there.dtype == dtypes.DTYPES[dtype].numpy
    assert there.astype(np.float64).tolist() == [1, 0]
    assert cast(there, "i1").tolist() == [True, False]


def test_nan_is_true() -> None:
    assert cast([np.nan, -0.0, np.inf], "i1").tolist() == [True, False, True]


@pytest.mark.parametrize("shape", [[], [0], [2, 0, 3], [2, 3]])
def test_every_pair_keeps_the_shape(shape: list[int]) -> None:
    for source in dtypes.DTYPES.values():
        for target in dtypes.DTYPES.values():
            found = cast(np.ones(shape).astype(source.numpy), target.name)
            assert (found.shape, found.dtype) == (tuple(shape), target.numpy)


def test_result_type(tensor) -> None:
    Cast.check(tensor(["n", 2]), tensor(["n", 2], "bf16"))
    for wrong in (tensor(["n", 3], "bf16"), tensor(["n", 2], "bf16", "gpu:0")):
        with pytest.raises(VerifyError, match="expected a result with the shape and device of the input, .*found"):
            Cast.check(tensor(["n", 2]), wrong)
