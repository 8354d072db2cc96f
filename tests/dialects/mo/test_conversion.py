# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Casts against tables of every value that a dtype has, and against exact integers."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import Cast, TensorType, conversion, dtypes
from mograph.dialects.mo.cast import obstacle

SMALL = ["f8E4M3FN", "f8E5M2", "f8E4M3FNUZ", "f8E5M2FNUZ", "f4E2M1FN"]
NARROW = [*SMALL, "f16", "bf16"]
FLOATS = [*NARROW, "f8E8M0FNU", "f32", "f64"]
INTEGERS = [name for name, dtype in dtypes.DTYPES.items() if dtype.kind in ("signed", "unsigned")]
WIDE_INTEGERS = [name for name in INTEGERS if dtypes.DTYPES[name].bits >= 8]


def cast(values: object, dtype: str, saturate: bool = True, rounding: str = "nearest") -> np.ndarray:
    array = np.asarray(values)
    return Cast.evaluate(array, saturate, rounding, TensorType.get(array.shape, dtype))


def nearest(value: float, dtype: str, saturate: bool) -> float:
    """The value of `dtype` nearest to an f64 value, out of all of them; of two, the one with an even bit pattern."""
    bits = np.arange(
        2 ** (dtypes.DTYPES[dtype].bits - 1), dtype=np.uint16 if dtypes.DTYPES[dtype].bits == 16 else np.uint8
    )
    table = bits.view(dtypes.DTYPES[dtype].numpy).astype(np.float64)
    finite = table[np.isfinite(table)]
    magnitude = abs(value)
    above = int(np.searchsorted(finite, magnitude))
    if math.isnan(value):
        return -0.0 if dtype == "f4E2M1FN" else value
    if above == len(finite):  # the value that would come next decides what is beyond the range
        following = finite[-1] + (finite[-1] - finite[-2])
        tie = (finite[-1] + following) / 2
        beyond = np.inf if dtype in ("f16", "bf16", "f8E5M2") else np.nan
        if dtype == "f4E2M1FN" or (saturate and dtype in SMALL):
            beyond = finite[-1]
        stays = magnitude < tie or (magnitude == tie and (above - 1) % 2 == 0)
        result = finite[-1] if stays else beyond
    elif finite[above] == magnitude:
        result = magnitude
    else:
        low, high = finite[above - 1], finite[above]
        middle = (low + high) / 2
        even = low if (above - 1) % 2 == 0 else high
        result = low if magnitude < middle else high if magnitude > middle else even
    return 0.0 if result == 0 and dtype.endswith("FNUZ") else math.copysign(result, value)


@pytest.mark.parametrize("saturate", [True, False])
@pytest.mark.parametrize("dtype", NARROW)
@given(
    value=st.floats(width=64)
    | st.floats(-500, 500)
    | st.tuples(st.floats(-500, 500, width=16), st.integers(-60, -8), st.sampled_from([0, 2.0**-45, -(2.0**-45)])).map(
        lambda parts: parts[0] * (1 + 2.0 ** parts[1]) * (1 + parts[2])  # ties of every dtype, and almost ties
    )
)
def test_float_to_float_is_rounded_once(dtype: str, value: float, saturate: bool) -> None:
    found = float(cast(value, dtype, saturate))
    np.testing.assert_equal(found, nearest(value, dtype, saturate))


def test_f8e5m2_is_not_rounded_by_way_of_f32() -> None:
    tie = 1 + 2.0**-3  # between 1 and 1.25, and 2^-40 above it not
    assert cast([tie, tie * (1 + 2.0**-40), -tie * (1 + 2.0**-40)], "f8E5M2").tolist() == [1, 1.25, -1.25]


def powers_of_two() -> st.SearchStrategy[float]:
    """Positive values at and near powers of two, in the range of f8E8M0FNU and beyond it, and between them."""
    return st.tuples(st.floats(1, 2, allow_subnormal=False), st.integers(-160, 160)).map(
        lambda parts: math.ldexp(*parts)
    ) | st.tuples(st.sampled_from([1.0, 1.5, 1 + 2.0**-50, 2 - 2.0**-50, 1.5 - 2.0**-50]), st.integers(-160, 160)).map(
        lambda parts: math.ldexp(*parts)
    )


@pytest.mark.parametrize("saturate", [True, False])
@pytest.mark.parametrize("rounding", ["nearest", "up", "down"])
@given(value=powers_of_two())
def test_float_to_power_of_two(value: float, rounding: str, saturate: bool) -> None:
    below = 2.0 ** math.floor(math.log2(value))
    below = below / 2 if below > value else below * 2 if below * 2 <= value else below
    above = below if below == value else below * 2
    closest = below if value - below < above - value else above
    expected = {"nearest": closest, "up": above, "down": below}[rounding]
    if not 2.0**-127 <= expected <= 2.0**127:
        expected = min(max(expected, 2.0**-127), 2.0**127) if saturate else math.nan
    np.testing.assert_equal(float(cast(value, "f8E8M0FNU", saturate, rounding)), expected)


def test_power_of_two_of_special_values() -> None:
    special = [0.0, -0.0, np.inf, np.nan, -1.0, -np.inf]
    np.testing.assert_equal(
        cast(special, "f8E8M0FNU").astype("f8"), [2.0**-127, 2.0**-127, 2.0**127, np.nan, np.nan, np.nan]
    )
    assert np.isnan(cast(special, "f8E8M0FNU", False).astype("f8")).all()


