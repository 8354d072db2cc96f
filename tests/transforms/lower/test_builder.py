# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The kernel builder as authors of rules use it."""

import numpy as np
import pytest
from lowering_harness import Batch, Type, dtype_of, ir

from mograph.dialects.kit import Dim
from mograph.transforms.lower.builder import BOOL, DTYPES, F32, SI64, Emitter, KernelBuilder
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.dims import Dims, in_python, names_of

X = np.arange(6, dtype=np.float32).reshape(2, 3)


def apply(build, *arrays, types=None):
    batch = Batch()
    inputs = types or [
        Type(x.shape, {"float32": "f32", "float16": "f16", "int32": "si32"}[str(x.dtype)]) for x in arrays
    ]
    name = batch.add(inputs, lambda k, xs: [build(k, *xs)])
    return batch.compile()(name, *arrays)[0]


def test_operators_and_numbers():
    found = apply(lambda k, x: 1 - (-x + 2) / 4 * x, X)
    np.testing.assert_allclose(found, 1 - (-X + 2) / 4 * X)
    np.testing.assert_array_equal(apply(lambda k, x: k.select(x < 3, x, 0), X), np.where(X < 3, X, 0))
    np.testing.assert_array_equal(apply(lambda k, x: k.max(x, 2), X), np.maximum(X, 2))


def test_softmax_as_a_rule_reads():
    def softmax(k, x):
        m = k.reduce(k.max, x, [-1], keepdims=True)
        e = k.exp(x - m)
        return e / k.reduce(k.add, e, [-1], keepdims=True)

    e = np.exp(X - X.max(-1, keepdims=True))
    np.testing.assert_allclose(apply(softmax, X), e / e.sum(-1, keepdims=True), rtol=1e-6)


def test_a_kept_dimension_that_is_needed_in_memory():
    def build(k, x):
        return k.concat([k.reduce(k.add, x, [1], keepdims=True), x], 1, (2, 4))

    np.testing.assert_array_equal(apply(build, X), np.concatenate([X.sum(1, keepdims=True), X], 1))


def test_narrow_floats_are_computed_in_f32():
    x = np.array([2048], np.float16)
    assert apply(lambda k, x: k.map(lambda a: a + 1 + 1, x), x) == 2050, "2048 + 1 is 2048 in f16"


def test_generate_and_extract():
    def flipped(k, x):
        return k.generate(lambda i, j: k.extract(x, [i * -1 + 1, j]), (2, 3), F32)

    np.testing.assert_array_equal(apply(flipped, X), X[::-1])


def test_wrong_use_is_explained():
    def caught(build):
        with pytest.raises((TypeError, ValueError)) as error:
            apply(build, X, np.ones((2, 3), np.int32))
        return str(error.value)

    assert caught(lambda k, x, y: x + y) == "expected operands of one dtype, found f32 and si32"
    assert caught(lambda k, x, y: k.map(k.less, x, x)) == "expected the function to return f32, found i1"
    assert "expected a function with a known identity" in caught(lambda k, x, y: k.reduce(k.sub, x))
    assert (
        caught(lambda k, x, y: k.full((), x.scalar, F32)) == "expected a tensor of one element, found the shape [2, 3]"
    )
    assert "expected a dtype among i1, si2" in caught(lambda k, x, y: k.cast(x, dtype_of("f31")))


def test_dimensions():
    texts = [
        "n",
        "n + m",
        "n * m - 3",
        "n floordiv 2",
        "(n - 9) floordiv 2",
        "(n - 9) mod 4",
        "(n + 1) floordiv 2",
        "max(n, max(m * 2, 4))",
    ]
    texts += ["min(n - m, 2) * 2 + 1", "max((n + 3) floordiv m, n mod m)"]
    extents = [Dim(text) for text in texts]

    def build(k, x):
        return k.from_elements([cast(k.index(k.dim(extent)), SI64) for extent in extents], SI64)

    batch = Batch()
    name = batch.add([Type(("n", "m"), "si8")], lambda k, xs: [build(k, *xs)])
    compiled = batch.compile()
    for n, m in ((7, 3), (0, 1), (4, 4)):
        wanted = [extent.evaluate({"n": n, "m": m}) for extent in extents]
        np.testing.assert_array_equal(compiled(name, np.zeros((n, m), np.int8))[0], wanted)


@pytest.mark.parametrize(
    "text", ["n", "n floordiv 2", "n ceildiv 3 + 1", "max(n * 2 - m, 0) mod 4", "n * (m ceildiv 2)"]
)
def test_dimensions_as_python_writes_them(text):
    extents = {"n": 7, "m": 5}
    assert eval(in_python(text), {"max": max, "min": min}, extents) == Dim(text).evaluate(extents)


def test_names_of_dimensions():
    context = ir.Context()
    module = ir.Module.create(loc=ir.Location.unknown(context))
    dims = Dims(Emitter(ir.InsertionPoint(module.body), ir.Location.unknown(context)))
    assert set(names_of(Dim("max(n, m) + k"))) == {"k", "m", "n"}
    assert names_of(4) == ()
    assert names_of("max * 2 + max(in, mod) mod seq.len") == ("max", "in", "mod", "seq.len")
    assert in_python("max * 2 + max(in, mod) mod seq.len") == "max * 2 + max(in, mod) % seq.len"
    with pytest.raises(LookupError, match="dimension 'k' is used before an input or an operation has bound it"):
        dims.value(Dim("k") + 1)
    with dims.scope():
        dims.bind("k", dims.value(1))
        assert not dims.unbound(Dim("k"))
    assert dims.unbound(Dim("k"))
    assert not dims.unbound(4)


def test_locations_are_carried():
    batch = Batch()
    batch.add([Type((2,), "f32")], lambda k, xs: [k.exp(xs[0])])
    text = batch.module().operation.get_asm(enable_debug_info=True, pretty_debug_info=True)
    lines = [line for line in text.splitlines() if "math.exp" in line or "tensor.empty" in line]
    assert len(lines) == 2
    assert all(line.rstrip().endswith("test.mlir:1:1") for line in lines)


def test_a_uniform_tensor_takes_no_memory():
    context = ir.Context()
    module = ir.Module.create(loc=ir.Location.unknown(context))
    k = KernelBuilder(Emitter(ir.InsertionPoint(module.body), ir.Location.unknown(context)))
    x = k.full((2, 3), 1.5, F32)
    y = k.reshape(k.transpose(k.broadcast_to(k.select(x < x, x, x + 1), (4, 2, 3)), (2, 0, 1)), (24,))
    assert y.uniform is not None
    assert "tensor" not in str(module)
    assert k.cast(x, DTYPES["si32"]).dtype.name == "si32"
    assert k.equal(x, x).dtype is BOOL
