# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations that change shapes, against numpy."""

import re

import numpy as np
import pytest
from lowering_harness import NUMPY, Batch, Type, rule_case, run

import mograph

END, FRONT = 2**63 - 1, -(2**63)
X = np.arange(120, dtype=np.float32).reshape(2, 3, 4, 5)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ((2, 3, 4, 5), (6, 20)),
        ((2, 3, 4, 5), (2, 12, 5)),
        ((2, 3, 4, 5), (3, 2, 5, 4)),
        ((2, 3, 4, 5), (120,)),
        ((2, 3, 4, 5), (1, 2, 1, 60, 1)),
        ((1, 120, 1), (10, 12)),
        ((120,), (2, 3, 4, 5)),
        ((6, 20), (20, 6)),
        ((1,), ()),
        ((1, 1), (1,)),
        ((0, 4), (4, 0)),
        ((0, 3), (0, 5)),
        ((2, 0), (0,)),
        ((1, 4), (4,)),
        ((4,), (1, 4, 1)),
    ],
)
def test_reshape(source, target):
    x = np.arange(np.prod(source), dtype=np.float32).reshape(source)
    np.testing.assert_array_equal(run("mo.reshape", [x], Type(target, "f32")), x.reshape(target))


def test_reshape_from_and_to_rank_0():
    x = np.array(4, np.uint16)
    np.testing.assert_array_equal(run("mo.reshape", [x], Type((1, 1), "ui16")), [[4]])


def test_transpose():
    for perm in [(0, 1, 2, 3), (3, 2, 1, 0), (1, 0, 3, 2), (-1, 0, 2, 1)]:
        wanted = X.transpose(perm)
        named = tuple({2: "n", 3: "m"}.get(dim, dim) for dim in wanted.shape)
        found = run("mo.transpose", [X], Type(named, "f32"), types=[Type(("n", "m", 4, 5), "f32")], perm=perm)
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("dtype", ["f32", "i1", "f8E5M2", "ui64"])
def test_concat(dtype):
    parts = [np.arange(n * 2).reshape(n, 2).astype(NUMPY[dtype]) for n in (3, 0, 1)]
    np.testing.assert_array_equal(run("mo.concat", parts, Type((4, 2), dtype), axis=0), np.concatenate(parts))
    wanted = np.concatenate([parts[0], parts[0]], 1)
    types = [Type(("n", 2), dtype)] * 2
    found = run("mo.concat", [parts[0], parts[0]], Type(("n", 4), dtype), types=types, axis=-1)
    np.testing.assert_array_equal(found, wanted)


RANGES = [
    (0, END, 1),
    (1, END, 1),
    (0, -1, 1),
    (-3, END, 1),
    (-100, 100, 2),
    (1, 4, 2),
    (4, 1, 1),
    (100, END, 1),
    (END, FRONT, -1),
    (-1, FRONT, -2),
    (3, 0, -1),
    (-2, -100, -3),
    (1, 4, -1),
    (FRONT, END, 3),
]


def test_slice():
    for extent in (5, 1, 0):
        x = np.arange(extent * 2, dtype=np.int16).reshape(extent, 2)
        batch, cases = Batch(), []
        for start, stop, step in RANGES:
            wanted = x[start:stop:step, ::-1] if step < 0 else x[start:stop:step, 1:]
            second = (END, FRONT, -1) if step < 0 else (1, END, 1)
            starts, stops, steps = zip((start, stop, step), second, strict=True)
            for dims in ((extent, 2), ("n", 2)):
                case = rule_case(
                    batch,
                    "mo.slice",
                    [Type(dims, "si16")],
                    Type(wanted.shape, "si16"),
                    starts=starts,
                    stops=stops,
                    steps=steps,
                )
                cases.append((case, wanted, (start, stop, step)))
        compiled = batch.compile()
        for case, wanted, which in cases:
            np.testing.assert_array_equal(case(compiled)(x), wanted, str(which))


def test_shape_of():
    found = run("mo.shape_of", [X], Type((4,), "si64"), types=[Type(("n", 3, "m", 5), "f32")])
    np.testing.assert_array_equal(found, [2, 3, 4, 5])


