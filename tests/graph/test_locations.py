# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations are located where the caller's code builds them."""

import sys
from pathlib import Path
from types import CodeType

import numpy as np
import pytest
from mlir import ir

import mograph
from mograph.graph import Graph, GraphError, Tensor, TensorSpec, ops

SPEC = {"x": TensorSpec(["n", 4], "f32")}
COLUMNS = sys.version_info >= (3, 11)


def location(tensor: Tensor) -> ir.Location:
    return tensor.value.owner.location


def line_of(code: CodeType, text: str) -> int:
    """The line of this file's function that holds a text."""
    lines = Path(__file__).read_text().splitlines()
    return next(n for n in range(code.co_firstlineno, len(lines)) if text in lines[n - 1])


def test_file_line_and_column() -> None:
    with Graph("main", inputs=SPEC) as g:
        y = ops.relu(ops.exp(g.inputs.x))  # here
        g.output(y)
    line = line_of(test_file_line_and_column.__code__, "# here")
    column = 13 if COLUMNS else 0
    assert str(location(y)) == f'loc("{__file__}":{line}:{column})'
    assert y.value.owner.operands[0].owner.location.start_col == (22 if COLUMNS else 0)


def test_operators_and_methods_are_located_at_their_use() -> None:
    with Graph("main", inputs=SPEC) as g:
        x = g.inputs.x
        made = [x + 1.0, x.sum(), x[1:], 1.0 - x, x == 2.0, x.T]  # here
        g.output()
    line = line_of(test_operators_and_methods_are_located_at_their_use.__code__, "# here")
    assert {(location(y).filename, location(y).start_line) for y in made} == {(__file__, line)}


def layer(x: Tensor) -> Tensor:
    return scaled(x) + 1.0  # add


def scaled(x: Tensor) -> Tensor:
    return x * 2.0  # mul


def test_functions_are_call_sites() -> None:
    with Graph("main", inputs=SPEC) as g:
        y = layer(g.inputs.x)  # call
        g.output(y)
    found = y.value.owner.operands[0].owner.location
    sites = []
    while found.is_a_callsite():
        sites.append(found.callee)
        found = found.caller
    sites.append(found)
    assert [site.name_str for site in sites[:2]] == ["scaled", "layer"]
    assert [(site.child_loc if site.is_a_name() else site).start_line for site in sites] == [
        line_of(scaled.__code__, "# mul"),
        line_of(layer.__code__, "# add"),
        line_of(test_functions_are_call_sites.__code__, "# call"),
    ]


def test_one_line_may_build_several_times() -> None:
    with Graph("main", inputs=SPEC) as g:
        made = [layer(g.inputs.x) for _ in range(3)]
        assert len({str(location(y)) for y in made}) == 1
        assert str(location(layer(g.inputs.x))) != str(location(made[0]))
        g.output()


def test_regions_are_located_in_their_functions() -> None:
    with Graph("main", inputs=SPEC) as g:
        y = ops.while_(g.inputs.x, lambda x: x.sum() > 1.0, lambda x: x / 2.0)
        division = y.value.owner.regions[1].blocks[0].operations[1]
        assert division.operation.name == "mo.div"
        assert division.location.callee.name_str.endswith("<lambda>")
        g.output(y)


def test_graphs_and_inputs_are_located() -> None:
    with Graph("main", inputs=SPEC) as g:  # here
        g.output(g.inputs.x)
    assert g.operation is not None
    line = line_of(test_graphs_and_inputs_are_located.__code__, "# here")
    assert g.operation.location.start_line == line
    argument = g.operation.regions[0].blocks[0].arguments[0].location
    assert (argument.name_str, argument.child_loc.start_line) == ("x", line)


def test_a_graph_may_be_entered_elsewhere() -> None:
    """By a stack of contexts, so that no caller is the function that opened it."""
    from contextlib import ExitStack

    def opened(stack: ExitStack) -> Graph:
        return stack.enter_context(Graph("main", inputs=SPEC))

    with ExitStack() as stack:
        g = opened(stack)
        y = ops.exp(g.inputs.x)  # here
        assert location(y).start_line == line_of(test_a_graph_may_be_entered_elsewhere.__code__, "# here")
        g.output(y)


def test_errors_are_at_the_callers_line() -> None:
    with Graph("main", inputs=SPEC) as g:
        with pytest.raises(GraphError) as caught:
            layer(g.inputs.x[0, 0].cast("si32"))
        g.output()
    error = caught.value
    assert (error.filename, error.line) == (__file__, line_of(scaled.__code__, "# mul"))
    assert error.column == (12 if COLUMNS else 0)
    assert str(error).startswith(f"{__file__}:{error.line}:")
    assert error.message == "'mo.mul' op rhs: expected an integer, for dtype si32; found 2.0"


def test_errors_of_the_run_name_the_callers_line() -> None:
    with Graph("main", inputs=SPEC) as g:
        g.output(ops.rebind(g.inputs.x, [3, 4]))  # here
    line = line_of(test_errors_of_the_run_name_the_callers_line.__code__, "# here")
    with pytest.raises(ValueError, match=rf"expected dimension 0 to be 3, found 2 .*{__file__}:{line}:"):
        mograph.interpret(g.module)(np.zeros([2, 4], np.float32))
