# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random words against known answers; distributions against their formulas in Python's floats, and as such."""

import math

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mograph.dialects.mo import philox

ONES = 0xFFFFFFFF
DTYPES = [np.dtype(d) for d in (np.float16, ml_dtypes.bfloat16, np.float32, np.float64)]
F32 = np.dtype(np.float32)


def words_of(counter: list[int], key: tuple[int, int]) -> list[int]:
    return [int(word[0]) for word in philox.philox4x32([np.array([c], np.uint32) for c in counter], key)]


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ([0] * 4, (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ([ONES] * 4, (ONES, ONES), "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            (0xA4093822, 0x299F31D0),
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_known_answers(counter: list[int], key: tuple[int, int], answer: str) -> None:
    assert " ".join(f"{word:08x}" for word in words_of(counter, key)) == answer


def test_words_count_blocks_under_the_seed() -> None:
    seed = -2
    expected = [word for block in range(3) for word in words_of([block, 0, 0, 0], (0xFFFFFFFE, ONES))]
    assert philox.words(seed, 9).tolist() == expected
    assert philox.words(0, 0).size == 0


@given(seed=st.integers(-(2**63), 2**63 - 1), count=st.integers(0, 40))
def test_an_element_depends_on_its_index_alone(seed: int, count: int) -> None:
    many = philox.normal((41,), np.float32(0), np.float32(1), seed, F32)
    assert philox.normal((count,), np.float32(0), np.float32(1), seed, F32).tolist() == many[:count].tolist()
    assert philox.normal((1, count), np.float32(0), np.float32(1), seed, F32).shape == (1, count)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_normal_is_box_and_mullers(dtype: np.dtype) -> None:
    mean, std, count = 0.5, 2.0, 1001
    found = philox.normal((count,), np.asarray(mean, dtype), np.asarray(std, dtype), 7, dtype)
    assert found.dtype == dtype
    words = philox.words(7, count)
    expected = []
    for even, odd in words.reshape(-1, 2).tolist():
        s = math.sqrt(-2 * math.log((even + 0.5) / 2**32))
        v = 2 * math.pi * (odd + 0.5) / 2**32
        expected += [mean + std * s * math.sin(v), mean + std * s * math.cos(v)]
    # The formula's steps are rounded to f32: absolute errors, as u is near 1 or v near a multiple of pi.
    tolerance = {2: float(ml_dtypes.finfo(dtype).eps) * 8, 4: 2e-5, 8: 1e-13}[dtype.itemsize]
    np.testing.assert_allclose(found.astype(np.float64), expected[:count], atol=tolerance, rtol=tolerance)


def test_normal_steps_are_rounded_to_f32() -> None:
    word, partner = philox.words(123, 2)[:2].tolist()
    f32 = np.float32
    u = (f32(word) + f32(0.5)) * f32(2.0**-32)
    v = (f32(partner) + f32(0.5)) * f32(2.0**-32) * f32(2 * np.pi)
    s = np.sqrt(f32(-2) * f32(math.log(u)))
    expected = [f32(3) + f32(0.1) * (s * f32(math.sin(v))), f32(3) + f32(0.1) * (s * f32(math.cos(v)))]
    assert philox.normal((2,), f32(3), f32(0.1), 123, F32).tolist() == [float(value) for value in expected]


def test_normal_is_normal() -> None:
    values = philox.normal((100_000,), np.float64(0), np.float64(1), 2024, np.dtype(np.float64))
    assert stats.kstest(values, "norm").pvalue > 0.01
    assert abs(np.corrcoef(values[:-1], values[1:])[0, 1]) < 0.01


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_uniform_is_half_open_and_uniform(dtype: np.dtype) -> None:
    values = philox.uniform((100_000,), np.asarray(-1, dtype), np.asarray(3, dtype), 3, dtype).astype(np.float64)
    assert values.min() >= -1
    assert values.max() < 3
    if dtype.itemsize > 2:  # a narrow dtype shows its steps
        assert stats.kstest(values, "uniform", (-1, 4)).pvalue > 0.01
    expected = [-1 + 4 * word / 2**32 for word in philox.words(3, 100).tolist()]
    np.testing.assert_allclose(values[:100], expected, atol=4 * float(ml_dtypes.finfo(dtype).eps))


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_uniform_never_draws_high(dtype: np.dtype) -> None:
    low = np.asarray(1, dtype)
    high = np.nextafter(low, np.asarray(2, dtype))
    assert np.unique(philox.uniform((1000,), low, high, 5, dtype)).tolist() == [low]  # half of them would round to high
    assert np.unique(philox.uniform((8,), low, low, 5, dtype)).tolist() == [low]


def test_uniform_steps_are_rounded_to_f32() -> None:
    f32 = np.float32
    for word, found in zip(
        philox.words(9, 64).tolist(), philox.uniform((64,), f32(0.1), f32(0.7), 9, F32), strict=True
    ):
        assert found == f32(0.1) + (f32(0.7) - f32(0.1)) * (f32(word) * f32(2.0**-32))
