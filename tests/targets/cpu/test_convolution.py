# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Convolutions as loop nests, against numpy in float64: windows in runs and with strides, on every machine."""

import numpy as np
import pytest

from mograph.targets.cpu import Host

from ..conftest import Build

ADDS = {
    "f32": ("arith.mulf", "arith.addf", "0.0"),
    "f64": ("arith.mulf", "arith.addf", "0.0"),
    "i32": ("arith.muli", "arith.addi", "0"),
}


LAYOUTS = {
    # places in the input, filter and result, of the loops n, m, h, w, c, p, q
    "first": ("(d0, d4, {oh}, {ow})", "(d1, d4, d5, d6)", "(d0, d1, d2, d3)"),
    "last": ("(d0, {oh}, {ow}, d4)", "(d5, d6, d4, d1)", "(d0, d2, d3, d1)"),
}


def convolution(dtype: str, shapes: list[str], stride: int, dilation: int, layout: str) -> str:
    """An input %a by filters %b in windows that start `stride` apart, channels first or last."""
    x, w, y = (f"tensor<{shape}x{dtype}>" for shape in shapes)
    multiply, add, zero = ADDS[dtype]
    oh, ow = (f"d{i} * {stride} + d{j} * {dilation}" for i, j in ((2, 5), (3, 6)))
    maps = [f"affine_map<(d0, d1, d2, d3, d4, d5, d6) -> {place.format(oh=oh, ow=ow)}>" for place in LAYOUTS[layout]]
    sizes = []
    lines = []
    for i, size in enumerate(shapes[2].split("x")):
        if size == "?":
            lines.append(f"%n{i} = tensor.dim %o, %c{i} : {y}")
            sizes.append(f"%n{i}")
    constants = "\n".join(f"%c{i} = arith.constant {i} : index" for i in range(4))
    return f"""
func.func @f(%a: {x}, %b: {w}, %o: {y}) -> {y} {{
  {constants}
  %z = arith.constant {zero} : {dtype}
  {" ".join(lines)}
  %e = tensor.empty({", ".join(sizes)}) : {y}
  %i = linalg.fill ins(%z : {dtype}) outs(%e : {y}) -> {y}
  %r = linalg.generic {{
    indexing_maps = [{", ".join(maps)}],
    iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]
  }} ins(%a, %b : {x}, {w}) outs(%i : {y}) {{
  ^bb0(%p: {dtype}, %q: {dtype}, %s: {dtype}):
    %t = {multiply} %p, %q : {dtype}
    %u = {add} %s, %t : {dtype}
    linalg.yield %u : {dtype}
  }} -> {y}
  return %r : {y}
}}"""


def convolved(x: np.ndarray, w: np.ndarray, shape: tuple[int, ...], stride: int, dilation: int) -> np.ndarray:
    out = np.zeros(shape, np.float64)
    for p, q in np.ndindex(*w.shape[2:]):
        rows = slice(p * dilation, p * dilation + (shape[2] - 1) * stride + 1, stride)
        columns = slice(q * dilation, q * dilation + (shape[3] - 1) * stride + 1, stride)
        out += np.einsum("nchw,mc->nmhw", x[:, :, rows, columns].astype(float), w[:, :, p, q].astype(float))
    return out


CASES = [
    # input, filter and result; stride and dilation
    ((1, 16, 12, 13), (24, 16, 3, 3), (1, 24, 10, 11), 1, 1),
    ((2, 7, 41, 70), (5, 7, 2, 3), (2, 5, 40, 68), 1, 1),
    ((1, 64, 9, 9), (130, 64, 3, 3), (1, 130, 7, 7), 1, 1),
    ((2, 9, 17, 19), (16, 9, 3, 1), (2, 16, 8, 10), 2, 1),
    ((1, 300, 5, 6), (8, 300, 2, 2), (1, 8, 3, 4), 1, 2),
    ((1, 40, 8, 8), (16, 40, 1, 1), (1, 16, 4, 4), 2, 1),
    ((3, 12, 1, 40), (20, 12, 1, 5), (3, 20, 1, 36), 1, 1),
]


