# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The operations that repeat elements, leave some out or turn them round: against numpy and index arithmetic."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mograph.dialects import mo
from mograph.dialects.kit import VerifyError

shapes_of_some_rank = st.lists(st.integers(0, 3), max_size=3).map(tuple)


def numbered(shape: tuple[int, ...]) -> np.ndarray:
    return np.arange(math.prod(shape), dtype=np.int32).reshape(shape)


@given(st.lists(st.integers(1, 3), max_size=3).map(tuple), st.sampled_from(["reflect", "edge", "wrap"]), st.data())
def test_pad_by_elements_is_numpys(shape: tuple[int, ...], mode: str, data: st.DataObject) -> None:
    low, high = (tuple(data.draw(st.integers(0, 7)) for _ in shape) for _ in range(2))
    values = numbered(shape)
    wanted = np.pad(values, list(zip(low, high, strict=True)), mode) if shape else values
    np.testing.assert_array_equal(mo.Pad.evaluate(values, None, low, high, mode), wanted)
    np.testing.assert_array_equal(mo.DynamicPad.evaluate(values, np.array(low), np.array(high), None, mode), wanted)


@given(shapes_of_some_rank, st.data())
def test_pad_by_a_value(shape: tuple[int, ...], data: st.DataObject) -> None:
    low, high = (tuple(data.draw(st.integers(-3, 3)) for _ in shape) for _ in range(2))
    values = numbered(shape)
    type_ = mo.TensorType.get(shape, "si32")
    if any(extent + before + after < 0 for extent, before, after in zip(shape, low, high, strict=True)):
        with pytest.raises(ValueError, match="mo.pad: expected an extent of 0 or more on axis"):
            mo.Pad.evaluate(values, None, low, high, "constant")
        with pytest.raises(VerifyError, match="expected an extent of 0 or more on axis"):
            mo.Pad.infer(type_, None, low, high, "constant")
        return
    found = mo.Pad.evaluate(values, np.int32(-7), low, high, "constant")
    assert found.shape == tuple(mo.Pad.infer(type_, None, low, high, "constant").shape)
    for place in np.ndindex(*found.shape):
        source = tuple(index - before for index, before in zip(place, low, strict=True))
        inside = all(0 <= index < extent for index, extent in zip(source, shape, strict=True))
        assert found[place] == (values[source] if inside else -7)


def test_pad_errors() -> None:
    for mode in ("reflect", "edge", "wrap"):
        with pytest.raises(ValueError, match="mo.pad: expected elements to repeat on axis 0, found none"):
            mo.Pad.evaluate(numbered((0,)), None, (1,), (0,), mode)
        with pytest.raises(ValueError, match=f"mo.dynamic.pad: expected paddings of 0 or more in mode {mode}"):
            mo.DynamicPad.evaluate(numbered((3,)), np.array([-1]), np.array([1]), None, mode)


@given(shapes_of_some_rank, st.data())
def test_tile(shape: tuple[int, ...], data: st.DataObject) -> None:
    repeats = tuple(data.draw(st.integers(0, 3)) for _ in shape)
    values = numbered(shape)
    found = mo.Tile.evaluate(values, repeats)
    assert found.shape == tuple(mo.Tile.infer(mo.TensorType.get(shape, "si32"), repeats).shape)
    np.testing.assert_array_equal(mo.DynamicTile.evaluate(values, np.array(repeats, np.int64)), found)
    for place in np.ndindex(*found.shape):
        assert found[place] == values[tuple(index % extent for index, extent in zip(place, shape, strict=True))]


@given(shapes_of_some_rank, shapes_of_some_rank)
def test_expand(shape: tuple[int, ...], other: tuple[int, ...]) -> None:
    values, operand = numbered(shape), np.array(other, dtype=np.int64)
    rank = max(len(shape), len(other))
    try:
        wanted = np.broadcast_shapes(shape, other)
    except ValueError:
        with pytest.raises(ValueError, match="broadcast|mo.expand"):
            mo.Expand.evaluate(values, operand, [(-1,) * rank])
        return
    found = mo.Expand.evaluate(values, operand, [(-1,) * rank])
    np.testing.assert_array_equal(found, np.broadcast_to(values, wanted))
    np.testing.assert_array_equal(mo.Expand.evaluate(values, None, [wanted]), found)


@given(shapes_of_some_rank.filter(bool), st.data())
def test_split(shape: tuple[int, ...], data: st.DataObject) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    cut = data.draw(st.integers(0, shape[axis]))
    parts = [list(shape), list(shape)]
    parts[0][axis], parts[1][axis] = cut, shape[axis] - cut
    types = tuple(mo.TensorType.get(part, "si32") for part in parts)
    mo.Split.check(mo.TensorType.get(shape, "si32"), axis, types)
    values = numbered(shape)
    found = mo.Split.evaluate(values, axis, [tuple(part) for part in parts])
    np.testing.assert_array_equal(np.concatenate(found, axis), values)
    assert [part.shape[axis] for part in found] == [cut, shape[axis] - cut]
    parts[1][axis] += 1
    with pytest.raises(ValueError, match=f"mo.split: expected extents whose sum is {shape[axis]}"):
        mo.Split.evaluate(values, axis, [tuple(part) for part in parts])


