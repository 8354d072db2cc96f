# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Composite operations, expanded: what the references give, within roundings of the dtype that is computed in."""

from typing import Any

import numpy as np
import pytest
from building import graph

import mograph as mo
from mograph.dialects.kit import new_context
from mograph.dialects.mo import Mo
from mograph.transforms.mo._expansions import MODULES

X, COLUMN, ROW = ["n", 4, 6], [4], [6]
QUERY, KEY, VALUE = [2, 4, "n", 6], [2, 2, 5, 6], [2, 2, 5, 3]
# Operands by shape, None for one that is absent, and attributes.
CASES: dict[str, list[tuple[list[Any], dict[str, Any]]]] = {
    "mo.gelu": [([X], {"approximate": each}) for each in ("none", "tanh", "quick")],
    "mo.softmax": [([X], {"axis": axis}) for axis in (-1, 0, 1)],
    "mo.log_softmax": [([X], {"axis": axis}) for axis in (-1, 0)],
    "mo.hardmax": [([X], {"axis": axis}) for axis in (-1, 0)],
    "mo.layer_norm": [([X, ROW, ROW], {}), ([X, [4, 6], None], {"axis": 1, "epsilon": 0.5}), ([X, None, None], {})],
    "mo.rms_norm": [([X, ROW], {}), ([X, None], {"axis": 1, "epsilon": 0.5})],
    "mo.group_norm": [([X, COLUMN, COLUMN], {"groups": groups}) for groups in (1, 2, 4)],
    "mo.instance_norm": [([X, COLUMN, COLUMN], {"epsilon": 0.1})],
    "mo.batch_norm": [([X, COLUMN, COLUMN, COLUMN, COLUMN], {}), ([X, ROW, ROW, ROW, ROW], {"axis": 2})],
    "mo.lp_norm": [([X], {"p": p, "axis": axis}) for p in (1, 2) for axis in (-1, 1)],
    "mo.attention": [
        ([QUERY, KEY, VALUE, None], {}),
        ([QUERY, KEY, VALUE, ["n", 5]], {"scale": 0.3, "softcap": 2.0}),
        ([QUERY, KEY, VALUE, (["n", 5], "i1")], {"causal": True}),
    ],
    "mo.rope": [([X, [4, 3], [4, 3]], {"interleaved": each}) for each in (False, True)],
    **{
        f"mo.reduce.{name}": [([X], {}), ([X], {"axes": [1]}), ([X], {"axes": [0, -1], "keepdims": True})]
        for name in ("l1", "l2", "log_sum", "log_sum_exp", "sum_square")
    },
}
ALL = [name for names in MODULES.values() for name in names]
TOLERANCES = {"f64": 1e-12, "f32": 2e-5, "f16": 4e-3, "bf16": 3e-2}


def cases() -> list[Any]:
    found = [(name, *case) for name in ALL for case in CASES.get(name, [([X], {})])]
    return [pytest.param(*each, id=f"{each[0]}-{i}") for i, each in enumerate(found)]


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize(("name", "shapes", "attributes"), cases())
def test_results(name: str, shapes: list[Any], attributes: dict[str, Any], dtype: str) -> None:
    given = [(each if isinstance(each, tuple) else (each, dtype)) for each in shapes if each is not None]

    def make(*values: Any) -> list[Any]:
        left = iter(values)
        operands = [None if each is None else next(left) for each in shapes]
        return list(Mo.ops[name].build(*operands, **attributes).operation.results)

    text = graph(given, make)
    module = mo.parse(text)
    mo.Pipeline("builtin.module(mo.graph(mo-expand-composites))").run(module)
    assert f"{name} " not in str(module)
    random = np.random.default_rng(len(name))
    model = mo.interpret(text)
    arrays = []
    for shape, kind in given:
        extents = [3 if dim == "n" else dim for dim in shape]
        values = random.uniform(0.2 if name == "mo.reduce.log_sum" else -2, 2, extents)
        values = np.abs(values) if "batch_norm" in name else values
        arrays.append(values > 0 if kind == "i1" else as_dtype(values, kind))
    expected, found = model(*arrays), mo.interpret(module)(*arrays)
    assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
    tolerance = TOLERANCES[dtype]
    np.testing.assert_allclose(found.astype(float), expected.astype(float), tolerance, tolerance)


def as_dtype(values: Any, dtype: str) -> Any:
    import ml_dtypes

    return values.astype({"f64": "f8", "f32": "f4", "f16": "f2"}.get(dtype) or ml_dtypes.bfloat16)


@pytest.mark.parametrize("name", ["mo.softmax", "mo.log_softmax", "mo.gelu", "mo.silu", "mo.softplus", "mo.mish"])
def test_special_values(name: str) -> None:
    text = graph([(["n"], "f32")], lambda x: [Mo.ops[name].build(x).operation.results[0]])
    module = mo.parse(text)
    mo.Pipeline("builtin.module(mo.graph(mo-expand-composites))").run(module)
    for values in ([], [np.inf], [-np.inf], [np.nan, 1.0], [1e30, -1e30, 0.0], [-200.0, 200.0], [-np.inf, 0.0]):
        x = np.array(values, np.float32)
        np.testing.assert_allclose(mo.interpret(module)(x), mo.interpret(text)(x), 1e-6, 1e-30, err_msg=f"{values}")


def test_options() -> None:
    text = graph([(["n"], "f32")], lambda x: [Mo.ops["mo.silu"].build(Mo.ops["mo.softplus"].build(x).result).result])
    module = mo.parse(text)
    mo.Pipeline("builtin.module(mo.graph(mo-expand-composites{ops=mo.silu}))").run(module)
    assert "mo.silu" not in str(module)
    assert "mo.softplus" in str(module)


def test_an_operation_of_a_plugin_brings_its_expansion() -> None:
    import expansion_plugin  # noqa: F401 - registers the dialect

    x = "!mo.tensor<[n], f32>"
    text = f"mo.graph @f(%x: {x}) -> {x} {{\n %0 = toy_expansion.twice %x : {x}\n mo.output %0 : {x}\n}}"
    module = mo.parse(text, new_context("mo", "toy_expansion"))
    mo.Pipeline("builtin.module(mo.graph(mo-expand-composites))").run(module)
    assert "mo.add %arg0, %arg0" in str(module)
