# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The operations that move elements: against index arithmetic in plain loops."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mograph.dialects import mo
from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import dtypes

INT64_MAX, INT64_MIN = 2**63 - 1, -(2**63)
shapes_of_some_rank = st.lists(st.integers(0, 3), max_size=4).map(tuple)


def numbered(shape: tuple[int, ...]) -> np.ndarray:
    return np.arange(math.prod(shape), dtype=np.int32).reshape(shape)


@given(shapes_of_some_rank, st.data())
def test_transpose(shape: tuple[int, ...], data: st.DataObject) -> None:
    perm = tuple(data.draw(st.permutations(range(len(shape)))))
    values = numbered(shape)
    found = mo.Transpose.evaluate(values, perm)
    assert found.shape == tuple(mo.Transpose.infer(mo.TensorType.get(shape, "si32"), perm).shape)
    for index in np.ndindex(*found.shape):
        source = [0] * len(shape)
        for position, axis in enumerate(perm):
            source[axis] = index[position]
        assert found[index] == values[tuple(source)]


@pytest.mark.parametrize("perm", [(0,), (0, 0), (1, 2), (0, 1, 2), (-1, 0)])
def test_transpose_wants_a_permutation(perm: tuple[int, ...], tensor) -> None:
    with pytest.raises(VerifyError, match="expected perm to hold each of 0 to 1 once, found"):
        mo.Transpose.infer(tensor(["n", 4]), perm)


def test_reshape(tensor) -> None:
    values = numbered((2, 6))
    assert mo.Reshape.evaluate(values, None, [(3, 2, 2)]).ravel().tolist() == list(range(12))
    assert mo.Reshape.evaluate(values, None, [(-1, 4)]).shape == (3, 4)
    assert mo.Reshape.evaluate(numbered(()), None, [(1, 1)]).shape == (1, 1)
    mo.Reshape.check(tensor(["n", 4, 3]), None, tensor(["n * 2", 6]))
    mo.Reshape.check(tensor(["n", 4]), None, tensor(["m", 2]))
    with pytest.raises(VerifyError, match=r"expected a shape of n \* 16 elements, .*found \[n, 8\] of n \* 8"):
        mo.Reshape.check(tensor(["n", 16]), None, tensor(["n", 8]))
    with pytest.raises(
        VerifyError, match="expected a result with the dtype and device of the input, f32 on cpu; found f32 on gpu:0"
    ):
        mo.Reshape.check(tensor([4]), None, tensor([4], "f32", "gpu:0"))


def test_rebind(tensor) -> None:
    values = numbered((2, 3))
    assert mo.Rebind.evaluate(values, [(2, 3)]) is values
    assert mo.Rebind.evaluate(values, [(-1, 3)]) is values
    with pytest.raises(ValueError, match="mo.rebind: expected dimension 1 to be 4, found 3"):
        mo.Rebind.evaluate(values, [(2, 4)])
    mo.Rebind.check(tensor(["n", 3]), tensor([4, "m"]))
    mo.Rebind.check(tensor(["n * 2"]), tensor(["n + 4"]))
    for source, target, message in (
        (["n"], ["n", 1], r"expected a result of rank 1, as the input has; found \[n, 1\]"),
        ([3], [4], r"expected dimension 0 of \[3\] to become 4, found 3"),
        (["n", "n + 1"], ["n", "n"], r"expected dimension 1 of \[n, n \+ 1\] to become n, found n \+ 1"),
    ):
        with pytest.raises(VerifyError, match=message):
            mo.Rebind.check(tensor(source), tensor(target))
    with pytest.raises(
        VerifyError, match="expected a result with the dtype and device of the input, f32 on cpu; found si8 on cpu"
    ):
        mo.Rebind.check(tensor([4]), tensor([4], "si8"))


@given(shapes_of_some_rank, st.data())
def test_broadcast_to(shape: tuple[int, ...], data: st.DataObject) -> None:
    target = tuple(data.draw(st.integers(0, 3)) if extent == 1 else extent for extent in shape)
    target = (*data.draw(shapes_of_some_rank), *target)
    values = numbered(shape)
    mo.BroadcastTo.check(mo.TensorType.get(shape, "si32"), None, mo.TensorType.get(target, "si32"))
    found = mo.BroadcastTo.evaluate(values, None, [target])
    assert found.shape == target
    for index in np.ndindex(*target):
        own = index[len(target) - len(shape) :]
        assert found[index] == values[tuple(0 if extent == 1 else i for i, extent in zip(own, shape, strict=True))]


def test_broadcast_to_errors(tensor) -> None:
    with pytest.raises(VerifyError, match=r"to be 1 or 4, as dimension 1 of the result \[2, 4\]; found n; mo.rebind"):
        mo.BroadcastTo.check(tensor(["n"]), None, tensor([2, 4]))
    with pytest.raises(VerifyError, match=r"expected a result of rank 2 or more, found \[4\] for input \[1, 4\]"):
        mo.BroadcastTo.check(tensor([1, 4]), None, tensor([4]))
    with pytest.raises(VerifyError, match="expected a result with the dtype and device"):
        mo.BroadcastTo.check(tensor([4]), None, tensor([4], "f64"))


@given(shapes_of_some_rank.filter(bool), st.data())
def test_concat(shape: tuple[int, ...], data: st.DataObject) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    inputs = []
    for extent in data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=4)):
        part = list(shape)
        part[axis] = extent
        inputs.append(numbered(tuple(part)) + 100 * len(inputs))
    found = mo.Concat.evaluate(inputs, axis)
    inferred = mo.Concat.infer(tuple(mo.TensorType.get(part.shape, "si32") for part in inputs), axis)
    assert found.shape == tuple(inferred.shape)
    rest = found
    for part in inputs:
        head, rest = np.split(rest, [part.shape[axis]], axis=axis)
        assert head.tolist() == part.tolist()
    assert rest.size == 0


