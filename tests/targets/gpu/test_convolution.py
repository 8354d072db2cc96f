# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Convolutions as products of tiles, of several layouts, strides and groups, on a device of OpenCL."""

from typing import Any

import ml_dtypes
import numpy as np
import pytest
from mlir import ir

from mograph.targets.cpu.builder import find
from mograph.targets.gpu.target import GpuTarget
from mograph.targets.spirv import SpirvTarget

from ..conftest import Build
from .emulated import EmulatedTarget
from .test_contraction import build_for, opencl  # noqa: F401  # a fixture

DTYPES = {"f32": np.float32, "f16": np.float16, "bf16": ml_dtypes.bfloat16}
UNITS = {"sm_80": "nvvm.mma.sync", "gfx942": "rocdl.mfma.f32.32x32x8", "gfx1201": "rocdl.wmma.f32.16x16x16."}
LAYOUTS = {  # loops, and what they index: image, filter, result
    "nchw": ("n o y x c p q", "n c {y} {x}", "o c p q", "n o y x"),
    "nhwc": ("n y x o p q c", "n {y} {x} c", "p q c o", "n y x o"),
    "groups": ("n g o y x c p q", "n g c {y} {x}", "g o c p q", "n g o y x"),
}


def text(
    layout: str, dtype: str, extents: dict[str, int], stride: int, bias: bool
) -> tuple[str, list[tuple[int, ...]]]:
    """The module, and the shapes of its arguments and its result."""
    loops, *places = LAYOUTS[layout]
    order = loops.split()
    window = {"y": f"y * {stride} + p", "x": f"x * {stride} + q"}
    sizes = {
        **extents,
        "{y}": (extents["y"] - 1) * stride + extents["p"],
        "{x}": (extents["x"] - 1) * stride + extents["q"],
    }
    shapes = [tuple(sizes[each] for each in place.split()) for place in places]
    maps = []
    for place in places:
        names = [each.format(**window) for each in place.split()]
        maps.append(f"affine_map<({', '.join(order)}) -> ({', '.join(names)})>")
    types = [
        f"tensor<{'x'.join(map(str, shape))}x{kind}>" for shape, kind in zip(shapes, (dtype, dtype, "f32"), strict=True)
    ]
    kinds = ", ".join(f'"{"reduction" if each in "cpq" else "parallel"}"' for each in order)
    wide = dtype != "f32"
    widen = "".join(f"%w{i} = arith.extf %x{i} : {dtype} to f32\n" for i in (0, 1)) if wide else ""
    x, y = ("%w0", "%w1") if wide else ("%x0", "%x1")
    result = places[2].split()
    identity = f"affine_map<({', '.join(result)}) -> ({', '.join(result)})>"
    row = f"affine_map<({', '.join(result)}) -> (o)>"
    after = f"""%out = linalg.generic {{indexing_maps = [{identity}, {row}, {identity}],
        iterator_types = [{", ".join(['"parallel"'] * len(result))}]}}
        ins(%r, %bias : {types[2]}, tensor<{sizes["o"]}xf32>) outs(%e : {types[2]}) {{
      ^bb0(%p: f32, %q: f32, %o: f32):
        %s = arith.addf %p, %q : f32
        linalg.yield %s : f32
      }} -> {types[2]}"""
    return (
        f"""func.func @f(%a: {types[0]}, %w: {types[1]}, %bias: tensor<{sizes["o"]}xf32>) -> {types[2]} {{
      %z = arith.constant 0.0 : f32
      %e = tensor.empty() : {types[2]}
      %i = linalg.fill ins(%z : f32) outs(%e : {types[2]}) -> {types[2]}
      %r = linalg.generic {{indexing_maps = [{", ".join(maps)}], iterator_types = [{kinds}]}}
        ins(%a, %w : {types[0]}, {types[1]}) outs(%i : {types[2]}) {{
      ^bb0(%x0: {dtype}, %x1: {dtype}, %s: f32):
        {widen}%m = arith.mulf {x}, {y} : f32
        %t = arith.addf %s, %m : f32
        linalg.yield %t : f32
      }} -> {types[2]}
      {after if bias else ""}
      return {"%out" if bias else "%r"} : {types[2]}
    }}""",
        [*shapes[:2], (sizes["o"],), shapes[2]],
    )


def reference(layout: str, image: Any, filter_: Any, stride: int) -> Any:
    """With numpy, in f32."""
    axes = {"nchw": (2, 3), "nhwc": (1, 2), "groups": (3, 4)}[layout]
    taps = filter_.shape[:2] if layout == "nhwc" else filter_.shape[-2:]
    windows = np.lib.stride_tricks.sliding_window_view(image.astype(np.float32), taps, axes)
    steps = tuple(slice(None, None, stride if axis in axes else None) for axis in range(image.ndim))
    terms = {"nchw": "ncyxpq,ocpq->noyx", "nhwc": "nyxcpq,pqco->nyxo", "groups": "ngcyxpq,gocpq->ngoyx"}[layout]
    return np.einsum(terms, windows[steps], filter_.astype(np.float32))


