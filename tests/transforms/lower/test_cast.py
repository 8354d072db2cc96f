# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.cast` between all pairs of dtypes, bit for bit."""

import warnings

import numpy as np
import pytest
from lowering_harness import NUMPY, Batch, Type, rule_case

from mograph.dialects.mo.conversion import cast

FLOATS = ("f32", "f64", "f16", "bf16", "f8E4M3FN", "f8E5M2")


def values(dtype: str):
    numpy = NUMPY[dtype]
    if dtype == "i1":
        return np.array([False, True])
    if dtype not in FLOATS:
        info = np.iinfo(numpy)
        rng = np.random.default_rng(1)
        near = [0, 1, 2, 7, 255, 2049, 65519, 65520, 2**24 + 1, 2**53 + 1, 2**62 + 1, info.max, info.min, info.max - 1]
        drawn = (
            rng.integers(info.min, info.max, 300, numpy, True) >> rng.integers(0, 8 * numpy.itemsize, 300).astype(numpy)
        ).tolist()
        return np.array([v for v in [*near, *(-v for v in near), *drawn] if info.min <= v <= info.max], numpy)
    rng = np.random.default_rng(2)
    wide = rng.normal(size=400) * 10.0 ** rng.uniform(-12, 20, 400)
    ends = [s * (2.0**p + d) for s in (1, -1) for p in (7, 8, 15, 16, 31, 32, 63, 64) for d in (-1, -0.5, 0, 0.5, 1)]
    edges = [0, -0.0, np.inf, -np.inf, np.nan, 448, 463.9, 464, 464.1, 480, 57344, 61439, 61440, 65504, 65519.9, 65520]
    ties = (
        [2.0**-10 * k for k in range(-8, 9)]
        + [1 + 2.0**-k for k in range(1, 30)]
        + [1 + 3 * 2.0**-k for k in range(1, 30)]
    )
    tie_and_bit = [(1 + 2.0**-k) * (1 + 2.0**-40) for k in range(1, 30)]
    return np.array([*wide, *ends, *edges, *ties, *tie_and_bit, 2.0**-9, 2.0**-16, 2.0**-17, 2.0**-25]).astype(numpy)


def once_rounded(x, target):
    """The reference, by way of an f32 that f64 rounds to odd: ml_dtypes goes over f16 for this dtype, and rounds
    twice.
    """
    if x.dtype == np.float64 and target == "f8E5M2":
        nearest = x.astype(np.float32)
        inexact = (nearest != x) & ~np.isnan(x)
        away = inexact & (np.abs(nearest.astype(np.float64)) > np.abs(x))
        x = ((nearest.view(np.uint32) - away) | inexact).astype(np.uint32).view(np.float32)
    return cast(x, NUMPY[target])


@pytest.mark.parametrize("source", list(NUMPY))
def test_all_pairs(source):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        x = values(source)
        batch = Batch()
        cases = {to: rule_case(batch, "mo.cast", [Type(x.shape, source)], Type(x.shape, to)) for to in NUMPY}
        compiled = batch.compile()
        for target, case in cases.items():
            found, wanted = case(compiled)(x), once_rounded(x, target)
            if target in FLOATS:
                nan = np.isnan(wanted.astype(np.float64))
                np.testing.assert_array_equal(np.isnan(found.astype(np.float64)), nan, target)
                found, wanted = found[~nan], wanted[~nan]
                x_ = x[~nan]
            else:
                x_ = x
            raw = f"u{found.dtype.itemsize}"
            wrong = found.view(raw) != wanted.view(raw)
            assert not wrong.any(), (
                f"to {target}: {x_[wrong][:5]} gave {found[wrong][:5]}, expected {wanted[wrong][:5]}"
            )
