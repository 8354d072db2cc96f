# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The kernel builder's control flow, by upstream's plain pipeline and by the CPU target."""

import numpy as np
import pytest
from lowering_harness import Batch, ir, type_of

from mograph import _runtime
from mograph.targets.cpu import CpuTarget
from mograph.targets.signature import Arg, Signature
from mograph.transforms.lower.builder import F32, INDEX, SI64, Scalar
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import less

X = np.arange(12, dtype=np.float32).reshape(3, 4)
WIDE = np.random.default_rng(0).standard_normal((2570, 33)).astype(np.float32)


def plainly(batch, name, arrays):
    return batch.compile()(name, *arrays)


def on_cpu(batch, name, arrays):
    results = compiled_for_cpu(batch.module(), name)(*arrays)
    return list(results) if isinstance(results, tuple) else [results]


def compiled_for_cpu(module, name):
    types = ir.FunctionType(ir.TypeAttr(module.body.operations[0].operation.attributes["function_type"]).value)
    inputs, outputs = (
        tuple(
            Arg(f"{kind}{i}", str(each.element_type).replace("i64", "si64"), tuple(each.shape))
            for i, each in enumerate(map(ir.RankedTensorType, some))
        )
        for kind, some in (("x", types.inputs), ("y", types.results))
    )
    target = CpuTarget()
    return target.load(target.compile(module)).function(Signature(name, inputs, (), outputs), {})


@pytest.fixture(params=[plainly, on_cpu])
def run(request):
    def run(build, *arrays):
        batch = Batch()
        name = batch.add([type_of(x) for x in arrays], lambda k, xs: build(k, *xs))
        return request.param(batch, name, arrays)

    return run


def test_a_loop_carries_scalars_and_changes_tensors_in_place(run):
    """The running sum of a vector, and its total."""

    def build(k, x):
        def body(i, out, total):
            total = total + k.extract(x, [i])
            return [k.insert(out, total, [i]), total]

        zero = k.full((), 0, F32).scalar
        out, total = k.loop(x.shape[0], [k.blank(x.shape, F32), zero], body)
        return [out, k.full((), total, F32)]

    x = WIDE[:, 0]
    sums, total = run(build, x)
    np.testing.assert_allclose(sums, np.cumsum(x), rtol=1e-4, atol=1e-4)
    assert total == sums[-1]


def test_bounds_of_a_loop(run):
    def build(k, x):
        zero = k.full((), 0, INDEX).scalar
        steps = [
            k.loop(bounds, [zero], lambda i, total: [total + i])[0]
            for bounds in (4, k.index(4), (1, 4), (k.index(1), k.index(4), 2))
        ]
        return [k.from_elements([cast(each, SI64) for each in steps], SI64)]

    assert run(build, X)[0].tolist() == [6, 6, 6, 4]


def test_repeat(run):
    """How often 1 is doubled until it passes the limit."""

    def build(k, x):
        one = k.full((), 1, F32).scalar
        count = k.full((), 0, SI64).scalar
        value, count = k.repeat(
            [one, count], lambda value, _: less(value, x.scalar), lambda value, count: [value * 2, count + 1]
        )
        return [k.full((), value, F32), k.full((), count, SI64)]

    value, count = run(build, np.array(1000, np.float32))
    assert (value, count) == (1024, 10)


def test_branch(run):
    def build(k, x):
        low = less(k.extract(x, [0]), 1)
        first, second = k.branch(low, lambda: [k.full(x.shape, 7, F32), x.k.index(2)], lambda: [x + x, x.k.index(3)])
        return [first, k.full((), cast(second, SI64), SI64)]

    (low, two), (high, three) = run(build, X[0]), run(build, X[1])
    assert low.tolist() == [7] * 4
    assert two == 2
    np.testing.assert_array_equal(high, X[1] * 2)
    assert three == 3


def test_a_branch_without_results_and_without_an_else(run):
    def build(k, x):
        def check():
            k.require(less(k.extract(x, [0]), 5), "expected a number below 5")
            return []

        assert k.branch(less(k.extract(x, [1]), 100), check) == []
        return [x + 1]

    np.testing.assert_array_equal(run(build, X[0])[0], X[0] + 1)