@pytest.mark.parametrize(
    ("layout", "dtype", "extents", "stride"),
    [
        ("nchw", "f32", {"n": 2, "o": 16, "y": 18, "x": 17, "c": 8, "p": 3, "q": 3}, 1),
        ("nchw", "f32", {"n": 1, "o": 33, "y": 15, "x": 16, "c": 3, "p": 5, "q": 4}, 2),
        ("nchw", "bf16", {"n": 1, "o": 16, "y": 17, "x": 18, "c": 8, "p": 1, "q": 1}, 1),
        ("nhwc", "f16", {"n": 2, "o": 16, "y": 16, "x": 13, "c": 8, "p": 3, "q": 3}, 1),
        ("groups", "f32", {"n": 2, "g": 3, "o": 8, "y": 10, "x": 11, "c": 4, "p": 3, "q": 3}, 1),
        ("groups", "f32", {"n": 2, "g": 8, "o": 1, "y": 10, "x": 11, "c": 1, "p": 3, "q": 3}, 1),
    ],
)
def test_convolution(
    opencl: Build,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    layout: str,
    dtype: str,
    extents: dict[str, int],
    stride: int,
) -> None:
    kernels: list[str] = []
    emit = SpirvTarget.emit

    def noting(self: GpuTarget, module: ir.Module) -> Any:
        image = emit(self, module)  # type: ignore[arg-type]  # it is one of SPIR-V
        kernels.extend(image.kernels)
        return image

    monkeypatch.setattr(SpirvTarget, "emit", noting)
    for bias in (False, True):
        module, shapes = text(layout, dtype, extents, stride, bias)
        f = opencl(module, [(dtype, *shapes[0]), (dtype, *shapes[1]), ("f32", *shapes[2])], [("f32", *shapes[3])])
        rng = np.random.default_rng(0)
        image, filter_ = (rng.integers(-4, 5, shape).astype(DTYPES[dtype]) for shape in shapes[:2])
        row = rng.integers(-4, 5, shapes[2]).astype(np.float32)
        expected = reference(layout, image, filter_, stride)
        if bias:
            expected = expected + (row if layout == "nhwc" else row[:, None, None])
        np.testing.assert_array_equal(f(image, filter_, row), expected)
    if extents["c"] > 1:
        assert [name.rpartition("_")[0] for name in kernels] == ["product", "product"]


@pytest.mark.parametrize("chip", ["sm_80", "gfx942", "gfx1201"])
@pytest.mark.parametrize(
    ("layout", "dtype", "extents", "stride"),
    [
        ("nhwc", "f16", {"n": 2, "o": 16, "y": 6, "x": 5, "c": 32, "p": 3, "q": 3}, 1),
        ("nhwc", "bf16", {"n": 1, "o": 24, "y": 5, "x": 7, "c": 24, "p": 3, "q": 2}, 2),
        ("nhwc", "bf16", {"n": 1, "o": 33, "y": 5, "x": 7, "c": 21, "p": 3, "q": 3}, 1),
        ("nchw", "f16", {"n": 2, "o": 33, "y": 7, "x": 9, "c": 8, "p": 3, "q": 3}, 1),
        ("nchw", "bf16", {"n": 1, "o": 16, "y": 6, "x": 8, "c": 13, "p": 5, "q": 4}, 2),
        ("groups", "f16", {"n": 2, "g": 2, "o": 8, "y": 6, "x": 8, "c": 16, "p": 3, "q": 3}, 1),
    ],
)
@pytest.mark.parametrize(("bias", "named"), [(False, False), (True, False), (True, True)])
def test_chips(
    chip: str, layout: str, dtype: str, extents: dict[str, int], stride: int, bias: bool, named: bool
) -> None:
    """On matrix units, which read the image where the windows are."""
    module, shapes = text(layout, dtype, extents, stride, bias)
    specs: list[Any] = [(dtype, *shapes[0]), (dtype, *shapes[1]), ("f32", *shapes[2]), ("f32", *shapes[3])]
    if named:  # how many images there are is known when it runs
        for number in (0, 3):
            kind = "f32" if number else dtype
            known = f"tensor<{'x'.join(map(str, shapes[number]))}x{kind}>"
            module = module.replace(known, f"tensor<?x{'x'.join(map(str, shapes[number][1:]))}x{kind}>")
            specs[number] = (kind, "n", *shapes[number][1:])
        image = module.partition("%a: ")[2].partition(", %w")[0]
        count = f"%c0 = arith.constant 0 : index\n%n = tensor.dim %a, %c0 : {image}\n%e = tensor.empty(%n)"
        module = module.replace("%e = tensor.empty()", count)
    target = EmulatedTarget(chip)
    f = build_for(target)(module, specs[:3], specs[3:])
    used = (f"{UNITS[chip]}{after}" for after in ("", dtype, f"{dtype}.1k"))
    assert find(target.module.operation, *used)
    rng = np.random.default_rng(0)
    image, filter_ = (rng.integers(-4, 5, shape).astype(DTYPES[dtype]) for shape in shapes[:2])
    row = rng.integers(-4, 5, shapes[2]).astype(np.float32)
    expected = reference(layout, image, filter_, stride)
    if bias:
        expected = expected + (row if layout == "nhwc" else row[:, None, None])
    np.testing.assert_array_equal(f(image, filter_, row), expected)