@pytest.mark.parametrize("dtype", ["si8", "ui8", "si64", "f16", "f32", "bf16", "f64"])
def test_iota(dtype):
    for axis in (0, 1, -1):
        found = run("mo.iota", [], Type((3, 300), dtype), axis=axis)
        wanted = np.broadcast_to(np.arange(3)[:, None] if axis == 0 else np.arange(300), (3, 300))
        np.testing.assert_array_equal(found, wanted.astype(NUMPY[dtype]))


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_shard_and_stack(axis):
    inputs = [np.arange(48, dtype=np.float32).reshape(4, 6, 2) + 100 * i for i in range(3)]
    parts = 2
    split = [np.split(x, parts, axis) for x in inputs]
    wanted = [np.stack([pieces[part] for pieces in split]) for part in range(parts)]
    found = run(
        "mo.shard_and_stack", inputs, *(Type(w.shape, "f32") for w in wanted), axis=axis, devices=("cpu", "cpu")
    )
    for each, expected in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(each, expected)


def test_rebind():
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    found = run("mo.rebind", [x], Type((2, "k"), "f32"), types=[Type(("n", "m"), "f32")])
    np.testing.assert_array_equal(found, x)
    assert run("mo.rebind", [np.array([5.0], np.float32)], Type((1,), "f32"), types=[Type(("n",), "f32")])[0] == 5


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (("n", 4), ("n * 4",)),
        (("n * 4",), ("n", 4)),
        (("n", "m", 6), ("n", "m * 2", 3)),
        (("n * m",), ("n", "m")),
        (("n", "m"), ("m", "n")),
        (("n", 6), (2, "n", 3)),
        (("n", 1, 6), ("n", 6, 1, 1)),
        (("n", "m"), (1, "n", "m")),
        (("n + 1", 6), ("n + 1", 2, 3)),
    ],
)
def test_reshape_with_names(source, target):
    extents = {"n": 3, "m": 4}

    def concrete(dims):
        return tuple(eval(str(dim), {}, extents) for dim in dims)

    # A second input binds the names.
    x, names = (
        np.arange(np.prod(concrete(source)), dtype=np.float32).reshape(concrete(source)),
        np.zeros((3, 4), np.int8),
    )
    batch = Batch()

    def build(k, xs):
        return [k.reshape(xs[1], Type(target, "f32").shape)]

    number = batch.add([Type(("n", "m"), "si8"), Type(source, "f32")], build)
    np.testing.assert_array_equal(batch.compile()(number, names, x)[0], x.reshape(concrete(target)))


def test_reshape_binds_a_new_name():
    x = np.arange(24, dtype=np.float32).reshape(4, 6)
    found = run("mo.reshape", [x], Type(("k", 3), "f32"), types=[Type(("n", "m"), "f32")])
    np.testing.assert_array_equal(found, x.reshape(8, 3))


def test_what_is_compared_at_run_time():
    """Each check is an assertion whose message names the op and the extents."""
    inputs = [Type(("n", "m"), "f32"), Type(("p",), "f32")]
    batch = Batch()
    rule_case(batch, "mo.rebind", inputs[:1], Type((2, "m"), "f32"))
    rule_case(batch, "mo.reshape", inputs[:1], Type(("n * 2",), "f32"))
    rule_case(batch, "mo.reshape", inputs[:1], Type(("k", 3), "f32"))
    rule_case(
        batch, "mo.shard_and_stack", inputs[1:], *[Type((1, "p floordiv 2"), "f32")] * 2, axis=0, devices=("a", "b")
    )
    found = re.findall(r'cf.assert %\S+, "(.*)"', str(batch.module()))
    assert found == [
        "mo.rebind: expected dimension 0 of the input to be 2, found another n",
        "mo.reshape: expected n * 2 elements for [n * 2], found the m * n of [n, m]",
        "mo.reshape: expected a multiple of 3 elements to give 'k' an extent, found m * n",
        "mo.shard_and_stack: expected an extent on axis 0 that the 2 devices divide, found p",
    ]


def test_parts_of_no_elements_at_the_end():
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    empty = np.zeros((2, 0), np.float32)
    np.testing.assert_array_equal(run("mo.concat", [x, empty], Type((2, 3), "f32"), axis=1), x)
    found = mograph.compile("""
    mo.graph @parts(%x: !mo.tensor<[2, 3], f32>) -> (!mo.tensor<[2, 3], f32>, !mo.tensor<[2, 0], f32>) {
      %0:2 = mo.split %x axis = 1 : !mo.tensor<[2, 3], f32> to !mo.tensor<[2, 3], f32>, !mo.tensor<[2, 0], f32>
      mo.output %0#0, %0#1 : !mo.tensor<[2, 3], f32>, !mo.tensor<[2, 0], f32>
    }""")(x)
    np.testing.assert_array_equal(found[0], x)
    np.testing.assert_array_equal(found[1], empty)
