# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Custom operations: declared in Python, compiled and interpreted."""

import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mograph as mo
from mograph.dialects.custom import CustomOp, In, Mutable, Out, find
from mograph.dialects.kit import DeclarationError, VerifyError
from mograph.dialects.mo import TensorType
from mograph.graph import Graph, GraphError, TensorSpec, ops
from mograph.plugins import Host
from mograph.transforms.lower.builder.scalar import maximum
from mograph.transforms.lower.rule import elementwise

Make = Callable[..., Any]
both = pytest.mark.parametrize("make", [mo.compile, mo.interpret])


class Scale(CustomOp, name="tests.scale"):
    """x times a factor, in each of some trips."""

    x: In
    y: Out
    factor: float = 2.0
    trips: int = 1

    @staticmethod
    def infer(x):
        return x

    @staticmethod
    def reference(x, factor, trips):
        return x * np.float32(factor) ** trips

    @staticmethod
    def lower(k, op, x):
        for _ in range(op.trips):
            x = x * op.factor
        return x


class Clip(CustomOp, name="tests.clip"):
    """The greater of x and a floor, element by element."""

    x: In
    floor: In
    y: Out

    @staticmethod
    def infer(x):
        return x

    @staticmethod
    def reference(x, floor):
        return np.maximum(x, floor)

    lower = elementwise(lambda op, x, floor: maximum(x, floor))


class Rows(CustomOp, name="tests.rows"):
    """The sum of each row, and how many there are; MLIR for floats of 32 or 64 bits."""

    x: In
    total: Out
    count: Out

    @staticmethod
    def infer(x):
        return TensorType.get(x.shape[:1], x.dtype, x.device), TensorType.get([], "si64")

    @staticmethod
    def reference(x):
        return x.sum(axis=1), x.shape[0]

    @staticmethod
    def body(op):
        t = op.outputs[0].type.dtype
        return f"""
        func.func @rows(%x: tensor<?x?x{t}>) -> (tensor<?x{t}>, tensor<i64>) {{
          %c0 = arith.constant 0 : index
          %zero = arith.constant 0.0 : {t}
          %n = tensor.dim %x, %c0 : tensor<?x?x{t}>
          %empty = tensor.empty(%n) : tensor<?x{t}>
          %start = linalg.fill ins(%zero : {t}) outs(%empty : tensor<?x{t}>) -> tensor<?x{t}>
          %sum = linalg.generic {{
              indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>],
              iterator_types = ["parallel", "reduction"]
            }} ins(%x : tensor<?x?x{t}>) outs(%start : tensor<?x{t}>) {{
          ^bb0(%a: {t}, %b: {t}):
            %s = arith.addf %b, %a : {t}
            linalg.yield %s : {t}
          }} -> tensor<?x{t}>
          %i = arith.index_cast %n : index to i64
          %count = tensor.from_elements %i : tensor<i64>
          return %sum, %count : tensor<?x{t}>, tensor<i64>
        }}"""


class Accumulate(CustomOp, name="tests.accumulate"):
    """Adds x to a buffer, and gives what it held; keeps the greatest in another."""

    x: In
    total: Mutable
    greatest: Mutable
    old: Out

    @staticmethod
    def infer(x):
        return x

    @staticmethod
    def reference(x, total, greatest):
        return total.copy(), total + x, np.maximum(greatest, x.max())

    @staticmethod
    def lower(k, op, x, total, greatest):
        return total, total + x, k.max(greatest, k.reduce(k.max, x, [0]))


class Lying(CustomOp, name="tests.lying"):
    """Infers a shape that its body does not have."""

    x: In
    y: Out
    how: str

    @staticmethod
    def infer(x, how):
        shapes = {"double": [x.shape[0] * 2], "rank": [1, 1], "dtype": x.shape, "fixed": [3]}
        return TensorType.get(shapes[how], "si8" if how == "dtype" else x.dtype)

    body = "func.func @same(%x: tensor<?xf32>) -> tensor<?xf32> { return %x : tensor<?xf32> }"


@both
def test_rules_and_parameters(make: Make) -> None:
    model = make("""
    mo.graph @main(%x: !mo.tensor<[n, 2], f32>, %f: !mo.tensor<[2], f32>)
        -> (!mo.tensor<[n, 2], f32>, !mo.tensor<[n, 2], f32>) {
      %0 = mo.custom "tests.scale"(%x) : (!mo.tensor<[n, 2], f32>) -> !mo.tensor<[n, 2], f32>
      %1 = mo.custom "tests.scale"(%x) params = {trips = 3, factor = 0.5}
          : (!mo.tensor<[n, 2], f32>) -> !mo.tensor<[n, 2], f32>
      %2 = mo.custom "tests.clip"(%1, %f) : (!mo.tensor<[n, 2], f32>, !mo.tensor<[2], f32>) -> !mo.tensor<[n, 2], f32>
      %3 = mo.negative %2 : !mo.tensor<[n, 2], f32>
      mo.output %0, %3 : !mo.tensor<[n, 2], f32>, !mo.tensor<[n, 2], f32>
    }""")
    x, floor = np.array([[8, 16], [-8, 0]], np.float32), np.array([0, 1], np.float32)
    first, second = model(x, floor)
    np.testing.assert_array_equal(first, x * 2)
    np.testing.assert_array_equal(second, -np.maximum(x / 8, floor))


