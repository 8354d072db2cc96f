# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions for the operations of a dialect that is not ours."""

import inspect
from collections.abc import Callable

import pytest
from mlir import ir

from mograph.dialects.kit import (
    Attribute,
    Dialect,
    Operand,
    Operands,
    OptionalAttribute,
    OptionalOperand,
    Region,
    Result,
    Results,
    VerifyError,
)
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import TensorType
from mograph.graph import DialectFunctions, Graph, GraphError, TensorSpec


class GraphTest(Dialect, name="graphtest"):
    """Operations with every kind of field."""


class Swish(GraphTest.Operation, name="swish", traits=[t.Pure, t.SameOperandsAndResultType]):
    """x * sigmoid(x), inferred by a trait."""

    input: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "$input attr-dict `:` type($input)"


class Conv(GraphTest.Operation, name="nn.conv", traits=[t.Pure]):
    """Operands in groups, and attributes of every kind."""

    input: Operand[TensorType]
    bias: OptionalOperand[TensorType]
    rest: Operands[TensorType]
    strides: Attribute[c.DenseI64ArrayAttr]
    groups: Attribute[c.I64Attr] = 1
    bound: Attribute[c.F64Attr] = float("inf")
    mode: Attribute[c.EnumAttr("same", "valid")] = "same"
    note: OptionalAttribute[c.StrAttr]
    exact: OptionalAttribute[c.UnitAttr]
    result: Result[TensorType]

    @staticmethod
    def infer(input: TensorType, bias: TensorType | None, rest: tuple[TensorType, ...], strides: tuple[int, ...]):  # type: ignore[no-untyped-def]  # as the kit takes it
        if len(strides) != 2:
            raise VerifyError(f"expected two strides, found {len(strides)}")
        return input if bias is None else bias


class Split(GraphTest.Operation, name="split", traits=[t.Pure]):
    """Results of written types."""

    input: Operand[TensorType]
    head: Result[TensorType]
    tail: Results[TensorType]


class Repeat(GraphTest.Operation, name="repeat"):
    """An operation with a region."""

    body: Region[c.AnyRegion]


GraphTest.register()
test = DialectFunctions(GraphTest)

SPEC = TensorSpec(["n", 4], "f32")


def test_what_there_is() -> None:
    assert dir(test) == ["nn_conv", "split", "swish"]
    with pytest.raises(AttributeError, match="dialect 'graphtest' has no function 'repeat'; has swish, nn_conv, split"):
        _ = test.repeat
    assert str(inspect.signature(test.nn_conv)) == (
        "(input: 'TensorLike', rest: 'Sequence[TensorLike]', strides: 'int | Sequence[int]', "
        "bias: 'TensorLike | None' = None, groups: 'int' = 1, bound: 'float' = inf, "
        "mode: \"Literal['same', 'valid']\" = 'same', note: 'str | None' = None, exact: 'bool' = False) -> 'Tensor'"
    )
    assert str(inspect.signature(test.split)) == (
        "(input: 'TensorLike', head: 'TensorSpec | ir.Type', tail: 'Sequence[TensorSpec | ir.Type]')"
        " -> 'tuple[Tensor, ...]'"
    )
    assert test.swish is test.swish


def test_inferred_by_a_trait() -> None:
    with Graph("main", inputs={"x": SPEC}) as g:
        assert test.swish(g.inputs.x).shape == g.inputs.x.shape
        g.output()


def test_groups_and_attributes(round_trip: Callable[[ir.Module], None]) -> None:
    with Graph("main", inputs={"x": SPEC, "b": TensorSpec([4], "f32")}) as g:
        x, b = g.inputs
        assert test.nn_conv(x, [], [1, 2]).ndim == 2
        assert test.nn_conv(x, [2.0, x], (1, 2), b, groups=2, bound=-0.0, mode="valid", note="n", exact=True).ndim == 1
        assert test.nn_conv(x, [], [1, 2], bound=0.0).ndim == 2
        with pytest.raises(GraphError, match="'graphtest.nn.conv' op expected two strides, found 1"):
            test.nn_conv(x, [], 1)
        with pytest.raises(GraphError, match="'graphtest.nn.conv' op mode: expected one of same, valid, found 'full'"):
            test.nn_conv(x, [], 1, mode="full")
        g.output()
    text = str(g.module)
    assert "bound = -0.0" in text
    assert "bound = 0.0" in text
    assert "groups = 2" in text
    round_trip(g.module)


def test_written_results() -> None:
    with Graph("main", inputs={"x": SPEC}) as g:
        x = g.inputs.x
        head, *tail = test.split(x, SPEC, [TensorSpec([1], "si8"), x.type])
        assert [str(y.type) for y in (head, *tail)] == [
            "!mo.tensor<[n, 4], f32>",
            "!mo.tensor<[1], si8>",
            "!mo.tensor<[n, 4], f32>",
        ]
        with pytest.raises(GraphError, match="'graphtest.split' op expected the type of a result, found 'f32'"):
            test.split(x, "f32", [])
        g.output()
