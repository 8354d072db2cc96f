# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Selections of many elements on a device of OpenCL, and compiled for chips that are not here."""

from typing import Any

import numpy as np
import pytest

import mograph

Array = np.ndarray[Any, Any]
NON_ZERO = """mo.graph @g(%x: !mo.tensor<[n, m], si32>) -> !mo.tensor<[2, k], si64> {
  %0 = mo.non_zero %x : !mo.tensor<[n, m], si32> to !mo.tensor<[2, k], si64>
  mo.output %0 : !mo.tensor<[2, k], si64>
}"""
COMPRESS = """mo.graph @g(%x: !mo.tensor<[3, 99], f32>, %c: !mo.tensor<[n], i1>) -> !mo.tensor<[3, k], f32> {
  %0 = mo.compress %x, %c axis = 1 : !mo.tensor<[3, 99], f32>, !mo.tensor<[n], i1> to !mo.tensor<[3, k], f32>
  mo.output %0 : !mo.tensor<[3, k], f32>
}"""


def unique(in_order: bool) -> str:
    """The distinct elements of a row, in their order or as they come."""
    u, n, x = ("!mo.tensor<[u], si64>", "!mo.tensor<[n], si64>", "!mo.tensor<[n], f32>")
    types = f"!mo.tensor<[u], f32>, {u}, {n}, {u}"
    op = f"%0:4 = mo.unique %x sorted = {str(in_order).lower()} : ({x}) -> ({types})"
    return f"mo.graph @g(%x: {x}) -> ({types}) {{\n{op}\nmo.output %0#0, %0#1, %0#2, %0#3 : {types}\n}}"


def test_non_zero(device: str) -> None:
    """Of many, of one and of none, of which all, some and none are other than 0."""
    model, random = mograph.compile(NON_ZERO, device=device), np.random.default_rng(0)
    for shape in [(0, 3), (1, 1), (5, 0), (13, 77), (64, 64), (1, 513)]:
        for x in (random.integers(0, 3, shape), np.zeros(shape), np.ones(shape)):
            np.testing.assert_array_equal(model(x.astype(np.int32)), np.stack(np.nonzero(x)))


def test_compress(device: str) -> None:
    """Conditions may be fewer than elements."""
    model, random = mograph.compile(COMPRESS, device=device), np.random.default_rng(0)
    x = random.standard_normal((3, 99)).astype(np.float32)
    for count in (0, 1, 50, 99):
        for condition in (random.random(count) < 0.3, np.ones(count, bool)):
            np.testing.assert_array_equal(model(x, condition), np.compress(condition, x, axis=1))
    with pytest.raises(ValueError, match=r"mo.compress: expected a condition of at most 99 elements, found n"):
        model(x, np.ones(100, bool))


@pytest.mark.parametrize("chip", ["nvidia:sm_90a", "amd:gfx942"])
def test_other_chips(chip: str) -> None:
    assert mograph.build(NON_ZERO, device=chip)
    assert mograph.build(unique(True), device=chip)
    assert mograph.build(unique(False), device=chip)
    assert mograph.build(suppression(False), device=chip)


@pytest.mark.parametrize("in_order", [True, False])
def test_unique(in_order: bool, device: str) -> None:
    """The distinct elements, where each is first, which one each is, and how many there are."""
    model, random = mograph.compile(unique(in_order), device=device), np.random.default_rng(0)
    for count in (0, 1, 2, 65, 513):
        for x in (random.integers(0, 40, count), np.zeros(count), np.arange(count)[::-1]):
            x = x.astype(np.float32)
            if count > 2:
                x[2] = -0.0
            values, firsts, numbers, counts = np.unique(x, return_index=True, return_inverse=True, return_counts=True)
            order = np.arange(len(firsts)) if in_order else np.argsort(firsts)
            found = model(x)
            np.testing.assert_array_equal(found[0], values[order])
            np.testing.assert_array_equal(found[1], firsts[order])
            np.testing.assert_array_equal(found[2], np.argsort(order)[numbers] if count else numbers)
            np.testing.assert_array_equal(found[3], counts[order])


def test_unique_with_nan(device: str) -> None:
    """All NaN are one, the last."""
    x = np.float32([1, np.nan, 0, np.nan, 1] * 30)
    found = mograph.compile(unique(True), device=device)(x)
    np.testing.assert_array_equal(found[0], np.float32([0, 1, np.nan]))
    np.testing.assert_array_equal(found[1], [2, 0, 1])
    np.testing.assert_array_equal(found[2], [1, 2, 0, 2, 1] * 30)
    np.testing.assert_array_equal(found[3], [30, 60, 60])


LIMITS = ("max_output", "iou_threshold", "score_threshold")


def suppression(center: bool) -> str:
    """Boxes that are selected, given all limits."""
    given = {"%b": "[i, n, 4], f32", "%s": "[i, c, n], f32", "%m": "[], si64", "%o": "[], f32", "%l": "[], f32"}
    types = {name: f"!mo.tensor<{type_}>" for name, type_ in given.items()}
    limits = [f"{word} {name} : {types[name]}" for word, name in zip(LIMITS, ("%m", "%o", "%l"), strict=True)]
    inputs = ", ".join(f"{name}: {type_}" for name, type_ in types.items())
    return f"""mo.graph @g({inputs}) -> !mo.tensor<[k, 3], si64> {{
  %0 = mo.non_max_suppression %b, %s {" ".join(limits)}{" center_point_box" if center else ""}
    : {types["%b"]}, {types["%s"]} to !mo.tensor<[k, 3], si64>
  mo.output %0 : !mo.tensor<[k, 3], si64>
}}"""


@pytest.mark.parametrize("center", [False, True])
def test_boxes(center: bool, device: str) -> None:
    """As on the CPU, with scores that are equal or NaN, of any number of batches, classes and boxes."""
    random = np.random.default_rng(0)
    model, other = (mograph.compile(suppression(center), device=each) for each in (device, "cpu"))
    shapes = [(1, 1, 0), (0, 3, 2), (2, 0, 2), (1, 1, 1), (2, 3, 63), (1, 2, 64), (3, 1, 65), (1, 2, 300)]
    for batches, classes, count in shapes:
        boxes = (random.random((batches, count, 4)) * [1, 1, 3, 3]).astype(np.float32)
        scores = (random.integers(0, 9, (batches, classes, count)) / 8).astype(np.float32)
        scores[random.random(scores.shape) < 0.02] = np.nan
        for most, limit, least in [(count, 0.3, 0.1), (3, 0.5, -1), (0, 0.5, 0), (count, 0, 0.5), (count, 1, 2)]:
            given = boxes, scores, np.int64(most), np.float32(limit), np.float32(least)
            found, expected = (each(*given) for each in (model, other))
            np.testing.assert_array_equal(found, expected)
