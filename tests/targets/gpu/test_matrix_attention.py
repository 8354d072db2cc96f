# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention on matrix units: any lengths, heads, masks and schedules, in the emulator."""

from typing import Any

import ml_dtypes
import numpy as np
import pytest
from mlir import ir

import mograph as mo
from mograph.targets.cpu.builder import find
from mograph.targets.cpu.schedules import Sources, using
from mograph.targets.gpu.attention.schedule import Shape
from mograph.targets.gpu.attention.unit_schedule import Schedule, check, choose
from mograph.targets.nvidia.chips import CHIPS

from ..conftest import signature
from ..cpu.test_attention import reference
from .emulated import EmulatedTarget

Array = np.ndarray[Any, Any]
DTYPES: dict[str, tuple[Any, float]] = {"f16": (np.float16, 2e-3), "bf16": (ml_dtypes.bfloat16, 1.6e-2)}


def draw(dtype: str, *shapes: tuple[int, ...]) -> list[Array]:
    """Normal numbers."""
    rng = np.random.default_rng(0)
    return [rng.standard_normal(shape).astype(DTYPES[dtype][0]) for shape in shapes]


def attention(
    q: Array, k: Array, v: Array, dtype: str, mask: Array | None = None, causal: bool = False, named: bool = False
) -> tuple[Array, ir.Module]:
    """By `mo.attention`, of lengths that are known or have names; and the module of kernels."""
    names = {2: ("m", "n")} if named else {}

    def type_(shape: tuple[int, ...], last: int, length: int) -> str:
        dims = [*map(str, shape[:2]), names[2][length] if named else str(shape[2]), names[2][1] if last < 0 else last]
        return f"!mo.tensor<[{', '.join(map(str, dims))}], {dtype}>"

    types = [type_(q.shape, q.shape[3], 0), type_(k.shape, k.shape[3], 1), type_(v.shape, v.shape[3], 1)]
    result = type_(q.shape, v.shape[3], 0)
    inputs = [f"%{name}: {each}" for name, each in zip("qkv", types, strict=True)]
    masked, arrays = "", [q, k, v]
    if mask is not None:
        wide = type_(mask.shape, -1 if named else mask.shape[3], 0)
        masked, arrays = f"mask %m : {wide}", [*arrays, mask]
        inputs.append(f"%m: {wide}")
    text = f"""mo.graph @f({", ".join(inputs)}) -> {result} {{
      %r = mo.attention %q, %k, %v {masked} {"causal" if causal else ""} : {", ".join(types)}
      mo.output %r : {result}
    }}"""
    module = mo.parse(text)
    mo.Pipeline("builtin.module(mogg-from-mo,mogg-to-linalg)").run(module)
    target = EmulatedTarget("sm_80")
    with module.context, ir.Location.unknown():
        code = target.compile(module)
        dims = [tuple(f"d{i}{j}" for j in range(4)) for i in range(len(arrays) + 1)]
        function = target.load(code).function(
            signature("f", [(dtype, *each) for each in dims[:-1]], [(dtype, *dims[-1])])
        )
    return np.asarray(function(*arrays)), target.module


