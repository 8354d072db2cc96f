# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ONNX's backend suite: the cases that the onnx package has with it, and how one is run and compared.

Needs the onnx package; `test_backend.py` skips where there is none.
"""

import os
import warnings
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, numpy_helper
from onnx.backend.test.loader import load_model_tests
from onnx.backend.test.runner import Runner

import mograph
from mograph.plugins.onnx.weights import read_weights

LIGHT = "onnx/backend/test/data/light/"
FOLDERS = ("simple", "pytorch-converted", "pytorch-operator")
KINDS = ("node", *FOLDERS, "light")


class Case(NamedTuple):
    """One test of the suite: a model in memory, or its file, with inputs and expected outputs."""

    kind: str
    name: str
    model: ModelProto | None
    path: str
    data: Sequence[tuple[Sequence[Any], Sequence[Any]]] | None
    rtol: float
    atol: float

    @property
    def key(self) -> str:
        """What the table of expectations calls it."""
        return self.name if self.kind == "node" else f"{self.kind}/{self.name}"

    def load(self) -> ModelProto:
        """The model, without external data."""
        return self.model or onnx.load(self.path, load_external_data=False)

    @property
    def domain(self) -> str:
        """The domain of operators that it is about: "", ONNX's own, unless it has no other."""
        return min(each.domain for each in self.load().opset_import)

    @property
    def opset(self) -> int:
        """The version of this domain that it is written for."""
        return next(each.version for each in self.load().opset_import if each.domain == self.domain)


@cache
def cases() -> dict[str, Case]:
    """All cases by key."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numpy's, as the package computes what is expected
        nodes = [
            Case("node", each.name, each.model, "", each.data_sets, each.rtol, each.atol)
            for each in load_model_tests(kind="node")
        ]
        found = [*nodes, *_in_folders()]
    return {each.key: each for each in sorted(found, key=lambda each: (KINDS.index(each.kind), each.name))}


def _in_folders() -> Iterator[Case]:
    for kind in FOLDERS:
        for each in load_model_tests(kind=kind):
            path = os.path.join(each.model_dir, "model.onnx")
            yield Case(kind, each.name, None, path, None, each.rtol, each.atol)
    for each in load_model_tests(kind="real"):
        if each.url and each.url.startswith(LIGHT):
            path = os.path.join(os.path.dirname(onnx.__file__), each.url.removeprefix("onnx/"))
            yield Case("light", each.name, None, path, None, each.rtol, each.atol)


def run(case: Case, shapes_only: bool = False) -> None:
    """Import, compile and run a case, and compare what it gives; AssertionError where that differs.

    `shapes_only` is for outputs that are random: shapes and dtypes are compared.
    """
    if case.model is None:
        model = mograph.compile(case.path)
    else:
        weights = read_weights(case.model.SerializeToString())
        module = mograph.import_onnx(case.model)
        artifact = mograph.build(module)
        needed = {each.name for each in artifact.signatures[next(iter(artifact.signatures))].weights}
        model = artifact.initialize({name: array for name, array in weights.items() if name in needed})
    for inputs, expected in case.data if case.data is not None else _data(case):
        given = [_array(each) for each in inputs]
        wanted = [_array(each) for each in expected]
        results = model(*given)
        found = list(results) if isinstance(results, tuple) else [results]
        assert len(found) == len(wanted)
        if shapes_only:
            assert [(each.shape, each.dtype) for each in found] == [(each.shape, each.dtype) for each in wanted]
        else:
            Runner.assert_similar_outputs(wanted, found, case.rtol, case.atol)


def _data(case: Case) -> Iterator[tuple[list[NDArray[Any]], list[NDArray[Any]]]]:
    """The inputs and expected outputs beside a model's file."""
    path = Path(case.path)
    if case.kind == "light":
        model = case.load()
        initial = {each.name for each in model.graph.initializer}
        inputs = [Runner.generate_dummy_data(each) for each in model.graph.input if each.name not in initial]
        yield inputs, [_tensor(path.with_name(f"{path.stem}_output_0.pb"))]
        return
    for folder in sorted(path.parent.glob("test_data_set_*")):
        yield _tensors(folder, "input"), _tensors(folder, "output")


def _tensors(folder: Path, kind: str) -> list[NDArray[Any]]:
    return [_tensor(folder / f"{kind}_{index}.pb") for index in range(len(list(folder.glob(f"{kind}_*.pb"))))]


def _tensor(path: Path) -> NDArray[Any]:
    return numpy_helper.to_array(TensorProto.FromString(path.read_bytes()))


def _array(value: Any) -> Any:
    return numpy_helper.to_array(value) if isinstance(value, TensorProto) else np.asarray(value)
