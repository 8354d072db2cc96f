# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The random operations: their rules, and that they draw what `philox` draws (whose own tests say what that is)."""

import numpy as np
import pytest

from mograph.dialects import mo
from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import dtypes, philox

SEED = np.array(11, np.int64)


@pytest.mark.parametrize("dtype", ["f16", "bf16", "f32", "f64"])
def test_one_seed_gives_one_tensor(dtype: str, tensor) -> None:
    numpy = dtypes.DTYPES[dtype].numpy
    zero, one = np.array(0).astype(numpy), np.array(1).astype(numpy)
    shape = np.array([3, 5])
    result = tensor(["n", 5], dtype)
    drawn = mo.RandomNormal.evaluate(shape, zero, one, SEED, result, [(-1, 5)])
    assert (drawn.shape, drawn.dtype) == ((3, 5), numpy)
    fixed = mo.StaticRandomNormal.evaluate(zero, one, SEED, tensor([3, 5], dtype), [(3, 5)])
    assert drawn.tobytes() == fixed.tobytes() == philox.normal((3, 5), zero, one, 11, numpy).tobytes()
    other = mo.RandomNormal.evaluate(shape, zero, one, SEED + 1, result, [(-1, 5)])
    assert drawn.tobytes() != other.tobytes()
    uniform = mo.RandomUniform.evaluate(shape, zero, one, SEED, result, [(-1, 5)])
    assert uniform.tobytes() == philox.uniform((3, 5), zero, one, 11, numpy).tobytes()


def test_rank_0_and_empty(tensor) -> None:
    zero, one = np.float32(0), np.float32(1)
    assert mo.StaticRandomNormal.evaluate(zero, one, SEED, tensor([]), [()]).shape == ()
    none = mo.RandomUniform.evaluate(np.array([0, 4]), zero, one, SEED, tensor([0, 4]), [(0, 4)])
    assert none.shape == (0, 4)


@pytest.mark.parametrize("shape", [[3, 4], [3], [-1, 5]])
def test_a_shape_that_is_not_the_results(shape: list[int], tensor) -> None:
    with pytest.raises(ValueError, match=r"mo.random.uniform: expected the shape \[-1, 5\] of the result, found"):
        mo.RandomUniform.evaluate(np.array(shape), np.float32(0), np.float32(1), SEED, tensor(["n", 5]), [(-1, 5)])


def test_types(tensor) -> None:
    shape, scalar, seed = tensor([2], "si64"), tensor([], "f16"), tensor([], "si64")
    on_gpu = tensor(["n", 3], "f16", "gpu:0")
    for op in (mo.RandomNormal, mo.RandomUniform):
        op.check(shape, scalar, tensor([], "f16", "gpu:0"), seed, on_gpu)
        op.check(tensor(["r"], "si64"), scalar, scalar, seed, on_gpu)
    mo.StaticRandomNormal.check(scalar, scalar, tensor([], "si64", "gpu:0"), on_gpu)


@pytest.mark.parametrize(
    ("operands", "message"),
    [
        ({"result": ([2, 3], "f8E5M2")}, "expected a result of dtype f16, bf16, f32, f64, found f8E5M2"),
        ({"shape": ([2], "si32")}, r"expected a shape of type !mo.tensor<\[2\], si64>, found !mo.tensor<\[2\], si32>"),
        ({"shape": ([2], "si64", "gpu:0")}, r"expected a shape of type .*, found !mo.tensor<\[2\], si64, gpu:0>"),
        ({"shape": ([3], "si64")}, "expected a shape of 2 extents, as the result has; found 3"),
        ({"mean": ([1], "f32")}, r"expected mean of rank 0, found \[1\]"),
        ({"std": ([], "f64")}, "expected std of dtype f32, found f64"),
        ({"seed": ([], "ui64")}, "expected seed of dtype si64, found ui64"),
        ({"std": ([], "f32", "gpu:1")}, "expected std on cpu, found gpu:1"),
        (
            {"std": ([], "f32", "gpu:1"), "result": ([2, 3], "f32", "gpu:0")},
            "expected std on cpu or gpu:0, found gpu:1",
        ),
    ],
)
def test_wrong_operands(operands: dict, message: str, tensor) -> None:
    right = {
        "shape": ([2], "si64"),
        "mean": ([], "f32"),
        "std": ([], "f32"),
        "seed": ([], "si64"),
        "result": ([2, 3], "f32"),
    }
    given = {name: tensor(*parts) for name, parts in (right | operands).items()}
    with pytest.raises(VerifyError, match=message):
        mo.RandomNormal.check(**given)
    if "shape" not in operands:
        del given["shape"]
        with pytest.raises(VerifyError, match=message):
            mo.StaticRandomNormal.check(**given)
