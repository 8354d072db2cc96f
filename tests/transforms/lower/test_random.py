# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random tensors: words bit for bit, distributions against the reference."""

import numpy as np
import pytest
from lowering_harness import NUMPY, Batch, Type, dtype_of, run

from mograph.dialects.mo import philox as reference
from mograph.transforms.lower.builder import DTYPES, Scalar
from mograph.transforms.lower.random import philox, round_keys

SEEDS = [0, 1, -1, 2**63 - 1, -(2**63), 0x299F31D0A4093822]


@pytest.mark.parametrize("seed", SEEDS)
def test_words_are_the_reference_s(seed):
    def words(k, tensors):
        counter = tensors[1]
        keys = round_keys(tensors[0].scalar)
        return [
            k.map(
                lambda c, lane=lane: philox(Scalar(k.em, c.value, DTYPES["ui64"]), keys)[lane],
                counter,
                dtype=dtype_of("ui32"),
            )
            for lane in range(4)
        ]

    batch = Batch()
    number = batch.add([Type((), "si64"), Type((5,), "ui64")], words)
    counter = np.array([0, 1, 2**32 - 1, 2**32, 2**64 - 1], np.uint64)
    found = [array.view(np.uint32) for array in batch.compile()(number, np.array(seed, np.int64), counter)]
    zero = np.zeros_like(counter)
    low, high = counter & np.uint64(2**32 - 1), counter >> np.uint64(32)
    wanted = reference.philox4x32((low, high, zero, zero), (seed & (2**32 - 1), (seed >> 32) & (2**32 - 1)))
    np.testing.assert_array_equal(found, wanted)


def scalars(dtype, *values):
    return [np.array(value, NUMPY[dtype]) for value in values]


@pytest.mark.parametrize("dtype", ["f32", "f64", "f16", "bf16"])
@pytest.mark.parametrize("shape", [(), (7,), (3, 5, 2), (0, 3), (4, 200), (401, 3)])
def test_normal(dtype, shape):
    operands = [*scalars(dtype, 1.5, 2), np.array(12345, np.int64)]
    found = run("mo.static.random.normal", operands, Type(shape, dtype))
    wanted = reference.normal(shape, operands[0], operands[1], 12345, NUMPY[dtype])
    tolerance = {"f64": 1e-14, "f32": 1e-6, "f16": 1e-3, "bf16": 8e-3}[dtype]
    np.testing.assert_allclose(found.astype(np.float64), wanted.astype(np.float64), tolerance, tolerance)


def test_normal_of_a_shape_known_at_run_time_binds_its_name():
    operands = [np.array([3, 4], np.int64), *scalars("f32", 0, 1), np.array(5, np.int64)]
    found = run("mo.random.normal", operands, Type(("n", 4), "f32"))
    np.testing.assert_allclose(found, reference.normal((3, 4), *operands[1:3], 5, NUMPY["f32"]), 1e-6, 1e-6)


@pytest.mark.parametrize("dtype", ["f32", "f64", "f16", "bf16"])
@pytest.mark.parametrize("ends", [(0, 1), (-2, 3), (1, 1.001), (2, 2), (3, 1)])
def test_uniform(dtype, ends):
    operands = [np.array([6, 50], np.int64), *scalars(dtype, *ends), np.array(99, np.int64)]
    found = run("mo.random.uniform", operands, Type((6, 50), dtype))
    wanted = reference.uniform((6, 50), *operands[1:3], 99, NUMPY[dtype])
    # A fused multiply-add may round once where the reference rounds twice.
    np.testing.assert_allclose(found.astype(np.float64), wanted.astype(np.float64), 1e-7)
    if ends[0] < ends[1]:
        assert (found < operands[2]).all() or operands[1] == operands[2]
