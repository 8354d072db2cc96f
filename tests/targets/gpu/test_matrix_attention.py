# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention on matrix units: any lengths, heads, masks and schedules, in the emulator."""

from typing import Any

import ml_dtypes
import numpy as np
import pytest
from mlir import ir

import mograph as mo
from mograph.targets.amd import attention_schedule as amd_schedule
from mograph.targets.amd.chips import CHIPS as AMD
from mograph.targets.cpu.schedules import Sources, using
from mograph.targets.gpu.attention.parts import Parts
from mograph.targets.gpu.attention.parts import choose as choose_parts
from mograph.targets.gpu.attention.schedule import Shape
from mograph.targets.gpu.attention.unit_schedule import Schedule, check, choose
from mograph.targets.nvidia import attention_schedule
from mograph.targets.nvidia.chips import CHIPS

from ..conftest import signature
from ..cpu.test_attention import reference
from .emulated import EmulatedTarget

Array = np.ndarray[Any, Any]
DTYPES: dict[str, tuple[Any, float]] = {"f16": (np.float16, 2e-3), "bf16": (ml_dtypes.bfloat16, 1.6e-2)}
UNITS = {
    "sm_80": "nvvm.mma.sync",
    "sm_90a": "nvvm.wgmma.mma_async",
    "gfx942": "rocdl.mfma.f32.32x32x8",
    "gfx950": "rocdl.mfma.f32.32x32x16",
    "gfx1100": "rocdl.wmma.f32.16x16x16",
    "gfx1201": "rocdl.wmma.f32.16x16x16",
}
"""Chips, and the operations of theirs that are looked for."""


@pytest.fixture(params=UNITS)
def chip(request: pytest.FixtureRequest) -> str:
    """A chip for each form of the code."""
    name: str = request.param
    return name


def draw(dtype: str, *shapes: tuple[int, ...]) -> list[Array]:
    """Normal numbers."""
    rng = np.random.default_rng(0)
    return [rng.standard_normal(shape).astype(DTYPES[dtype][0]) for shape in shapes]


def attention(
    chip: str,
    q: Array,
    k: Array,
    v: Array,
    dtype: str,
    mask: Array | None = None,
    causal: bool = False,
    named: bool = False,
) -> tuple[Array, ir.Module]:
    """By `mo.attention`, of lengths that are known or have names, but that of one query; and the module of kernels."""
    names = {2: ("m" if q.shape[2] > 1 else "1", "n")} if named else {}

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
    target = EmulatedTarget(chip)
    with module.context, ir.Location.unknown():
        code = target.compile(module)
        dims = [tuple(f"d{i}{j}" for j in range(4)) for i in range(len(arrays) + 1)]
        function = target.load(code).function(
            signature("f", [(dtype, *each) for each in dims[:-1]], [(dtype, *dims[-1])])
        )
    return np.asarray(function(*arrays)), target.module


def units(module: ir.Module, *chips: str) -> bool:
    """Whether kernels use the units of one of the chips."""
    text = str(module)
    return any(UNITS[chip] in text for chip in chips)


def compare(chip: str, found: tuple[Array, ir.Module], expected: Array, dtype: str) -> None:
    """Compares the results, which are to come from matrix units; few rows are not worth those of sm_90a."""
    result, module = found
    assert units(module, chip, *(["sm_80"] if chip == "sm_90a" and result.shape[2] < 32 else []))
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
    chip: str,
    dtype: str,
    heads: tuple[int, int],
    length: int,
    keys: int,
    size: int,
    width: int,
    causal: bool,
    named: bool,
) -> None:
    q, k, v = draw(dtype, (1, heads[0], length, size), (1, heads[1], keys, size), (1, heads[1], keys, width))
    found = attention(chip, q, k, v, dtype, causal=causal, named=named)
    compare(chip, found, reference(q, k, v, 0.0, 0 if causal else None), dtype)


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("causal", [False, True])
def test_mask(chip: str, causal: bool, named: bool) -> None:
    q, k, v, mask = draw("f16", (1, 2, 50, 64), (1, 2, 70, 64), (1, 2, 70, 64), (1, 2, 50, 70))
    mask[mask < -1] = -np.inf
    mask[..., 0] = 0
    expected = reference(q, k, v, mask, 0 if causal else None)
    compare(chip, attention(chip, q, k, v, "f16", mask, causal, named), expected, "f16")


