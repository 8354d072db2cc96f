# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Drawing products, convolutions, pools, normalisations, attention and quantisation."""

from typing import Any

from drawing import FLOATS, INTEGERS, Drawing, dtype_of, shape_of


def matmul(g: Drawing, name: str) -> Any:
    x = g.tensor((*FLOATS, *INTEGERS), where=lambda shape: len(shape) > 1)
    *batch, _, inner = shape_of(x)
    batch = batch if g.flag() else []
    columns = g.choose([1, 2, 5, "m"])
    turned = g.flag()
    other = g.input([*batch, *([columns, inner] if turned else [inner, columns])], dtype_of(x))
    return g.build(name, x, other, transpose_rhs=turned)


def matmul_integer(g: Drawing, name: str) -> Any:
    rows, inner, columns = g.shape(3)
    lhs = g.input([rows, inner], g.choose(["si8", "ui8"]))
    rhs = g.input([inner, columns], g.choose(["si8", "ui8"]))
    zeros = [g.input([], dtype_of(each)) if g.flag() else None for each in (lhs, rhs)]
    return g.build(name, lhs, rhs, *zeros)


def grouped_matmul(g: Drawing, name: str) -> Any:
    rows, inner, columns = g.shape(3)
    groups, turned = g.choose([0, 1, 2, 3, "m"]), g.flag()
    dtype, kind = g.dtype((*FLOATS, *INTEGERS)), g.choose(INTEGERS)
    matrices = [groups, columns, inner] if turned else [groups, inner, columns]
    sizes = g.input([groups], kind, g.choose(["any", "count"]), 2)
    return g.build(name, g.input([rows, inner], dtype), g.input(matrices, dtype), sizes, transpose_rhs=turned)


def contract(g: Drawing, name: str) -> Any:
    i, j, k = g.shape(3)
    dtype = g.dtype((*FLOATS, *INTEGERS))
    equation, shapes = g.choose(
        [
            ("ij,jk->ik", [(i, j), (j, k)]),
            ("ij,j->i", [(i, j), (j,)]),
            ("bij,bkj->bik", [(2, i, j), (2, k, j)]),
            ("ii->i", [(i, i)]),
            ("ij->", [(i, j)]),
            ("i,j->ji", [(i,), (j,)]),
            ("ij,jk,k->i", [(i, j), (j, k), (k,)]),
        ]
    )
    return g.build(name, [g.input(shape, dtype) for shape in shapes], equation=equation)


def _image(g: Drawing, layout: str, channels: int, rank: int) -> list[Any]:
    spatial = [g.choose([1, 3, 4, 5, "n"]) for _ in range(rank)]
    batch = g.choose([1, 2, "m"])
    return [batch, channels, *spatial] if layout == "channels_first" else [batch, *spatial, channels]