@pytest.mark.parametrize("dtype", NARROW)
@given(value=st.integers(-(2**63), 2**63 - 1) | st.integers(-600, 600))
def test_integer_to_narrow_float_is_rounded_once(dtype: str, value: int) -> None:
    found = float(cast(np.int64(value), dtype))
    # To odd, in Python's integers: 40 significant bits, the last of which says whether anything was cut off.
    cut = max(abs(value).bit_length() - 40, 0)
    odd = (abs(value) >> cut) | bool(abs(value) & ((1 << cut) - 1))
    np.testing.assert_equal(found, nearest(math.copysign(float(odd << cut), value), dtype, True))


@pytest.mark.parametrize("dtype", ["f32", "f64"])
@given(value=st.integers(-(2**63), 2**63 - 1))
def test_integer_to_wide_float(dtype: str, value: int) -> None:
    assert cast(np.int64(value), dtype) == dtypes.DTYPES[dtype].numpy.type(value)


@pytest.mark.parametrize("dtype", WIDE_INTEGERS)
@pytest.mark.parametrize("source", FLOATS)
@given(value=st.floats() | st.floats(-300, 300) | st.integers(-(2**65), 2**65).map(float))
def test_float_to_integer_truncates_and_saturates(source: str, dtype: str, value: float) -> None:
    start = cast(value, source)
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
    lowest, highest = conversion.integer_range(dtypes.DTYPES[dtype].numpy)
    assert lowest <= found <= highest


@pytest.mark.parametrize("dtype", ["si4", "ui4", "si2", "ui2"])
@given(value=st.floats() | st.floats(-40, 40))
def test_float_to_few_bits_keeps_the_low_ones(dtype: str, value: float) -> None:
    bits = dtypes.DTYPES[dtype].bits
    whole = int(cast(value, "si32"))
    expected = whole % 2**bits
    if dtype[0] == "s" and expected >= 2 ** (bits - 1):
        expected -= 2**bits
    assert int(cast(value, dtype)) == expected


def test_unused_bits_are_ignored() -> None:
    stored = np.array([0x1F, 0xF7, 0x88], np.uint8)
    assert cast(stored.view(dtypes.DTYPES["si4"].numpy), "si32").tolist() == [-1, 7, -8]
    assert cast(stored.view(dtypes.DTYPES["ui4"].numpy), "si32").tolist() == [15, 7, 8]
    assert cast(stored.view(dtypes.DTYPES["si2"].numpy), "si32").tolist() == [-1, -1, 0]


@pytest.mark.parametrize("dtype", dtypes.DTYPES)
def test_bool_both_ways(dtype: str) -> None:
    there = cast([True, False], dtype)
    assert there.dtype == dtypes.DTYPES[dtype].numpy
    least = 2.0**-127 if dtype == "f8E8M0FNU" else 0  # which has no 0
    assert there.astype(np.float64).tolist() == [1, least]
    assert cast(there, "i1").tolist() == [True, bool(least)]


def test_nan_is_true() -> None:
    assert cast([np.nan, -0.0, np.inf], "i1").tolist() == [True, False, True]


@pytest.mark.parametrize("shape", [[], [0], [2, 0, 3], [2, 3]])
def test_every_pair_keeps_the_shape(shape: list[int]) -> None:
    for source in dtypes.DTYPES.values():
        for target in dtypes.DTYPES.values():
            found = cast(np.ones(shape).astype(source.numpy), target.name)
            assert (found.shape, found.dtype) == (tuple(shape), target.numpy)


def test_result_type(tensor) -> None:
    Cast.check(tensor(["n", 2]), "nearest", tensor(["n", 2], "bf16"))
    for wrong in (tensor(["n", 3], "bf16"), tensor(["n", 2], "bf16", "gpu:0")):
        with pytest.raises(VerifyError, match="expected a result with the shape and device of the input, .*found"):
            Cast.check(tensor(["n", 2]), "nearest", wrong)
    Cast.check(tensor([2]), "up", tensor([2], "f8E8M0FNU"))
    with pytest.raises(VerifyError, match="expected dtype f8E8M0FNU with rounding up, found bf16"):
        Cast.check(tensor([2]), "up", tensor([2], "bf16"))


def some(dtype: dtypes.DType) -> np.ndarray:
    """Values of a dtype: all of one that has a byte or less."""
    if dtype.kind == "bool":
        return np.array([False, True])
    if dtype.bits <= 8:
        return np.arange(2**dtype.bits, dtype=np.uint8).view(dtype.numpy)
    bits = np.random.default_rng(3).integers(0, 2**64 - 1, 2000, np.uint64) >> np.uint64(64 - dtype.bits)
    patterns = bits.astype(f"u{dtype.bits // 8}").view(dtype.numpy)
    near = np.array([0, 1, -1, 3, 127, 128, 255, 1000, 65504], np.float64)
    return np.concatenate([patterns, cast(near, dtype.name)])


def test_casts_that_are_left_out_change_nothing() -> None:
    left_out = set()
    for source, middle, target in itertools.product(dtypes.DTYPES.values(), repeat=3):
        for saturate in (True, False):
            if obstacle(source, middle, target, saturate) is None:
                left_out.add((source.name, middle.name, target.name))
                values = some(source)
                with np.errstate(all="ignore"):
                    direct = cast(values, target.name, saturate)
                    by_way = cast(cast(values, middle.name), target.name, saturate)
                if target.kind == "float":
                    direct, by_way = direct.astype(np.float64), by_way.astype(np.float64)
                np.testing.assert_array_equal(direct, by_way, f"{source.name}, {middle.name}, {target.name}")
    assert ("si8", "f32", "f16") in left_out
    assert ("si64", "ui8", "si4") in left_out
    assert ("si16", "f32", "si8") not in left_out
