# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Whole graphs, from `mo` to functions that run, against numpy."""

import numpy as np
import pytest
from lowering_harness import compiled, ir

from mograph.dialects import mo, mogg  # noqa: F401  # declares them
from mograph.transforms.kit import DiagnosticError, parse
from mograph.transforms.lower.registry import LoweringRegistry, ModuleRules
from mograph.transforms.lower.rule import elementwise
from mograph.transforms.mogg import lower


def run(text, *arrays, entry="main"):
    module = parse(text)
    lower(module)
    fresh = ir.Context()
    fresh.enable_multithreading(False)
    return compiled(ir.Module.parse(str(module), fresh))(entry, *arrays)


def test_names_bind_and_compute():
    x, y = np.arange(12, dtype=np.float32).reshape(3, 4), np.arange(3, dtype=np.float32)
    (found,) = run(
        """
        mo.graph @main(%x: !mo.tensor<[n, 4], f32>, %y: !mo.tensor<[n], f32>) -> !mo.tensor<[n * 2, 4], f32> {
          %c = mo.concat %x, %x axis = 0 : !mo.tensor<[n, 4], f32>
          %s = mo.reduce.add %y : !mo.tensor<[n], f32>
          %r = mo.mul %c, %s : !mo.tensor<[n * 2, 4], f32>, !mo.tensor<[], f32>
          mo.output %r : !mo.tensor<[n * 2, 4], f32>
        }""",
        x,
        y,
    )
    np.testing.assert_array_equal(found, np.concatenate([x, x]) * y.sum())


def test_weights_are_the_last_arguments_and_prefixes_name_them():
    text = """
      mo.graph private @layer(%x: !mo.tensor<[n, 2], f32>) -> !mo.tensor<[n, 2], f32> {
        %w = mo.constant.external "w" : !mo.tensor<[2, 2], f32>
        %b = mo.constant.external "b" : !mo.tensor<[2], f32>
        %0 = mo.matmul %x, %w : !mo.tensor<[n, 2], f32>, !mo.tensor<[2, 2], f32>
        %1 = mo.add %0, %b : !mo.tensor<[n, 2], f32>, !mo.tensor<[2], f32>
        mo.output %1 : !mo.tensor<[n, 2], f32>
      }
      mo.graph @main(%x: !mo.tensor<[n, 2], f32> {mo.name = "x"}) -> !mo.tensor<[n, 2], f32> {
        %0 = mo.call @layer(%x) prefix = "l0." : (!mo.tensor<[n, 2], f32>) -> !mo.tensor<[n, 2], f32>
        %1 = mo.call @layer(%0) prefix = "l1." : (!mo.tensor<[n, 2], f32>) -> !mo.tensor<[n, 2], f32>
        mo.output %1 : !mo.tensor<[n, 2], f32>
      }"""
    (signature,) = lower(parse(text))
    assert [each.name for each in signature.inputs] == ["x"]
    assert [each.name for each in signature.weights] == ["l0.w", "l0.b", "l1.w", "l1.b"]
    assert signature.inputs[0].dims == ("n", 2)
    assert signature.outputs[0].name == "output0"
    rng = np.random.default_rng(0)
    x, w0, b0, w1, b1 = (rng.normal(size=s).astype(np.float32) for s in [(3, 2), (2, 2), (2,), (2, 2), (2,)])
    (found,) = run(text, x, w0, b0, w1, b1)
    np.testing.assert_allclose(found, (x @ w0 + b0) @ w1 + b1, rtol=1e-5)


COUNT = """
  mo.graph @main(%limit: !mo.tensor<[], si32>, %x: !mo.tensor<[n, 2], f32>)
      -> (!mo.tensor<[], si32>, !mo.tensor<[n, 2], f32>) {
    %zero = mo.constant 0 : !mo.tensor<[], si32>
    %one = mo.constant 1 : !mo.tensor<[], si32>
    %i, %y = mo.while (%zero, %x : !mo.tensor<[], si32>, !mo.tensor<[n, 2], f32>)
        -> !mo.tensor<[], si32>, !mo.tensor<[n, 2], f32> {
    ^bb0(%k: !mo.tensor<[], si32>, %v: !mo.tensor<[n, 2], f32>):
      %more = mo.less %k, %limit : !mo.tensor<[], si32>
      mo.condition %more, %k, %v : !mo.tensor<[], si32>, !mo.tensor<[n, 2], f32>
    } do {
    ^bb0(%k: !mo.tensor<[], si32>, %v: !mo.tensor<[n, 2], f32>):
      %next = mo.add %k, %one : !mo.tensor<[], si32>
      %w = mo.add %v, %x : !mo.tensor<[n, 2], f32>
      mo.yield %next, %w : !mo.tensor<[], si32>, !mo.tensor<[n, 2], f32>
    }
    mo.output %i, %y : !mo.tensor<[], si32>, !mo.tensor<[n, 2], f32>
  }"""


@pytest.mark.parametrize("trips", [0, 1, 5])
def test_while(trips):
    x = np.arange(6, dtype=np.float32).reshape(3, 2)
    count, found = run(COUNT, np.array(trips, np.int32), x)
    assert count == trips
    np.testing.assert_array_equal(found, x * (trips + 1))


def test_if_and_chains():
    text = """
      mo.graph @main(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
        %chain = mo.chain.create : !mo.chain
        %double = mo.add %x, %x : !mo.tensor<[n], f32>
        %y, %after = mo.if %c -> !mo.tensor<[n], f32>, !mo.chain {
          mo.yield %double, %chain : !mo.tensor<[n], f32>, !mo.chain
        } else {
          %z = mo.negative %x : !mo.tensor<[n], f32>
          mo.yield %z, %chain : !mo.tensor<[n], f32>, !mo.chain
        }
        mo.output %y : !mo.tensor<[n], f32>
      }"""
    text = text.replace("mo.chain.create : !mo.chain", '"mo.chain.create"() : () -> !mo.chain')
    x = np.arange(3, dtype=np.float32)
    np.testing.assert_array_equal(run(text, np.array(True), x)[0], x * 2)
    np.testing.assert_array_equal(run(text, np.array(False), x)[0], -x)