def compare(found: tuple[Array, ir.Module], expected: Array, dtype: str) -> None:
    """Compares the results, which are to come from matrix units."""
    result, module = found
    with module.context:
        assert find(module.operation, "nvvm.mma.sync")
    tolerance = DTYPES[dtype][1]
    np.testing.assert_allclose(result.astype(np.float64), expected, tolerance, tolerance)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("heads", "length", "keys", "size", "width"),
    [
        ((2, 2), 64, 64, 64, 64),
        ((4, 2), 37, 70, 64, 64),
        ((2, 1), 70, 41, 128, 128),
        ((1, 1), 2, 3, 64, 64),
        ((1, 1), 33, 130, 72, 40),
        ((1, 1), 20, 17, 8, 128),
        ((1, 1), 20, 17, 128, 8),
    ],
)
@pytest.mark.parametrize(("causal", "named"), [(False, True), (True, False)])
def test_lengths(
    dtype: str, heads: tuple[int, int], length: int, keys: int, size: int, width: int, causal: bool, named: bool
) -> None:
    q, k, v = draw(dtype, (1, heads[0], length, size), (1, heads[1], keys, size), (1, heads[1], keys, width))
    found = attention(q, k, v, dtype, causal=causal, named=named)
    compare(found, reference(q, k, v, 0.0, 0 if causal else None), dtype)


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("causal", [False, True])
def test_mask(causal: bool, named: bool) -> None:
    q, k, v, mask = draw("f16", (1, 2, 50, 64), (1, 2, 70, 64), (1, 2, 70, 64), (1, 2, 50, 70))
    mask[mask < -1] = -np.inf
    mask[..., 0] = 0
    expected = reference(q, k, v, mask, 0 if causal else None)
    compare(attention(q, k, v, "f16", mask, causal, named), expected, "f16")


def test_rows_without_keys() -> None:
    q, k, v, mask = draw("bf16", (1, 2, 50, 64), (1, 2, 70, 64), (1, 2, 70, 64), (1, 2, 50, 70))
    mask[:, :, 3:40] = -np.inf
    found, module = attention(q, k, v, "bf16", mask)
    assert not found[:, :, 3:40].any()
    compare((found[:, :, 40:], module), reference(q[:, :, 40:], k, v, mask[:, :, 40:].astype(np.float64)), "bf16")


def test_no_keys() -> None:
    q, k, v = draw("f16", (1, 2, 50, 64), (1, 2, 0, 64), (1, 2, 0, 64))
    assert not attention(q, k, v, "f16", named=True)[0].any()


def test_large_scores() -> None:
    q, k, v = draw("f16", (1, 1, 64, 64), (1, 1, 200, 64), (1, 1, 200, 64))
    q, k = 8 * q, 8 * k
    k[:, :, 150:] *= 2  # later keys change the maximum
    compare(attention(q, k, v, "f16"), reference(q, k, v), "f16")


@pytest.mark.parametrize(
    "fields",
    [
        {"warps": 4, "warp_rows": 32, "keys": 64},
        {"warps": 2, "warp_rows": 16, "keys": 32, "stages": 3},
        {"warps": 3, "warp_rows": 32, "keys": 16, "stages": 4, "vector": 1},
    ],
)
def test_schedules(fields: dict[str, int]) -> None:
    q, k, v = draw("f16", (1, 2, 140, 64), (1, 1, 150, 64), (1, 1, 150, 32))
    with using(Sources(rules={"matrix_attention": lambda kernel, chosen: fields})):
        compare(attention(q, k, v, "f16", causal=True), reference(q, k, v, 0.0, 0), "f16")


def test_others_are_not_taken() -> None:
    q, k, v = draw("f16", (1, 1, 40, 64), (1, 1, 40, 64), (1, 1, 40, 63))  # values whose rows are not aligned
    assert not find(attention(q, k, v, "f16")[1].operation, "nvvm.mma.sync")


def test_choice() -> None:
    chip = CHIPS["sm_80"]
    assert choose(Shape(4096, 16, 64, 64, 2), chip, False) == Schedule(4, 32, 64, 2, 2)
    assert choose(Shape(4096, 16, 64, 64, 2), chip, True) == Schedule(4, 16, 32, 2, 2)
    assert choose(Shape(4096, 16, 128, 128, 2), chip, False) == Schedule(4, 16, 64, 2, 2)
    assert choose(Shape(16, 8, 128, 128, 2), chip, False) == Schedule(1, 16, 16, 2, 2)
    with pytest.raises(ValueError, match="expected warps of 16 or 32 rows"):
        Schedule(4, 8, 64, 2, 2)
    with pytest.raises(ValueError, match="expected at most 166912 bytes to share, found 262144"):
        check(Schedule(4, 16, 128, 4, 2), Shape(4096, 16, 128, 128, 2), chip, False)