@pytest.mark.parametrize(
    ("heads", "length", "keys", "named", "masked"),
    [
        ((8, 2), 1, 600, False, False),  # four rows with the same keys
        ((2, 2), 1, 530, False, False),
        ((2, 2), 1, 75, True, False),  # of the parts most have no keys
        ((2, 1), 1, 513, True, True),
        ((2, 1), 5, 700, False, False),
        ((2, 1), 70, 600, False, False),  # enough for warpgroups
        ((2, 1), 1, 0, True, False),
    ],
)
def test_parts_of_keys(chip: str, heads: tuple[int, int], length: int, keys: int, named: bool, masked: bool) -> None:
    dtype = "bf16" if masked else "f16"
    size, width = (64, 40) if heads[1] > 1 else (72, 128)
    q, k, v = draw(dtype, (1, heads[0], length, size), (1, heads[1], keys, size), (1, heads[1], keys, width))
    mask = draw(dtype, (1, heads[0], length, keys))[0] if masked else None
    result, module = attention(chip, q, k, v, dtype, mask, length > 1, named)
    assert "gpu.func @attention_of_parts_1" in str(module)
    if keys:
        expected = reference(q, k, v, 0.0 if mask is None else mask.astype(np.float64), 0 if length > 1 else None)
        compare(chip, (result, module), expected, dtype)
    else:
        assert not result.any()


def test_rows_without_keys(chip: str) -> None:
    q, k, v, mask = draw("bf16", (1, 2, 50, 64), (1, 2, 70, 64), (1, 2, 70, 64), (1, 2, 50, 70))
    mask[:, :, 3:40] = -np.inf
    found, module = attention(chip, q, k, v, "bf16", mask)
    assert not found[:, :, 3:40].any()
    compare(chip, (found[:, :, 40:], module), reference(q[:, :, 40:], k, v, mask[:, :, 40:].astype(np.float64)), "bf16")


def test_no_keys(chip: str) -> None:
    q, k, v = draw("f16", (1, 2, 50, 64), (1, 2, 0, 64), (1, 2, 0, 64))
    assert not attention(chip, q, k, v, "f16", named=True)[0].any()


def test_large_scores(chip: str) -> None:
    q, k, v = draw("f16", (1, 1, 64, 64), (1, 1, 200, 64), (1, 1, 200, 64))
    q, k = 8 * q, 8 * k
    k[:, :, 150:] *= 2  # later keys change the maximum
    compare(chip, attention(chip, q, k, v, "f16"), reference(q, k, v), "f16")


@pytest.mark.parametrize(
    ("chip", "template", "fields"),
    [
        ("sm_80", "matrix_attention", {"warps": 4, "warp_rows": 32, "keys": 64}),
        ("sm_80", "matrix_attention", {"warps": 2, "warp_rows": 16, "keys": 32, "stages": 3}),
        ("sm_80", "matrix_attention", {"warps": 3, "warp_rows": 32, "keys": 16, "stages": 4, "vector": 1}),
        ("sm_90a", "warpgroup_attention", {"consumers": 2, "keys": 128}),
        ("sm_90a", "warpgroup_attention", {"consumers": 3, "keys": 16, "stages": 5}),
        ("sm_90a", "warpgroup_attention", {"consumers": 1, "keys": 80, "stages": 3, "vector": 1}),
        ("gfx942", "amd_attention", {"waves": 4, "keys": 64, "vector": 2}),
        ("gfx942", "amd_attention", {"waves": 3, "keys": 128, "held": False, "wide": 2}),
        ("gfx1100", "amd_attention", {"waves": 8, "keys": 16, "held": False, "vector": 1}),
        ("gfx1201", "amd_attention", {"waves": 2, "keys": 64, "vector": 4, "wide": 1}),
    ],
)
@pytest.mark.parametrize("causal", [False, True])
def test_schedules(chip: str, template: str, fields: dict[str, int], causal: bool) -> None:
    q, k, v = draw("f16", (1, 2, 140, 64), (1, 1, 330, 64), (1, 1, 330, 32))
    with using(Sources(rules={template: lambda kernel, chosen: fields})):
        found = attention(chip, q, k, v, "f16", causal=causal)
    compare(chip, found, reference(q, k, v, 0.0, 0 if causal else None), "f16")


def test_others_are_not_taken(chip: str) -> None:
    q, k, v = draw("f16", (1, 1, 40, 64), (1, 1, 40, 64), (1, 1, 40, 63))  # values whose rows are not aligned
    assert not units(attention(chip, q, k, v, "f16")[1], *UNITS)