def test_concat_types(tensor) -> None:
    assert mo.Concat.infer((tensor(["n", 2]), tensor(["m", 2])), 0) == tensor(["n + m", 2])
    with pytest.raises(VerifyError, match="expected one input or more, found none"):
        mo.Concat.infer((), 0)
    with pytest.raises(VerifyError, match="expected input 0 and input 1 of equal dtype, found f32 and f16"):
        mo.Concat.infer((tensor([2]), tensor([2], "f16")), 0)
    with pytest.raises(VerifyError, match="expected input 0 and input 2 on one device, found cpu and gpu:3"):
        mo.Concat.infer((tensor([2]), tensor([2]), tensor([2], "f32", "gpu:3")), 0)


positions = st.integers(-5, 5) | st.sampled_from([INT64_MAX, INT64_MIN])


@given(shapes_of_some_rank, st.data())
def test_slice(shape: tuple[int, ...], data: st.DataObject) -> None:
    ranges = [(data.draw(positions), data.draw(positions), data.draw(st.integers(-3, 3).filter(bool))) for _ in shape]
    starts, stops, steps = (tuple(part) for part in zip(*ranges, strict=True)) if ranges else ((), (), ())
    values = numbered(shape)
    found = mo.Slice.evaluate(values, starts, stops, steps)
    assert found.shape == tuple(mo.Slice.infer(mo.TensorType.get(shape, "si32"), starts, stops, steps).shape)
    lists = [list(range(extent))[slice(*each)] for extent, each in zip(shape, ranges, strict=True)]
    for index in np.ndindex(*found.shape):
        assert found[index] == values[tuple(chosen[i] for chosen, i in zip(lists, index, strict=True))]


def test_slice_types(tensor) -> None:
    whole = (0, INT64_MAX, 1)
    starts, stops, steps = zip(whole, (1, INT64_MAX, 1), (-1, INT64_MIN, -2), strict=True)
    assert mo.Slice.infer(tensor(["n", "n", 5]), starts, stops, steps) == tensor(["n", "max(n - 1, 0)", 3])
    with pytest.raises(VerifyError, match="expected 2 stops, one for each axis of the input; found 1"):
        mo.Slice.infer(tensor([3, 3]), (0, 0), (1,), (1, 1))
    with pytest.raises(VerifyError, match=r"expected steps other than 0, found \[1, 0\]"):
        mo.Slice.infer(tensor([3, 3]), (0, 0), (1, 1), (1, 0))


def test_shape_of(tensor) -> None:
    assert mo.ShapeOf.infer(tensor(["n", 4], "f16", "gpu:0")) == tensor([2], "si64")
    assert mo.ShapeOf.evaluate(numbered((2, 0, 3))).tolist() == [2, 0, 3]
    assert mo.ShapeOf.evaluate(numbered(())).shape == (0,)
    assert mo.ShapeOf.evaluate(numbered(())).dtype == np.int64


@pytest.mark.parametrize(
    "dtype", [name for name, dtype in dtypes.DTYPES.items() if dtype.kind != "bool" and not dtype.stored_only]
)
def test_iota(dtype: str, tensor) -> None:
    result = tensor([2, 3, 0, 2], dtype)
    for axis in (-1, 3, 1, 0):
        found = mo.Iota.evaluate(None, axis, result, [(2, 3, 1, 2)])
        assert found.dtype == dtypes.DTYPES[dtype].numpy
        for index in np.ndindex(2, 3, 1, 2):
            assert found[index] == index[axis]
    assert mo.Iota.evaluate(None, 2, result, [(2, 3, 0, 2)]).shape == (2, 3, 0, 2)


def test_iota_wraps_and_rounds(tensor) -> None:
    assert mo.Iota.evaluate(None, 0, tensor([300], "ui8"), [(300,)])[256:].tolist() == list(range(44))
    assert float(mo.Iota.evaluate(None, 0, tensor([300], "bf16"), [(300,)])[257]) == 256


def test_iota_types(tensor) -> None:
    mo.Iota.check(None, -1, tensor(["n", 3], "f32", "gpu:0"))
    with pytest.raises(VerifyError, match=r"expected axis to be in \[0, 0\) for a tensor of rank 0, found 0"):
        mo.Iota.check(None, 0, tensor([]))
    with pytest.raises(VerifyError, match="expected dtype to be an integer or a float, found i1"):
        mo.Iota.check(None, 0, tensor([3], "i1"))


def test_select(tensor) -> None:
    condition = np.array([[True], [False]])
    assert mo.Select.evaluate(condition, np.int8([1, 2]), np.int8(9)).tolist() == [[1, 2], [9, 9]]
    found = mo.Select.infer(tensor(["n", 1], "i1"), tensor([4], "f16"), tensor([], "f16"))
    assert found == tensor(["n", 4], "f16")
    with pytest.raises(VerifyError, match="expected the condition's dtype to be bool .i1., found si8"):
        mo.Select.infer(tensor([], "si8"), tensor([]), tensor([]))
    with pytest.raises(VerifyError, match="expected lhs and rhs of equal dtype, found f32 and f64"):
        mo.Select.infer(tensor([], "i1"), tensor([]), tensor([], "f64"))
    with pytest.raises(VerifyError, match="expected condition and lhs on one device, found cpu and gpu:0"):
        mo.Select.infer(tensor([], "i1"), tensor([], "f32", "gpu:0"), tensor([], "f32", "gpu:0"))
    with pytest.raises(VerifyError, match="found 3 and 2"):
        mo.Select.infer(tensor([3], "i1"), tensor([2]), tensor([]))