@pytest.mark.parametrize("dtype", ["f32", "f64", "i32"])
@pytest.mark.parametrize("dynamic", [False, True])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_windows(build: Build, host: Host, dtype: str, dynamic: bool, layout: str, case: tuple) -> None:
    *shapes, stride, dilation = case
    stored = {"f32": "f4", "f64": "f8", "i32": "i4"}[dtype]
    random = np.random.default_rng(0)
    x, w = (random.integers(-9, 10, shape).astype(stored) for shape in shapes[:2])
    expected = convolved(x, w, shapes[2], stride, dilation)
    dims = [shapes[0], shapes[1], shapes[2]]
    if dynamic:
        dims = [("n", shapes[0][1], "h", "w"), shapes[1], ("n", shapes[1][0], "p", "q")]
    if layout == "last":
        x, expected, w = np.moveaxis(x, 1, 3).copy(), np.moveaxis(expected, 1, 3), w.transpose(2, 3, 1, 0).copy()
        orders = ((0, 2, 3, 1), (2, 3, 1, 0), (0, 2, 3, 1))
        dims = [tuple(dim[i] for i in order) for dim, order in zip(dims, orders, strict=True)]
    texts = ["x".join(str(d) if isinstance(d, int) else "?" for d in dim) for dim in dims]
    specs = [("si32" if dtype == "i32" else dtype, *dim) for dim in dims]
    f = build(convolution(dtype, texts, stride, dilation, layout), specs, specs[2:], host=host)
    found = f(x, w, np.zeros(expected.shape, stored))
    np.testing.assert_array_equal(found, expected)


FOLLOWED = [
    # input, filter and result: sums in one slab and in several, whole and broken panels, rows that are left over
    ((2, 5, 9, 13), (7, 5, 3, 3), (2, 7, 7, 11)),
    ((1, 130, 8, 10), (20, 130, 3, 3), (1, 20, 6, 8)),
    ((2, 90, 10, 10), (33, 90, 3, 3), (2, 33, 8, 8)),
]


def followed(shapes: list[str]) -> str:
    """A convolution whose results get a number for each channel and another tensor added."""
    text = convolution("f32", shapes, 1, 1, "first")
    y = f"tensor<{shapes[2]}xf32>"
    channel = shapes[1].split("x")[0]
    maps = "affine_map<(n, m, h, w) -> (n, m, h, w)>", "affine_map<(n, m, h, w) -> (m)>"
    after = f"""
  %b1 = linalg.generic {{
    indexing_maps = [{maps[0]}, {maps[1]}, {maps[0]}, {maps[0]}],
    iterator_types = ["parallel", "parallel", "parallel", "parallel"]
  }} ins(%r, %c, %o : {y}, tensor<{channel}xf32>, {y}) outs(%e : {y}) {{
  ^bb0(%p: f32, %q: f32, %u: f32, %s: f32):
    %t0 = arith.addf %p, %q : f32
    %t1 = arith.addf %t0, %u : f32
    %t2 = arith.maximumf %t1, %z : f32
    linalg.yield %t2 : f32
  }} -> {y}
  return %b1 : {y}
}}"""
    text = text[: text.rindex("  return")] + after.lstrip("\n")
    return text.replace(f"%o: {y})", f"%o: {y}, %c: tensor<{channel}xf32>)")


@pytest.mark.parametrize("case", FOLLOWED, ids=str)
def test_followed(build: Build, host: Host, case: tuple) -> None:
    """The bias, the residual and the ramp after a convolution."""
    random = np.random.default_rng(1)
    x, w, o = (random.integers(-4, 5, shape).astype("f4") for shape in case)
    c = random.integers(-200, 200, case[1][0]).astype("f4")
    expected = np.maximum(convolved(x, w, case[2], 1, 1) + c[:, None, None] + o, 0)
    specs = [("f32", *shape) for shape in case]
    text = followed(["x".join(map(str, shape)) for shape in case])
    f = build(text, [*specs, ("f32", case[1][0])], specs[2:], host=host)
    np.testing.assert_array_equal(f(x, w, o, c), expected)
