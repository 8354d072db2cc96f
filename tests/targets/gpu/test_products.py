# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products on matrix units, run by an emulator: every element of C, and nothing read or written out of bounds."""

import argparse
import importlib.util
import sys
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from mlir import ir

HERE = Path(__file__).resolve().parent
INPUTS = HERE.parents[2] / "lit_tests" / "targets" / "Inputs"


def _module(name: str, path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


emulator = _module("gpu_emulator", HERE / "emulator.py")
warpgroups = _module("gpu_warpgroups", HERE / "warpgroups.py")
products = _module("gpu_products", INPUTS / "products.py")
DTYPES: dict[str, Any] = {
    "f16": np.float16, "bf16": ml_dtypes.bfloat16, "f32": np.float32, "i8": np.int8,
    "f8E4M3FN": ml_dtypes.float8_e4m3fn, "f8E5M2": ml_dtypes.float8_e5m2,
    "f8E4M3FNUZ": ml_dtypes.float8_e4m3fnuz, "f8E5M2FNUZ": ml_dtypes.float8_e5m2fnuz,
}  # fmt: skip
F8 = ("f8E4M3FN", "f8E5M2")


def result_of(element: str) -> Any:
    """The dtype of C: sums of elements of 8 bits are not made narrow again."""
    return np.int32 if element == "i8" else np.float32 if element.startswith("f8") else DTYPES[element]


def product(
    kernel: str,
    chip: str,
    element: str,
    extents: tuple[int, int, int],
    b: str,
    schedule: str,
    static: bool = True,
    aligned: int = 16,
) -> None:
    """Compares a product with numpy's; memory ends with each of its arrays, so that nothing behind one is read."""
    m, n, k = extents
    options = argparse.Namespace(
        chip=chip, element=element, b=b, aligned=aligned, schedule=schedule,
        extents=",".join(map(str, extents if static else (0, 0, 0))),
    )  # fmt: skip
    draw = np.random.default_rng(m * 31 + n * 7 + k)
    dtype = DTYPES[element]
    left, right = (draw.integers(-4, 5, shape).astype(dtype) for shape in ((m, k), (k, n)))
    bias = draw.integers(-9, 10, n).astype(np.float32)
    result_type = result_of(element)
    arrays = [left, right if b == "n" else np.ascontiguousarray(right.T), np.zeros((m, n), result_type), bias]
    with ir.Context(), ir.Location.unknown():
        module, chosen = products.build(kernel, options)
        blocks = -(-m // chosen.rows) * -(-n // chosen.columns)
        for number in (0, 1, 3, 2):  # each of them is the last of the memory once, where reading on is an error
            order = [each for each in range(4) if each != number] + [number]
            if number != 2 and blocks > 4:
                continue
            places, size = {}, 0
            for each in order:
                size = -(-size // 256) * 256
                places[each] = size
                size += arrays[each].nbytes
            memory = np.full(size, 0x7F, np.uint8)
            for each, array in enumerate(arrays):
                memory[places[each] : places[each] + array.nbytes] = array.reshape(-1).view(np.uint8)
            arguments = [places[each] for each in range(4)] + list(extents)
            warp, shared = getattr(chosen, "subgroup", 32), chosen.shared(left.itemsize)
            emulator.run(module, memory, arguments, blocks, warp, shared, fnuz=chip == "gfx942")
    found = memory[places[2] :][: arrays[2].nbytes].view(result_type).reshape(m, n)
    total = left.astype(np.int64) @ right.astype(np.int64)
    expected = total if element == "i8" else np.maximum(total + bias, 0).astype(np.float32).astype(result_type)
    np.testing.assert_array_equal(found.astype(np.float64), expected.astype(np.float64))


def multiplied(kernel: str, chip: str, element: str, left: Any, right: Any) -> Any:
    """What a kernel of usual schedule gives for two matrices, without a bias."""
    (m, k), n = left.shape, right.shape[1]
    options = argparse.Namespace(chip=chip, element=element, b="n", aligned=1, schedule="", extents=f"{m},{n},{k}")
    arrays = [left, right, np.zeros((m, n), result_of(element)), np.zeros(n, np.float32)]
    places = list(np.cumsum([0] + [-(-each.nbytes // 256) * 256 for each in arrays]))
    memory = np.zeros(places[4], np.uint8)
    for place, array in zip(places, arrays, strict=False):
        memory[place : place + array.nbytes] = array.reshape(-1).view(np.uint8)
    with ir.Context(), ir.Location.unknown():
        module, chosen = products.build(kernel, options)
        blocks = -(-m // chosen.rows) * -(-n // chosen.columns)
        arguments = [*map(int, places[:4]), m, n, k]
        emulator.run(module, memory, arguments, blocks, 32, chosen.shared(left.itemsize))
    return memory[places[2] :][: arrays[2].nbytes].view(arrays[2].dtype).reshape(m, n)


SMALL = "rows=64,columns=64,warp_rows=32,warp_columns=32,stages=3"


@pytest.mark.parametrize("element", ["f16", "bf16"])
@pytest.mark.parametrize("b", ["n", "k"])
def test_mma(element: str, b: str) -> None:
    product("mma", "sm_80", element, (128, 128, 192), b, SMALL)


@pytest.mark.parametrize("element", ["f32", "i8", *F8])
@pytest.mark.parametrize("chip", ["sm_80", "sm_89"])
@pytest.mark.parametrize("b", ["n", "k"])
def test_mma_of_other_elements(element: str, chip: str, b: str) -> None:
    product("mma", chip, element, (64, 128, 160), b, SMALL)


@pytest.mark.parametrize("element", ["f32", "i8", "f8E4M3FN"])
@pytest.mark.parametrize("b", ["n", "k"])
@pytest.mark.parametrize(("extents", "aligned"), [((67, 48, 80), 16), ((67, 36, 52), 4)])
def test_mma_of_odd_extents_of_other_elements(
    element: str, b: str, extents: tuple[int, int, int], aligned: int
) -> None:
    product("mma", "sm_89", element, extents, b, "", static=False, aligned=aligned)


@pytest.mark.parametrize("element", F8)
@pytest.mark.parametrize("chip", ["sm_80", "sm_89"])
def test_mma_of_all_small_floats(element: str, chip: str) -> None:
    """Every float of 8 bits times 1, infinities and NaN too."""
    dtype = DTYPES[element]
    left = np.arange(256, dtype=np.uint8).view(dtype).reshape(256, 1)
    found = multiplied("mma", chip, element, left, np.ones((1, 8), dtype))
    np.testing.assert_array_equal(found, np.maximum(np.repeat(left.astype(np.float32), 8, axis=1), 0))


@pytest.mark.parametrize("b", ["n", "k"])
@pytest.mark.parametrize("static", [True, False])
@pytest.mark.parametrize("extents", [(67, 72, 40), (1, 8, 8), (64, 64, 8)])
def test_mma_of_partial_tiles(extents: tuple[int, int, int], b: str, static: bool) -> None:
    product("mma", "sm_80", "bf16", extents, b, SMALL, static)


@pytest.mark.parametrize("b", ["n", "k"])
@pytest.mark.parametrize(
    ("extents", "aligned"), [((67, 35, 41), 2), ((65, 66, 38), 4), ((33, 68, 100), 8), ((3, 5, 1), 2)]
)
def test_mma_of_odd_extents(extents: tuple[int, int, int], aligned: int, b: str) -> None:
    product("mma", "sm_80", "bf16", extents, b, "", static=False, aligned=aligned)


def test_mma_of_nothing_to_sum() -> None:
    product("mma", "sm_80", "bf16", (16, 24, 0), "k", SMALL, static=False)


@pytest.mark.parametrize("schedule", ["", "depth=64,stages=2", "vector=8", "vector=2,band=1"])
def test_mma_by_other_schedules(schedule: str) -> None:
    product("mma", "sm_80", "bf16", (256, 264, 96), "n", schedule)


CDNA = "rows=64,columns=64,wave_rows=32,wave_columns=32"


@pytest.mark.parametrize("chip", ["gfx90a", "gfx942", "gfx950"])
@pytest.mark.parametrize("element", ["f16", "bf16", "f32", "i8"])
@pytest.mark.parametrize("b", ["n", "k"])
def test_mfma(chip: str, element: str, b: str) -> None:
    product("mfma", chip, element, (64, 64, 128), b, CDNA)


@pytest.mark.parametrize(
    ("chip", "element"),
    [
        ("gfx942", "f8E4M3FNUZ"),
        ("gfx942", "f8E5M2FNUZ"),
        *((chip, each) for chip in ("gfx950", "gfx1201") for each in F8),
    ],
)
@pytest.mark.parametrize("b", ["n", "k"])
def test_mfma_of_small_floats(chip: str, element: str, b: str) -> None:
    product("mfma", chip, element, (67, 72, 136), b, "", static=False)
    product("mfma", chip, element, (64, 64, 128), b, "")


@pytest.mark.parametrize("element", ["f16", "f32", "i8"])
def test_mfma_on_small_matrices(element: str) -> None:
    product("mfma", "gfx942", element, (64, 64, 128), "n", f"{CDNA},size=16,wide_b=1")


@pytest.mark.parametrize("chip", ["gfx1100", "gfx1201"])
@pytest.mark.parametrize("element", ["f16", "bf16"])
@pytest.mark.parametrize("b", ["n", "k"])
def test_wmma(chip: str, element: str, b: str) -> None:
    product("mfma", chip, element, (64, 128, 96), b, "rows=64,columns=64,wave_rows=32,wave_columns=32,wide_b=1")


@pytest.mark.parametrize("chip", ["gfx942", "gfx1201"])
@pytest.mark.parametrize("b", ["n", "k"])
@pytest.mark.parametrize(
    ("extents", "static"),
    [
        ((67, 72, 40), True), ((67, 72, 40), False), ((1, 8, 8), False), ((65, 35, 41), True), ((65, 35, 41), False),
        ((3, 5, 1), True), ((3, 5, 1), False), ((16, 24, 0), False),
    ],
)  # fmt: skip
def test_mfma_of_odd_extents(chip: str, extents: tuple[int, int, int], b: str, static: bool) -> None:
    product("mfma", chip, "bf16", extents, b, "", static)


@pytest.mark.parametrize(
    ("element", "b", "extents", "schedule", "blocks"),
    [
        ("bf16", "k", (128, 128, 192), "rows=128,columns=128", 1),
        ("bf16", "n", (128, 128, 192), "rows=128,columns=128", 1),
        ("f16", "n", (256, 256, 320), "rows=128,columns=128,stages=3,band=1", 3),
        ("f16", "k", (64, 256, 64), "rows=64,columns=256,stages=2", 1),
        ("f32", "k", (64, 64, 160), "rows=64,columns=64", 2),
        ("i8", "k", (128, 64, 256), "rows=128,columns=64", 1),
        ("f8E4M3FN", "k", (128, 64, 272), "rows=128,columns=64", 1),
        ("f8E5M2", "k", (130, 136, 128), "", 2),
        ("bf16", "n", (67, 72, 40), "rows=128,columns=64", 2),
        ("bf16", "k", (200, 136, 8), "rows=192,columns=64", 5),
        ("bf16", "n", (1, 8, 72), "", 2),
    ],
)
@pytest.mark.parametrize("static", [True, False])
def test_wgmma(element: str, b: str, extents: tuple[int, int, int], schedule: str, blocks: int, static: bool) -> None:
    m, n, k = extents
    draw = np.random.default_rng(m + n + k)
    dtype = DTYPES[element]
    left, right = (draw.integers(-4, 5, shape).astype(dtype) for shape in ((m, k), (k, n)))
    bias = draw.integers(-9, 10, n).astype(np.float32)
    result_type = result_of(element)
    options = argparse.Namespace(
        chip="sm_90a", element=element, b=b, aligned=16, schedule=schedule,
        extents=",".join(map(str, extents if static else (0, 0, 0))),
    )  # fmt: skip
    arrays = [left, right if b == "n" else np.ascontiguousarray(right.T), np.zeros((m, n), result_type), bias]
    places = list(np.cumsum([0] + [-(-each.nbytes // 256) * 256 for each in arrays]))
    memory = np.full(places[3] + bias.nbytes, 0x7F, np.uint8)
    for place, array in zip(places, arrays, strict=False):
        memory[place : place + array.nbytes] = array.reshape(-1).view(np.uint8)
    with ir.Context(), ir.Location.unknown():
        module, chosen = products.build("wgmma", options)
        arguments = [*map(int, places[:4]), m, n, k, 1 << 50]
        warpgroups.run(module, memory, arguments, blocks, 1 + chosen.consumers, chosen.shared())
    result = memory[places[2] :][: arrays[2].nbytes].view(result_type).reshape(m, n)
    total = left.astype(np.int64) @ right.astype(np.int64)
    expected = total if element == "i8" else np.maximum(total + bias, 0).astype(np.float32).astype(result_type)
    np.testing.assert_array_equal(result.astype(np.float64), expected.astype(np.float64))