@both
@pytest.mark.parametrize("dtype", ["f32", "f64"])
@pytest.mark.parametrize("shape", [(2, 3), (0, 3), (3, 0)])
def test_bodies_of_mlir(make: Make, dtype: str, shape: tuple[int, int]) -> None:
    rows = f"(!mo.tensor<[n, m], {dtype}>) -> (!mo.tensor<[n], {dtype}>, !mo.tensor<[], si64>)"
    model = make(f"""
    mo.graph @main(%x: !mo.tensor<[n, m], {dtype}>) -> (!mo.tensor<[n], {dtype}>, !mo.tensor<[], si64>) {{
      %0, %1 = mo.custom "tests.rows"(%x) : {rows}
      mo.output %0, %1 : !mo.tensor<[n], {dtype}>, !mo.tensor<[], si64>
    }}""")
    x = np.arange(6, dtype={"f32": np.float32, "f64": np.float64}[dtype])[: shape[0] * shape[1]].reshape(shape)
    total, count = model(x)
    np.testing.assert_allclose(total, x.sum(axis=1))
    assert count == shape[0]


@both
def test_static_extents_fit_a_dynamic_body(make: Make) -> None:
    model = make("""
    mo.graph @main(%x: !mo.tensor<[2, 3], f32>) -> !mo.tensor<[k], f32> {
      %0, %1 = mo.custom "tests.rows"(%x) : (!mo.tensor<[2, 3], f32>) -> (!mo.tensor<[k], f32>, !mo.tensor<[], si64>)
      mo.output %0 : !mo.tensor<[k], f32>
    }""")
    assert model(np.ones((2, 3), np.float32)).tolist() == [3, 3]


@both
def test_buffers_are_written(make: Make) -> None:
    model = make("""
    mo.graph @main(%x: !mo.tensor<[n], f32>, %t: !mo.buffer<[n], f32>, %g: !mo.buffer<[], f32>)
        -> (!mo.tensor<[n], f32>, !mo.tensor<[n], f32>) {
      %c = mo.chain.create
      %0, %d = mo.custom "tests.accumulate"(%x) writes(%t, %g : !mo.buffer<[n], f32>, !mo.buffer<[], f32>) after %c
          : (!mo.tensor<[n], f32>) -> (!mo.tensor<[n], f32>, !mo.chain)
      %1, %e = mo.buffer.load %t, %d : !mo.buffer<[n], f32>
      mo.output %0, %1 : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
    }""")
    total, greatest = np.array([1, 2], np.float32), np.array(3, np.float32)
    old, new = model(np.array([10, 20], np.float32), total, greatest)
    assert (old.tolist(), new.tolist(), total.tolist(), greatest) == ([1, 2], [11, 22], [11, 22], 20)


@pytest.mark.parametrize(
    ("how", "error", "message"),
    [
        ("double", ValueError, r"expected y to have n \* 2 elements on axis 0, found another number"),
        ("fixed", ValueError, "expected y to have 3 elements on axis 0"),
        ("rank", mo.DiagnosticError, r"expected y of rank 2, \[1, 1\]; found 1"),
        ("dtype", mo.DiagnosticError, "expected y as a tensor of i8, found tensor<.xf32>"),
    ],
)
def test_what_a_body_gives_is_compared_with_what_is_inferred(how: str, error: type[Exception], message: str) -> None:
    result = {"double": "[n * 2], f32", "rank": "[1, 1], f32", "dtype": "[n], si8", "fixed": "[3], f32"}[how]
    text = f"""
    mo.graph @main(%x: !mo.tensor<[n], f32>) -> !mo.tensor<{result}> {{
      %0 = mo.custom "tests.lying"(%x) params = {{how = "{how}"}} : (!mo.tensor<[n], f32>) -> !mo.tensor<{result}>
      mo.output %0 : !mo.tensor<{result}>
    }}"""
    with pytest.raises(error, match=message):
        mo.compile(text)(np.ones(4, np.float32))


def test_a_written_name_is_compared_with_what_is_inferred() -> None:
    text = """
    mo.graph @main(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[m], f32>) -> !mo.tensor<[m], f32> {
      %0 = mo.custom "tests.scale"(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[m], f32>
      mo.output %0 : !mo.tensor<[m], f32>
    }"""
    for model in (mo.compile(text), mo.interpret(text)):
        assert model(np.ones(2, np.float32), np.ones(2, np.float32)).tolist() == [2, 2]
        with pytest.raises(ValueError, match="mo.custom.*m"):
            model(np.ones(2, np.float32), np.ones(3, np.float32))


