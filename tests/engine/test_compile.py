# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiled models: from every kind of source, called with every kind of array, by the plugins' passes and targets."""

import array
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mograph as mo
from mograph.engine import default_pipeline
from mograph.plugins import Host, UnknownNameError

T = "!mo.tensor"
DOUBLE = f"""mo.graph @double(%x: {T}<[n], f32>) -> {T}<[n], f32> {{
  %y = mo.add %x, %x : {T}<[n], f32>
  mo.output %y : {T}<[n], f32>
}}
"""
SCALE = f"""mo.graph @scale(%x: {T}<[n], f32>) -> {T}<[n], f32> {{
  %w = mo.constant.external "w" : {T}<[], f32>
  %y = mo.mul %x, %w : {T}<[n], f32>, {T}<[], f32>
  mo.output %y : {T}<[n], f32>
}}
"""
X = np.array([1, 2, 3], "f")


def test_sources(tmp_path: Path) -> None:
    (tmp_path / "m.mlir").write_text(DOUBLE)
    module = mo.parse(DOUBLE)
    before = str(module)
    with open(tmp_path / "m.mlirbc", "wb") as file:
        module.operation.write_bytecode(file)
    sources = (DOUBLE, tmp_path / "m.mlir", str(tmp_path / "m.mlir"), tmp_path / "m.mlirbc", module, module.operation)
    for source in sources:
        np.testing.assert_array_equal(mo.compile(source)(X), [2, 4, 6])
    assert str(module) == before
    assert [arg.name for arg in mo.compile(tmp_path / "m.mlirbc").signature.inputs] == ["input0"]
    assert [arg.name for arg in mo.compile(tmp_path / "m.mlir").signature.inputs] == ["x"]


def test_sources_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="expected a module, its text or a path, found int"):
        mo.compile(3)
    with pytest.raises(FileNotFoundError):
        mo.compile(tmp_path / "none.mlir")
    with pytest.raises(mo.DiagnosticError, match="not a valid module"):
        mo.compile("mo.graph @f(")
    with pytest.raises(TypeError, match="expected a builtin.module, found a mo.graph"):
        mo.compile(next(iter(mo.parse(DOUBLE).body)))