def convolution(g: Drawing, name: str) -> Any:
    rank, groups = g.integer(1, 2), g.choose([1, 1, 2])
    layout = g.choose(["channels_first", "channels_last"])
    dtype = g.dtype(("f32", "f64", "f16", "bf16", "si32", "si8"))
    channels, made = 2 * groups, groups * g.integer(1, 2)
    kernel = [g.integer(1, 3) for _ in range(rank)]
    outer, inner = (channels, made // groups) if name == "mo.conv_transpose" else (made, channels // groups)
    filters = [outer, inner, *kernel] if layout == "channels_first" else [outer, *kernel, inner]
    if layout == "channels_last" and g.flag():
        filters = [*kernel, inner, outer]
    how = {key: [g.choose([1, 1, 2]) for _ in range(rank)] for key in ("strides", "dilations")}
    how |= {key: [g.integer(0, 2) for _ in range(rank)] for key in ("low", "high")}
    x = g.input(_image(g, layout, channels, rank), dtype)
    bias = g.input([made], dtype) if g.flag() else None
    return g.build(name, x, g.input(filters, dtype), bias, groups=groups, layout=layout, **how)


def pool(g: Drawing, name: str) -> Any:
    rank, layout = g.integer(1, 2), g.choose(["channels_first", "channels_last"])
    x = g.input(_image(g, layout, 2, rank), g.dtype(("f32", "f64", "f16", "bf16", "si32", "ui8")))
    if name.startswith("mo.global"):
        return g.build(name, x, layout=layout)
    how: dict[str, Any] = {"strides": [g.integer(1, 2) for _ in range(rank)]}
    how |= {key: [g.integer(0, 1) for _ in range(rank)] for key in ("low", "high")}
    kernel = [g.integer(1, 3) for _ in range(rank)]
    return g.build(name, x, kernel=kernel, layout=layout, ceil_mode=g.flag(), **how)


def max_unpool(g: Drawing, name: str) -> Any:
    x = g.input([1, 2, 2, 2], g.dtype(("f32", "f64", "si32")))
    pooled = g.build("mo.max_pool", g.input([1, 2, 4, 4], dtype_of(x)), kernel=[2, 2], strides=[2, 2])
    if pooled is None:
        return None
    return g.build(name, *pooled, None, results=[g.type([1, 2, 4, 4], dtype_of(x))])


def col2im(g: Drawing, name: str) -> Any:
    x = g.input([g.choose([1, "n"]), 2 * 4, 9], g.dtype(("f32", "f64", "f16")))
    batch = shape_of(x)[0]
    return g.build(name, x, None, kernel=[2, 2], results=[g.type([batch, 2, 4, 4], dtype_of(x))])


def resize(g: Drawing, name: str) -> Any:
    x = g.input([1, 2, 3, 4], g.dtype(("f32", "f64", "f16")))
    shape = [1, 2, g.integer(1, 6), g.integer(1, 6)]
    how = {
        "mode": g.choose(["nearest", "linear", "cubic"]),
        "coordinates": g.choose(["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"]),
    }
    return g.build(name, x, None, results=[g.type(shape, dtype_of(x))], **how)


def grid_sample(g: Drawing, name: str) -> Any:
    dtype = g.dtype(("f32", "f64"))
    return g.build(name, g.input([2, 2, 3, 4], dtype), g.input([2, 2, 2, 2], dtype))


def roi_align(g: Drawing, name: str) -> Any:
    dtype = g.dtype(("f32", "f64"))
    indices = g.input([3], "si64", "count", 1)
    how = {"output_height": 2, "output_width": 2}
    return g.build(name, g.input([2, 2, 5, 5], dtype), g.input([3, 4], dtype, "positive"), indices, **how)


def deform_conv(g: Drawing, name: str) -> Any:
    dtype = g.dtype(("f32", "f64"))
    operands = [g.input(shape, dtype) for shape in ([1, 2, 4, 4], [2, 2, 2, 2], [1, 8, 3, 3])]
    return g.build(name, *operands, None, None)


def norm(g: Drawing, name: str) -> Any:
    dtype = g.dtype(("f32", "f64", "f16", "bf16"))
    batch, channels, width = g.choose([1, 2, "n"]), g.choose([2, 4]), g.choose([3, 4, "m"])
    x = g.input([batch, channels, width], dtype)
    column, row = ([channels], [width])
    match name:
        case "mo.batch_norm":
            operands = [*(g.input(column, dtype) for _ in range(3)), g.input(column, dtype, "positive")]
            return g.build(name, x, *operands)
        case "mo.group_norm":
            return g.build(name, x, *(g.input(column, dtype) for _ in range(2)), groups=g.choose([1, 2]))
        case "mo.instance_norm":
            return g.build(name, x, *(g.input(column, dtype) for _ in range(2)))
        case "mo.layer_norm":
            return g.build(name, x, *(g.input(row, dtype) if g.flag() else None for _ in range(2)))
        case "mo.rms_norm":
            return g.build(name, x, g.input(row, dtype) if g.flag() else None)
        case "mo.lp_norm":
            return g.build(name, x, axis=g.choose([-1, 1]), p=g.choose([1, 2]))
        case _:
            return g.build(name, x, size=g.integer(1, 3))


def attention(g: Drawing, name: str) -> Any:
    dtype = g.dtype(("f32", "f64", "f16", "bf16"))
    batch, groups, keys, size, width = (g.choose([1, 2, "m"]), g.integer(1, 2), g.choose([1, 3, "n"]), 4, 3)
    heads, length = groups * g.integer(1, 2), g.choose([1, 2, "n"])
    shapes = [batch, heads, length, size], [batch, groups, keys, size], [batch, groups, keys, width]
    mask = g.input([length, keys], g.choose(["i1", dtype])) if g.flag() else None
    how = {"causal": g.flag(), "softcap": g.choose([0.0, 2.0])}
    return g.build(name, *(g.input(shape, dtype) for shape in shapes), mask, **how)


def rope(g: Drawing, name: str) -> Any:
    dtype = g.dtype(("f32", "f64", "f16", "bf16"))
    length = g.choose([1, 3, "n"])
    angles = [g.input([length, 2], dtype) for _ in range(2)]
    return g.build(name, g.input([2, length, 4], dtype), *angles, interleaved=g.flag())


def quantize(g: Drawing, name: str) -> Any:
    shape = [g.choose([1, 2, "n"]), 4]
    columns = g.choose([[], [4]])
    dtype, stored = g.choose(["f32", "f16"]), g.choose(["si8", "ui8", "si16", "f8E4M3FN", "si4", "ui4"])
    scale = g.input(columns, dtype, "positive")
    if name == "mo.quantize":
        return g.build(name, g.input(shape, dtype), scale, None, axis=1, results=[g.type(shape, stored)])
    stored = stored if stored[-1] != "4" else "si8"
    return g.build(name, g.input(shape, stored), scale, None, axis=1, results=[g.type(shape, dtype)])


def shard_and_stack(g: Drawing, name: str) -> Any:
    shape = [g.choose([1, 3, "n"]), g.choose([2, 4])]
    dtype = g.dtype()
    operands = [g.input(shape, dtype) for _ in range(g.integer(1, 2))]
    return g.build(name, operands, axis=g.choose([1, -1]), devices=["cpu"] * g.choose([1, 2]))


RECIPES = {
    "mo.attention": attention,
    "mo.avg_pool": pool,
    "mo.col2im": col2im,
    "mo.contract": contract,
    "mo.conv": convolution,
    "mo.conv_transpose": convolution,
    "mo.deform_conv": deform_conv,
    "mo.dequantize": quantize,
    "mo.global_avg_pool": pool,
    "mo.global_lp_pool": pool,
    "mo.global_max_pool": pool,
    "mo.grid_sample": grid_sample,
    "mo.grouped_matmul": grouped_matmul,
    "mo.lp_pool": pool,
    "mo.matmul": matmul,
    "mo.matmul_integer": matmul_integer,
    "mo.max_pool": pool,
    "mo.max_unpool": max_unpool,
    "mo.quantize": quantize,
    "mo.resize": resize,
    "mo.roi_align": roi_align,
    "mo.rope": rope,
    "mo.shard_and_stack": shard_and_stack,
    **{
        f"mo.{name}": norm
        for name in (
            "batch_norm",
            "group_norm",
            "instance_norm",
            "layer_norm",
            "local_response_norm",
            "lp_norm",
            "rms_norm",
        )
    },
}
