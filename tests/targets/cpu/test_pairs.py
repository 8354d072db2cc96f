# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products of narrow integers, which processors take in pairs, against numpy: every sign, layout and odd extent."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

import mograph
from mograph.targets.cpu import Host
from mograph.targets.cpu.contraction.pairs import INSTRUCTIONS
from mograph.targets.cpu.schedules import Choice, Sources, using

from ..conftest import Build

KINDS = {
    "u8": ("i8", "arith.extui", np.uint8),
    "s8": ("i8", "arith.extsi", np.int8),
    "s16": ("i16", "arith.extsi", np.int16),
}
SHAPES = [(1, 70, 33, 90), (1, 33, 48, 1), (2, 13, 97, 513), (1, 40, 64, 1101), (1, 300, 7, 64)]
LAYOUTS = [("gmk", "gkn"), ("gkm", "gnk"), ("gmk", "gnk"), ("gkm", "gkn"), ("gmk", "gnk")]


def text(kinds: tuple[str, str], layouts: tuple[str, str], shape: tuple[int, ...], named: bool) -> str:
    """A product that is added to what @f is given as %c."""

    def tensor(operand: str, element: str) -> str:
        return (
            "tensor<" + "".join("?x" if named else f"{shape['gmnk'.index(loop)]}x" for loop in operand) + element + ">"
        )

    (x, widen_x, _), (y, widen_y, _) = (KINDS[kind] for kind in kinds)
    a, b, c = tensor(layouts[0], x), tensor(layouts[1], y), tensor("gmn", "i32")
    maps = ", ".join(f"affine_map<(g, m, n, k) -> ({', '.join(operand)})>" for operand in (*layouts, "gmn"))
    return f"""
func.func @f(%a: {a}, %b: {b}, %c: {c}) -> {c} {{
  %r = linalg.generic {{indexing_maps = [{maps}],
      iterator_types = ["parallel", "parallel", "parallel", "reduction"]}} ins(%a, %b : {a}, {b}) outs(%c : {c}) {{
  ^bb0(%x: {x}, %y: {y}, %s: i32):
    %p = {widen_x} %x : {x} to i32
    %q = {widen_y} %y : {y} to i32
    %t = arith.muli %p, %q : i32
    %u = arith.addi %t, %s : i32
    linalg.yield %u : i32
  }} -> {c}
  return %r : {c}
}}"""


@pytest.fixture
def paired(host: Host) -> Host:
    """A machine that multiplies in pairs; lesser ones are said to have what all of their architecture have."""
    feature = INSTRUCTIONS[host.vector_bits][0]
    if host.triple.startswith("x86_64"):
        return (
            host
            if host.has(feature)
            else replace(host, features=",".join(filter(None, [host.features, f"+{feature}"])))
        )
    pytest.skip("only x86-64 has these instructions")


@pytest.mark.parametrize("kinds", list(product(KINDS, KINDS)), ids="-".join)
def test_products(build: Build, paired: Host, kinds: tuple[str, str]) -> None:
    rng = np.random.default_rng(0)
    for number, (shape, layouts) in enumerate(zip(SHAPES, LAYOUTS, strict=True), len(kinds[0])):
        named = number % 2 == 0
        record: list[Choice] = []
        dims = [
            tuple(layout) if named else tuple(shape["gmnk".index(loop)] for loop in layout)
            for layout in (*layouts, "gmn")
        ]
        specs = [
            (kind, *axes)
            for kind, axes in zip(
                ("si8" if kinds[0] != "s16" else "si16", "si8" if kinds[1] != "s16" else "si16", "si32"),
                dims,
                strict=True,
            )
        ]
        with using(Sources(record=record)):
            f = build(text(kinds, layouts, shape, named), specs, [specs[2]], host=paired)
        assert named or np.prod(shape) < 32**3 or record[0].schedule.pairs
        sides = []
        for kind, layout in zip(kinds, layouts, strict=True):
            dtype = KINDS[kind][2]
            extents = [shape["gmnk".index(loop)] for loop in layout]
            drawn = rng.integers(np.iinfo(dtype).min, np.iinfo(dtype).max + 1, extents).astype(dtype)
            drawn[rng.random(extents) < 0.5] = np.iinfo(dtype).min  # two products of these overflow 31 bits
            sides.append(drawn)
        c = rng.integers(-(2**31), 2**31, [shape[0], shape[1], shape[2]]).astype(np.int32)
        expected = np.einsum(f"{layouts[0]},{layouts[1]}->gmn", *(side.astype(np.int64) for side in sides)) + c
        signed = [side.view(side.dtype.name.lstrip("u")) for side in sides]
        np.testing.assert_array_equal(f(*signed, c), expected.astype(np.int32))


def test_what_pairs_cannot_hold_is_multiplied_as_it_is(build: Build, host: Host) -> None:
    unsigned = text(("s16", "s16"), ("gmk", "gkn"), (1, 64, 64, 64), False).replace("extsi", "extui")
    record: list[Choice] = []
    specs = [("si16", 1, 64, 64), ("si16", 1, 64, 64), ("si32", 1, 64, 64)]
    with using(Sources(record=record)):
        f = build(unsigned, specs, [specs[2]], host=host)
    assert not record[0].schedule.pairs
    ones = np.full((1, 64, 64), -1, np.int16)
    expected = np.full((1, 64, 64), 64 * 65535 * 65535).astype(np.int32)
    np.testing.assert_array_equal(f(ones, ones, np.zeros((1, 64, 64), np.int32)), expected)


@pytest.mark.parametrize(("m", "k", "n"), [(64, 513, 100), ("m", 2051, 70), (5, 700, 33), (1, 512, 512)])
def test_weights(m: int | str, k: int, n: int) -> None:
    left, right, result = (
        f"!mo.tensor<[{m}, {k}], ui8>",
        f"!mo.tensor<[{k}, {n}], si8>",
        f"!mo.tensor<[{m}, {n}], si32>",
    )
    source = f"""mo.graph @f(%a: {left}) -> ({result}) {{
      %w = mo.constant.external "w" : {right}
      %0 = mo.matmul_integer %a, %w : {left}, {right}
      mo.output %0 : {result}
    }}"""
    rng = np.random.default_rng(0)
    a, w = rng.integers(0, 256, (m if isinstance(m, int) else 37, k)), rng.integers(-128, 128, (k, n))
    found = mograph.compile(source, weights={"w": w.astype(np.int8)})(a.astype(np.uint8))
    np.testing.assert_array_equal(found, a @ w)