class Elsewhere:
    """An array of another library, which speaks DLPack only."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def __dlpack__(self, **options: Any) -> Any:
        return self.data.__dlpack__(**options)

    def __dlpack_device__(self) -> Any:
        return self.data.__dlpack_device__()


@pytest.mark.parametrize(
    "convert", [Elsewhere, lambda x: array.array("f", x), lambda x: np.repeat(x, 2)[::2], memoryview]
)
def test_arrays(convert: Callable[[Any], Any]) -> None:
    double = mo.compile(DOUBLE)
    np.testing.assert_array_equal(double(convert(X)), [2, 4, 6])
    np.testing.assert_array_equal(double(x=convert(X)), [2, 4, 6])


def test_what_a_model_tells() -> None:
    double = mo.compile(DOUBLE)
    assert str(double.signature) == "double(x: f32[n]) -> y: f32[n]"
    assert repr(double) == "<model double(x: f32[n]) -> y: f32[n]>"
    assert list(double.compile_time) == ["parse", "lower", "target", "load"]
    assert all(seconds >= 0 for seconds in double.compile_time.values())


def test_several_models_of_a_module() -> None:
    both = DOUBLE + SCALE
    models = mo.load_all(both, weights={"w": np.float32(5)})
    assert list(models) == ["double", "scale"]
    np.testing.assert_array_equal(models["double"](X), [2, 4, 6])
    np.testing.assert_array_equal(models["scale"](X), [5, 10, 15])
    np.testing.assert_array_equal(mo.compile(both, graph="double")(X), [2, 4, 6])
    for use in (mo.compile, mo.interpret):
        with pytest.raises(ValueError, match="one must be named: double, scale"):
            use(both)
        with pytest.raises(ValueError, match="no model 'halve'; there are: double, scale"):
            use(both, graph="halve")
    # Weights of the other model are no mistake, those of none are.
    assert mo.interpret(both, graph="double", weights={"w": np.float32(5)}).signature.name == "double"
    with pytest.raises(ValueError, match="^no model has a weight 'v'; scale: missing weight w: f32"):
        mo.load_all(both, weights={"v": X})


def test_an_artifact_is_initialised_again_without_compiling() -> None:
    artifact = mo.build(SCALE)
    two, three = (artifact.initialize({"w": np.float32(w)}) for w in (2, 3))
    np.testing.assert_array_equal(two(X), 2 * X)
    np.testing.assert_array_equal(three(X), 3 * X)
    np.testing.assert_array_equal(mo.compile(artifact, weights={"w": np.float32(4)})(X), 4 * X)


@pytest.mark.parametrize("name", ["exp", "malloc", "main", "größe", "a \\22b\\22"])
def test_a_model_may_be_called_anything(name: str) -> None:
    text = DOUBLE.replace("@double", f'@"{name}"').replace("mo.add %x, %x", "mo.exp %x")
    model = mo.compile(text)
    np.testing.assert_allclose(model(X), np.exp(X), rtol=1e-6)
    assert model.signature.name == name.replace("\\22", '"')


def test_a_pipeline_takes_the_place_of_the_default() -> None:
    assert "canonicalize" in default_pipeline()
    pipeline = "builtin.module(mogg-from-mo,mogg-to-linalg)"
    np.testing.assert_array_equal(mo.compile(DOUBLE, pipeline=pipeline)(X), [2, 4, 6])
    with pytest.raises(ValueError, match="no-such-pass"):
        mo.compile(DOUBLE, pipeline="builtin.module(no-such-pass)")
    with pytest.raises(ValueError, match="makes no function of @double"):
        mo.compile(DOUBLE, pipeline="builtin.module(canonicalize)")


def test_a_target_that_is_not_there() -> None:
    with pytest.raises(UnknownNameError, match="there is no target 'chip'"):
        mo.compile(DOUBLE, device="chip")


PLUGIN = '''
from mograph.plugins import api, hookimpl
from mograph.targets.cpu.target import CpuTarget
from mograph.transforms.kit import Pass

API = 1


class TwiceIsThrice(Pass, name="engine-test-thrice", anchor="mo.graph"):
    """Make additions of a value to itself multiplications by 3: wrong, so that it is seen."""

    def run(self, op):
        from mlir import ir

        for each in list(op.body.blocks[0].operations):
            if each.operation.name == "mo.add":
                three = ir.Operation.parse('%c = mo.constant 3.0 : !mo.tensor<[], f32>', context=op.context)
                with ir.InsertionPoint(each), each.location:
                    constant = three.clone()
                    product = type(self).product(each, constant.result)
                each.operation.results[0].replace_all_uses_with(product)
                each.operation.erase()

    @staticmethod
    def product(add, three):
        from mograph.dialects import mo

        return mo.Mul.build(add.operation.operands[0], three).result


class Chip(CpuTarget):
    """The processor under another name."""

    name = "engine-test-chip"


class Refusing(CpuTarget):
    """Compiles nothing."""

    name = "engine-test-refusing"

    def compile(self, module):
        raise ValueError("cannot do anything")


class Failing(CpuTarget):
    """Fails as MLIR does."""

    name = "engine-test-failing"

    def compile(self, module):
        from mlir import ir

        ir.Module.parse("func.func @f() { func.return %x : i32 }", module.context)


def cube(k, op, x):
    return k.map(k.mul, x, k.map(k.mul, x, x))


@hookimpl
def mograph_passes():
    yield api.pass_("engine-test-thrice", TwiceIsThrice)


@hookimpl
def mograph_pipeline(pipeline):
    pipeline.insert("engine-test-thrice", at="mo:before-fuse")


@hookimpl
def mograph_lowerings():
    yield api.lowering("mo.square", cube, replace=True)


@hookimpl
def mograph_targets():
    yield api.target("engine-test-chip", Chip)
    yield api.target("engine-test-refusing", Refusing)
    yield api.target("engine-test-failing", Failing)
'''


def test_plugins_take_part(tmp_path: Path) -> None:
    (tmp_path / "engine_test_plugin.py").write_text(PLUGIN)
    host = Host(load=[tmp_path / "engine_test_plugin.py"])
    assert not host.failures
    np.testing.assert_array_equal(mo.compile(DOUBLE, host=host)(X), [3, 6, 9])
    np.testing.assert_array_equal(mo.compile(DOUBLE, host=host, device="engine-test-chip")(X), [3, 6, 9])
    assert "mogg-from-mo{target=engine-test-chip}" in default_pipeline("engine-test-chip", host)
    square = DOUBLE.replace("mo.add %x, %x", "mo.square %x")
    np.testing.assert_array_equal(mo.compile(square, host=host)(X), [1, 8, 27])
    np.testing.assert_array_equal(mo.compile(square)(X), [1, 4, 9])
    np.testing.assert_array_equal(mo.compile(DOUBLE)(X), [2, 4, 6])


def test_what_a_target_cannot_do_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "engine_test_plugin.py").write_text(PLUGIN)
    host = Host(load=[tmp_path / "engine_test_plugin.py"])
    with pytest.raises(mo.DiagnosticError, match="^target 'engine-test-refusing': cannot do anything$"):
        mo.compile(DOUBLE, host=host, device="engine-test-refusing")
    with pytest.raises(mo.DiagnosticError, match="^target 'engine-test-failing': ") as caught:
        mo.compile(DOUBLE, host=host, device="engine-test-failing")
    assert "use of undeclared SSA value name" in caught.value.diagnostics[0].message


def test_models_compile_and_run_in_several_threads() -> None:
    results: list[Any] = []

    def work(factor: int) -> None:
        model = mo.compile(SCALE, weights={"w": np.float32(factor)})
        results.extend(np.array_equal(model(X), factor * X) for _ in range(20))

    threads = [threading.Thread(target=work, args=(factor,)) for factor in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 80