@pytest.mark.parametrize("x", [X, WIDE, WIDE.reshape(514, 5, 33), WIDE[:0], WIDE[0]], ids=lambda x: str(x.shape))
def test_rows(run, x):
    """Each row reversed and, beside it, its sum up to each place."""

    def build(k, x):
        last = x.shape[-1]

        def row(indices, rows, blanks):
            assert len(indices) == x.rank - 1
            (given,), (flipped, sums) = rows, blanks

            def body(i, flipped, sums, total):
                element = k.extract(given, [i])
                total = total + element
                return [k.insert(flipped, element, [i * -1 + (last - 1)]), k.insert(sums, total, [i]), total]

            return k.loop(last, [flipped, sums, k.full((), 0, F32).scalar], body)[:2]

        return k.rows([x], [(F32, x.shape), (F32, x.shape)], 1, row)

    flipped, sums = run(build, x)
    np.testing.assert_array_equal(flipped, x[..., ::-1])
    np.testing.assert_allclose(sums, np.cumsum(x, -1), rtol=1e-4, atol=1e-4)


def test_rows_with_nests_and_rows_inside(run):
    """A row may hold element-wise nests, buffers of its own and rows of its own."""

    def build(k, x):
        def outer(indices, rows, blanks):
            (plane,) = rows
            scaled = plane * 2 + cast(indices[0], F32)

            def inner(_, rows, blanks):
                total = k.reduce(k.add, rows[0], [0])
                return [k.map(lambda a: a + total.scalar, rows[0])]

            return k.rows([scaled], [(F32, plane.shape)], 1, inner)

        return k.rows([x], [(F32, x.shape)], 2, outer)

    x = WIDE.reshape(257, 10, 33)
    doubled = x * 2 + np.arange(257, dtype=np.float32)[:, None, None]
    np.testing.assert_allclose(run(build, x)[0], doubled + doubled.sum(-1, keepdims=True), rtol=1e-5, atol=1e-3)


def test_a_check_in_a_row_fails_the_call():
    """On whatever thread it runs; what the rows have allocated is free afterwards, and the next call works."""

    def build(k, x):
        def row(indices, rows, blanks):
            k.require(less(k.extract(rows[0], [0]), 5), "expected a number below 5")
            doubled = k.map(lambda a: a * 2, rows[0])
            return k.loop(x.shape[-1], [blanks[0]], lambda i, out: [k.insert(out, k.extract(doubled, [i]), [i])])

        return k.rows([x], [(F32, x.shape)], 1, row)

    batch = Batch()
    batch.add([type_of(WIDE)], lambda k, xs: build(k, *xs))
    function = compiled_for_cpu(batch.module(), "f0")
    np.testing.assert_array_equal(function(WIDE), WIDE * 2)
    before = _runtime.live_bytes()
    for place in (0, 1300, len(WIDE) - 1):
        bad = WIDE.copy()
        bad[place, 0] = 6
        with pytest.raises(ValueError, match="expected a number below 5"):
            function(bad)
    np.testing.assert_array_equal(function(WIDE), WIDE * 2)
    assert _runtime.live_bytes() == before


def test_what_is_carried_keeps_its_kind():
    def build(k, x):
        with pytest.raises(TypeError, match=r"expected f32 to be carried on, found si64"):
            k.loop(3, [k.full((), 0, F32).scalar], lambda i, total: [cast(i, SI64)])
        with pytest.raises(TypeError, match=r"expected f32\[3, 4\] to be carried on, found f32"):
            k.branch(less(k.index(0), 1), lambda: [x], lambda: [k.full((), 0, F32).scalar])
        with pytest.raises(TypeError, match=r"expected f32\[3, 4\] to be carried on, found nothing"):
            k.branch(less(k.index(0), 1), lambda: [x])
        with pytest.raises(TypeError, match="expected a condition of dtype i1, found index"):
            k.branch(k.index(0), lambda: [x], lambda: [x])
        with pytest.raises(TypeError, match="expected an element of dtype f32, found index"):
            k.insert(x, Scalar(k.em, k.index(0).value, INDEX), [0, 0])
        return [x]

    batch = Batch()
    batch.add([type_of(X)], lambda k, xs: build(k, *xs))
    with pytest.raises(ir.MLIRError):  # what the errors left half-made
        batch.module().operation.verify()
