# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.matmul` against numpy's, in all its forms."""

import numpy as np
import pytest
from lowering_harness import NUMPY, Batch, Type, dtype_of, run

FORMS = [
    ((3,), (3,)),
    ((3,), (3, 4)),
    ((2, 3), (3,)),
    ((2, 3), (3, 4)),
    ((5, 2, 3), (3, 4)),
    ((6, 5, 2, 3), (3, 4)),
    ((5, 2, 3), (5, 3, 4)),
    ((6, 5, 2, 3), (6, 5, 3, 4)),
    ((2, 3), (5, 3, 4)),
    ((5, 1, 2, 3), (6, 3, 4)),
    ((5, 2, 3), (3,)),
    ((3,), (5, 3, 4)),
    ((1, 2, 3), (5, 3, 4)),
]


def matmul(arrays, result, types=None, transpose_lhs=False, transpose_rhs=False):
    attributes = {"transpose_lhs": transpose_lhs, "transpose_rhs": transpose_rhs}
    return run("mo.matmul", arrays, result, types=types, **attributes)


def filled(shape, dtype):
    values = np.arange(np.prod(shape)).reshape(shape) % 7 - 3
    return (np.abs(values) if dtype.startswith("u") else values).astype(NUMPY[dtype])


@pytest.mark.parametrize(("left", "right"), FORMS)
@pytest.mark.parametrize("dtype", ["f32", "si32", "f16"])
def test_forms(left, right, dtype):
    a, b = filled(left, dtype), filled(right, dtype)
    wanted = np.matmul(a, b)
    np.testing.assert_array_equal(matmul([a, b], Type(wanted.shape, dtype)), wanted)


@pytest.mark.parametrize(("left", "right"), FORMS)
def test_named_dimensions(left, right):
    names = {6: "b", 5: "s", 2: "m", 3: "k", 4: "n"}
    a, b = filled(left, "f32"), filled(right, "f32")
    wanted = np.matmul(a, b)
    named = [Type(tuple(names.get(dim, dim) for dim in shape), "f32") for shape in (left, right, wanted.shape)]
    np.testing.assert_array_equal(matmul([a, b], named[2], types=named[:2]), wanted)


@pytest.mark.parametrize(("left", "right"), [form for form in FORMS if min(map(len, form)) > 1])
@pytest.mark.parametrize("transposed", [(True, False), (False, True), (True, True)])
def test_transposed(left, right, transposed):
    a, b = filled(left, "f32"), filled(right, "f32")
    wanted = np.matmul(a, b)
    given = [np.swapaxes(x, -1, -2).copy() if each else x for x, each in zip((a, b), transposed, strict=True)]
    found = matmul(given, Type(wanted.shape, "f32"), None, *transposed)
    np.testing.assert_array_equal(found, wanted)


def test_transposed_by_a_vector():
    a, b = filled((3, 2), "f32"), filled((3,), "f32")
    np.testing.assert_array_equal(matmul([a, b], Type((2,), "f32"), transpose_lhs=True), a.T @ b)


@pytest.mark.parametrize("dtype", list(NUMPY)[1:])
def test_dtypes(dtype):
    a, b = filled((3, 4), dtype), filled((4, 2), dtype)
    wanted = (a.astype(np.float64) @ b.astype(np.float64)).astype(NUMPY[dtype])
    np.testing.assert_array_equal(matmul([a, b], Type((3, 2), dtype)), wanted)


def test_16_bit_floats_accumulate_in_f32():
    a = np.full((1, 4096), 1, np.float16)
    assert matmul([a, a.T.copy()], Type((1, 1), "f16"))[0, 0] == 4096


def test_empty():
    a, b = np.zeros((2, 0), np.float32), np.zeros((0, 3), np.float32)
    types = [Type((2, "k"), "f32"), Type(("k", 3), "f32")]
    np.testing.assert_array_equal(matmul([a, b], Type((2, 3), "f32"), types=types), np.zeros((2, 3)))


def test_uniform_operand():
    a = np.arange(6, dtype=np.float32).reshape(2, 3)
    batch = Batch()
    number = batch.add([Type((2, 3), "f32")], lambda k, xs: [k.matmul(xs[0], k.full((3, 2), 2, dtype_of("f32")))])
    np.testing.assert_array_equal(batch.compile()(number, a)[0], a @ np.full((3, 2), 2))