def test_what_an_operation_binds_is_known_after_it():
    text = """
      mo.graph @main(%s: !mo.tensor<[1], si64>, %x: !mo.tensor<[n, 3], f32>)
          -> (!mo.tensor<[k], f32>, !mo.tensor<[m], f32>) {
        %zero = mo.constant 0.0 : !mo.tensor<[], f32>
        %seed = mo.constant 7 : !mo.tensor<[], si64>
        %r = mo.random.normal %s, %zero, %zero, %seed
          : (!mo.tensor<[1], si64>, !mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>) -> !mo.tensor<[k],
          f32> %one = mo.constant 1.0 : !mo.tensor<[], f32>
        %o = mo.broadcast_to %one : !mo.tensor<[], f32> to !mo.tensor<[k], f32>
        %y = mo.add %r, %o : !mo.tensor<[k], f32>
        %f = mo.reshape %x : !mo.tensor<[n, 3], f32> to !mo.tensor<[m], f32>
        mo.output %y, %f : !mo.tensor<[k], f32>, !mo.tensor<[m], f32>
      }"""
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    y, f = run(text, np.array([5], np.int64), x)
    np.testing.assert_array_equal(y, np.ones(5))
    np.testing.assert_array_equal(f, x.reshape(-1))


def test_several_models_share_kernels():
    graph = """
      mo.graph @{name}(%x: !mo.tensor<[{dim}, 4], f32>) -> !mo.tensor<[{dim}, 4], f32> {{
        %0 = mo.softmax %x : !mo.tensor<[{dim}, 4], f32>
        %1 = mo.softmax %0 : !mo.tensor<[{dim}, 4], f32>
        mo.output %1 : !mo.tensor<[{dim}, 4], f32>
      }}"""
    module = parse(graph.format(name="a", dim="n") + graph.format(name="b", dim="batch"))
    signatures = lower(module)
    assert [each.name for each in signatures] == ["a", "b"]
    text = str(module)
    assert text.count("func.func private @softmax_softmax_f32(") == 1
    assert text.count("call @softmax_softmax_f32(") == 2


def test_an_operation_without_a_rule_is_named():
    class Nothing:
        searched = ("core", "demo (left out: broken)")

        def keys(self):
            return [("mo.adda", "*"), ("mo.add", "gpu")]

        def load(self, op, target):
            raise AssertionError

    text = """
      mo.graph @main(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
        %0 = mo.add %x, %x : !mo.tensor<[n], f32>
        mo.output %0 : !mo.tensor<[n], f32>
      }"""
    with pytest.raises(DiagnosticError) as caught:
        lower(parse(text), LoweringRegistry(Nothing()))
    (found,) = (each for each in caught.value.diagnostics if each.severity == "error")
    assert found.line == 3
    assert found.message.endswith(
        "no lowering rule for 'mo.add' on target 'cpu'; there is one for gpu; the nearest rules are for mo.adda; "
        "searched: core, demo (left out: broken)"
    )


class One:
    """A provider of one rule, and else the first party's."""

    searched = ("one",)

    def __init__(self, op, rule):
        self.op, self.rule = op, rule

    def keys(self):
        return [(self.op, "cpu")]

    def load(self, op, target):
        return self.rule


SIMPLE = """
  mo.graph @main(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
    %0 = mo.add %x, %x : !mo.tensor<[n], f32>
    %1 = mo.iota : !mo.tensor<[n], f32>
    %2 = mo.sub %0, %1 : !mo.tensor<[n], f32>
    mo.output %2 : !mo.tensor<[n], f32>
  }"""


def with_rule(op, rule):
    return LoweringRegistry(One(op, rule), ModuleRules("mograph.transforms.lower"))


def test_a_rule_can_be_replaced():
    module = parse(SIMPLE)
    lower(module, with_rule("mo.add", elementwise(lambda op, a, b: a * b + 1)))
    context = ir.Context()
    context.enable_multithreading(False)
    x = np.arange(4, dtype=np.float32)
    (found,) = compiled(ir.Module.parse(str(module), context))("main", x)
    np.testing.assert_array_equal(found, x * x + 1 - np.arange(4))


@pytest.mark.parametrize(("op", "line"), [("mo.add", 3), ("mo.iota", 4)])
def test_a_rule_that_raises_is_blamed(op, line):
    def broken(*_):
        raise KeyError("oh")

    with pytest.raises(DiagnosticError) as caught:
        lower(parse(SIMPLE), with_rule(op, elementwise(broken) if op == "mo.add" else broken))
    (found,) = (each for each in caught.value.diagnostics if each.severity == "error")
    assert found.line == line
    assert found.message.endswith(f"the lowering of '{op}' raised KeyError: 'oh'")


def test_a_name_that_nothing_binds_is_named():
    text = """
      mo.graph @main(%x: !mo.tensor<[n * 2], f32>) -> !mo.tensor<[n], f32> {
        %one = mo.constant 1.0 : !mo.tensor<[], f32>
        %0 = mo.broadcast_to %one : !mo.tensor<[], f32> to !mo.tensor<[n], f32>
        mo.output %0 : !mo.tensor<[n], f32>
      }"""
    with pytest.raises(DiagnosticError, match="dimension 'n' is used before an input or an operation has bound it"):
        lower(parse(text))