@given(st.integers(0, 3), st.integers(0, 3), st.integers(1, 3), st.sampled_from(["dcr", "crd"]))
def test_blocks_there_and_back(batch: int, channels: int, size: int, mode: str) -> None:
    values = numbered((batch, channels, 2 * size, 3 * size))
    depth = mo.SpaceToDepth.evaluate(values, size, mode)
    assert depth.shape == (batch, channels * size * size, 2, 3)
    np.testing.assert_array_equal(mo.DepthToSpace.evaluate(depth, size, mode), values)
    for n, k, y, x in np.ndindex(*values.shape):
        i, j = y % size, x % size
        channel = (i * size + j) * channels + k if mode == "dcr" else (k * size + i) * size + j
        assert depth[n, channel, y // size, x // size] == values[n, k, y, x]


def test_blocks_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="mo.space_to_depth: expected an extent on axis 3 that 2 divides, found 3"):
        mo.SpaceToDepth.evaluate(numbered((1, 1, 2, 3)), 2, "dcr")
    with pytest.raises(ValueError, match="mo.depth_to_space: expected an extent on axis 1 that 4 divides, found 6"):
        mo.DepthToSpace.evaluate(numbered((1, 6, 2, 3)), 2, "dcr")


@given(st.integers(0, 4), st.integers(0, 4), st.integers(-5, 5), st.integers(-2, 4), st.integers(-2, 4))
def test_diagonals(rows: int, columns: int, k: int, lower: int, upper: int) -> None:
    values = numbered((2, rows, columns)) + 1
    for function, wanted in ((True, np.triu(values, k)), (False, np.tril(values, k))):
        np.testing.assert_array_equal(mo.Trilu.evaluate(values, np.array(k), function), wanted)
    band = mo.BandPart.evaluate(values, lower, upper)
    for _, i, j in np.ndindex(*values.shape):
        kept = (lower < 0 or i - j <= lower) and (upper < 0 or j - i <= upper)
        assert band[0, i, j] == (values[0, i, j] if kept else 0)


@given(st.integers(0, 3), st.integers(1, 4), st.data())
def test_reverse_sequence(batch: int, time: int, data: st.DataObject) -> None:
    lengths = np.array([data.draw(st.integers(0, time)) for _ in range(batch)], dtype=np.int64)
    values = numbered((batch, 2, time))
    found = mo.ReverseSequence.evaluate(values, lengths, 0, -1)
    for b, i, t in np.ndindex(*values.shape):
        assert found[b, i, t] == values[b, i, lengths[b] - 1 - t if t < lengths[b] else t]
    for wrong in (-1, time + 1):
        with pytest.raises(ValueError, match=f"mo.reverse_sequence: expected lengths from 0 to {time}, found"):
            mo.ReverseSequence.evaluate(numbered((1, time)), np.array([wrong]), 0, 1)


@given(shapes_of_some_rank, st.data())
def test_flip_and_roll(shape: tuple[int, ...], data: st.DataObject) -> None:
    axes = tuple(axis for axis in range(len(shape)) if data.draw(st.booleans()))
    shifts = tuple(data.draw(st.integers(-5, 5)) for _ in axes)
    values = numbered(shape)
    flipped, rolled = mo.Flip.evaluate(values, axes), mo.Roll.evaluate(values, shifts, axes)
    by = dict(zip(axes, shifts, strict=True))
    for place in np.ndindex(*shape):
        turned = tuple(shape[axis] - 1 - i if axis in axes else i for axis, i in enumerate(place))
        moved = tuple((i + by.get(axis, 0)) % shape[axis] for axis, i in enumerate(place))
        assert flipped[place] == values[turned]
        assert rolled[moved] == values[place]


def test_squeeze_and_unsqueeze(tensor) -> None:
    assert mo.Squeeze.infer(tensor([1, "n", 1]), None) == tensor(["n"])
    assert mo.Squeeze.infer(tensor([1, "n", 1]), (-1,)) == tensor([1, "n"])
    assert mo.Unsqueeze.infer(tensor(["n"]), (0, -1)) == tensor([1, "n", 1])
    assert mo.Squeeze.evaluate(numbered((1, 2)), [(2,)]).tolist() == [0, 1]
    with pytest.raises(VerifyError, match=r"dimension 1 of \[1, n\] to be 1, found n; mo.rebind asserts that it is 1"):
        mo.Squeeze.infer(tensor([1, "n"]), (1,))


def test_shape_operands() -> None:
    values = numbered((2, 6))
    assert mo.Reshape.evaluate(values, np.array([3, -1]), [(-1, 4)]).shape == (3, 4)
    assert mo.BroadcastTo.evaluate(values[0], np.array([5, 6]), [(-1, 6)]).shape == (5, 6)
    for shape in ([-1, -1], [5, -1], [4, 4]):
        with pytest.raises(ValueError, match="mo.reshape: expected"):
            mo.Reshape.evaluate(values, np.array(shape), [(-1, -1)])
    for shape in ([5, 6, 1], [-2, 6], [5, 7]):
        with pytest.raises(ValueError, match=r"mo.broadcast_to: expected the shape \[-1, 6\] of the result, found"):
            mo.BroadcastTo.evaluate(values[0], np.array(shape), [(-1, 6)])