def test_choice() -> None:
    chip = CHIPS["sm_80"]
    assert choose(Shape(4096, 16, 64, 64, 2), chip, False) == Schedule(4, 32, 64, 2, 2)
    assert choose(Shape(4096, 16, 64, 64, 2), chip, True) == Schedule(4, 16, 32, 2, 2)
    assert choose(Shape(4096, 16, 128, 128, 2), chip, False) == Schedule(4, 16, 64, 2, 2)
    assert choose(Shape(16, 8, 128, 128, 2), chip, False) == Schedule(1, 16, 32, 3, 2)
    assert choose(Shape(16, 8, 128, 128, 2), chip, True) == Schedule(1, 16, 16, 2, 2)
    assert choose(Shape(40, 2, 64, 64, 2), chip, False) == Schedule(1, 16, 16, 2, 2)
    with pytest.raises(ValueError, match="expected warps of 16 or 32 rows"):
        Schedule(4, 8, 64, 2, 2)
    with pytest.raises(ValueError, match="expected at most 166912 bytes to share, found 262144"):
        check(Schedule(4, 16, 128, 4, 2), Shape(4096, 16, 128, 128, 2), chip, False)


def test_choice_of_parts() -> None:
    chip = CHIPS["sm_80"]
    assert choose_parts(Shape(1, 8, 128, 128, 2), 8192, 16, 64, chip) == Parts(27)
    assert choose_parts(Shape(1, 8, 128, 128, 2), None, 16, 64, chip) == Parts(16)
    assert choose_parts(Shape(1, 1, 128, 128, 2), 1 << 20, 16, 64, chip) == Parts(64)
    assert choose_parts(Shape(1, 8, 128, 128, 2), 300, 16, 64, chip) == Parts(1)
    assert choose_parts(Shape(1, 0, 128, 128, 2), 8192, 16, 64, chip) == Parts(1)
    assert choose_parts(Shape(4096, 8, 128, 128, 2), 8192, 64, 64, chip) == Parts(1)
    with pytest.raises(ValueError, match="expected 1 to 64 parts, found 65"):
        Parts(65)


def test_choice_of_wavefronts() -> None:
    long = Shape(4096, 16, 128, 128, 2)
    assert amd_schedule.choose(long, AMD["gfx942"], False) == amd_schedule.Schedule(4, 32, 32, 64, 4, True)
    assert amd_schedule.choose(long, AMD["gfx1100"], False) == amd_schedule.Schedule(8, 16, 16, 32, 4, False)
    few = amd_schedule.choose(Shape(16, 8, 64, 64, 2), AMD["gfx942"], False)
    assert few == amd_schedule.Schedule(1, 32, 32, 64, 4, True)
    with pytest.raises(ValueError, match="expected a wavefront at least, and a power of two of 32 or more for keys"):
        amd_schedule.Schedule(4, 16, 32, 64, 1, True)
    with pytest.raises(ValueError, match="expected at most 65536 bytes to share, found 131072"):
        amd_schedule.check(amd_schedule.Schedule(4, 128, 32, 64, 1, True), long, AMD["gfx942"], False)
    with pytest.raises(ValueError, match="expected at most 256 registers of a thread, found 352"):
        amd_schedule.check(amd_schedule.Schedule(2, 64, 16, 32, 1, True), long, AMD["gfx1100"], False)


def test_choice_of_warpgroups() -> None:
    chip, long = CHIPS["sm_90a"], Shape(4096, 16, 128, 128, 2)
    assert attention_schedule.choose(long, chip, False) == attention_schedule.Schedule(2, 128, 2, 2)
    assert attention_schedule.choose(long, chip, True) == attention_schedule.Schedule(2, 64, 2, 2)
    assert attention_schedule.choose(Shape(16, 8, 128, 128, 2), chip, False) is None
    with pytest.raises(ValueError, match="expected 1 to 3 warpgroups, and a multiple of 16 up to 256 for keys"):
        attention_schedule.Schedule(2, 72, 2, 2)
    with pytest.raises(ValueError, match="expected at most 232448 bytes to share, found 427600"):
        attention_schedule.check(attention_schedule.Schedule(2, 128, 6), long, chip, False)
    with pytest.raises(ValueError, match="expected at most 160 registers of a thread, found 200"):
        attention_schedule.check(attention_schedule.Schedule(3, 128, 2), long, chip, False)
