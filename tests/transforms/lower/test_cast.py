# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.cast` between all pairs of dtypes, bit for bit."""

import warnings

import numpy as np
import pytest
from lowering_harness import NUMPY, STORED, Batch, Type, rule_case

from mograph.dialects.mo.conversion import cast
from mograph.dialects.mo.dtypes import DTYPES

ALL = NUMPY | STORED
FLOATS = ("f32", "f64", "f16", "bf16", "f8E4M3FN", "f8E5M2", "f8E4M3FNUZ", "f8E5M2FNUZ", "f8E8M0FNU", "f4E2M1FN")


def values(dtype: str):
    numpy = ALL[dtype]
    if dtype == "i1":
        return np.array([False, True])
    if numpy.itemsize == 1:  # every one
        return np.arange(2 ** DTYPES[dtype].bits, dtype=np.uint8).view(numpy)
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


@pytest.mark.parametrize("source", list(ALL))
def test_all_pairs(source):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        x = values(source)
        batch = Batch()
        ways = [(to, saturate, "nearest") for to in ALL for saturate in (True, False)]
        ways += [("f8E8M0FNU", saturate, rounding) for saturate in (True, False) for rounding in ("up", "down")]
        cases = {
            (to, saturate, rounding): rule_case(
                batch, "mo.cast", [Type(x.shape, source)], Type(x.shape, to), saturate=saturate, rounding=rounding
            )
            for to, saturate, rounding in ways
        }
        compiled = batch.compile()
        for way, case in cases.items():
            target = way[0]
            found, wanted = case(compiled)(x), cast(x, ALL[target], *way[1:])
            kept = np.ones(x.shape, bool)
            if target in FLOATS:
                nan = np.isnan(wanted.astype(np.float64))
                np.testing.assert_array_equal(np.isnan(found.astype(np.float64)), nan, str(way))
                kept = ~nan
            raw = f"u{found.dtype.itemsize}"
            wrong = kept & (found.view(raw) != wanted.view(raw))
            assert not wrong.any(), f"{way}: {x[wrong][:5]} gave {found[wrong][:5]}, expected {wanted[wrong][:5]}"


@pytest.mark.parametrize(
    ("source", "target"),
    [("f32", "si32"), ("si64", "f64"), ("bf16", "ui16"), ("f8E5M2", "f8E8M0FNU"), ("si4", "f4E2M1FN"), ("ui2", "si2")],
)
def test_bitcast(source, target):
    x = values(source)
    for start, end in ((source, target), (target, source)):
        batch = Batch()
        case = rule_case(batch, "mo.bitcast", [Type(x.shape, start)], Type(x.shape, end))
        given = x.view(ALL[start])
        found = case(batch.compile())(given)
        assert found.dtype == ALL[end]
        np.testing.assert_array_equal(found.view(np.uint8), given.view(np.uint8))


def test_bitcast_of_bools():
    batch = Batch()
    there = rule_case(batch, "mo.bitcast", [Type((2,), "i1")], Type((2,), "si8"))
    back = rule_case(batch, "mo.bitcast", [Type((3,), "ui8")], Type((3,), "i1"))
    compiled = batch.compile()
    assert there(compiled)(np.array([False, True])).tolist() == [0, 1]
    assert back(compiled)(np.array([0, 1, 200], np.uint8)).tolist() == [False, True, True]