def test_graph_api() -> None:
    with Graph("main", inputs={"x": TensorSpec(["n"], "f32")}) as g:
        (x,) = g.inputs
        y = ops.custom(Scale, [x], params={"factor": 3.0})
        total, greatest = ops.buffer_create(["n"], "f32"), ops.buffer_create([], "f32")
        _, chain = ops.custom("tests.accumulate", [y], [total, greatest], ops.chain_create())
        held, _ = ops.buffer_load(total, chain)
        z = ops.custom("tests.scale", [held], types=[TensorSpec(["k"], "f32")])
        for wrong, message in (
            (lambda: ops.custom("tests.scal", [x]), "there is no custom operation 'tests.scal'; the nearest are"),
            (lambda: ops.custom("tests.scale", []), "lacks operand 'x'"),
            (lambda: ops.custom("tests.scale", [x], params={"factor": 1}), "to be a float, found 1 : i64"),
            (lambda: ops.custom("tests.scale", [x], params={"factor": object()}), "factor: expected a bool"),
            (lambda: ops.custom("tests.scale", [total]), "only reads operand 'x'"),
        ):
            with pytest.raises(GraphError, match=message):
                wrong()
        g.output(y=y, z=z)
    for model in (mo.compile(g.module), mo.interpret(g.module)):
        assert [each.tolist() for each in model(np.array([1, 2], np.float32))] == [[3, 6], [6, 12]]


def test_plugins_give_custom_operations(tmp_path: Path) -> None:
    (tmp_path / "givers.py").write_text(
        textwrap.dedent("""
        from mograph.plugins import api, hookimpl

        API = 1

        @hookimpl
        def mograph_custom_ops():
            yield api.custom("givers.twice", "givers_ops:Twice", summary="x twice")
            yield api.custom("givers.other", "givers_ops:NoOp")
        """)
    )
    (tmp_path / "givers_ops.py").write_text(
        textwrap.dedent("""
        from mograph.dialects.custom import CustomOp, In, Out

        class Twice(CustomOp, name="givers.twice"):
            x: In
            y: Out

            @staticmethod
            def infer(x):
                return x

            @staticmethod
            def lower(k, op, x):
                return x + x

        NoOp = 5
        """)
    )
    host = Host(load=[tmp_path / "givers.py"])
    assert host.customs.summary("givers.twice") == "x twice"
    text = """
    mo.graph @main(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
      %0 = mo.custom "givers.twice"(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
      mo.output %0 : !mo.tensor<[n], f32>
    }"""
    sys.path.insert(0, str(tmp_path))
    try:
        assert mo.compile(text, host=host)(np.ones(2, np.float32)).tolist() == [2, 2]
        with pytest.raises(mo.DiagnosticError, match="a class that declares it, found 5"):
            mo.compile(text.replace("twice", "other"), host=host)
        with pytest.raises(mo.DiagnosticError, match="nearest are givers.twice.*searched: mograph, .*givers"):
            mo.compile(text.replace("twice", "twic"), host=host)
    finally:
        sys.path.remove(str(tmp_path))


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"__annotations__": {"x": "In"}}, r"x: the annotation is the text 'In'"),
        ({"__annotations__": {"x": list}}, "x: expected In, Mutable, Out, or the type of a parameter, bool, int"),
        ({"infer": lambda x: x}, "infer: must be a @staticmethod"),
        ({"__annotations__": {"y": Out}, "infer": staticmethod(lambda y: y)}, "infer: parameter 'y' names no field"),
        ({"lower": staticmethod(lambda k, op: 0), "body": ""}, "has both lower and body"),
    ],
)
def test_misdeclarations(members: dict[str, Any], message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        type("Wrong", (CustomOp,), members, name="tests.wrong")
    with pytest.raises(VerifyError, match="there is no custom operation 'tests.wrong'"):
        find("tests.wrong")


def test_names() -> None:
    with pytest.raises(DeclarationError, match="'scale' is no name: expected words with dots between"):
        type("Wrong", (CustomOp,), {}, name="scale")
    with pytest.raises(DeclarationError, match=r"'tests.scale' is declared already, by Scale"):
        type("Other", (CustomOp,), {}, name="tests.scale")
    assert find("tests.scale") is Scale


def test_an_operation_without_a_reference_is_compiled_only() -> None:
    text = """
    mo.graph @main(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], si8> {
      %0 = mo.custom "tests.lying"(%x) params = {how = "dtype"} : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], si8>
      mo.output %0 : !mo.tensor<[n], si8>
    }"""
    with pytest.raises(ValueError, match="custom operation 'tests.lying' has no reference"):
        mo.interpret(text)(np.ones(2, np.float32))
