# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every pass from graphs to graphs, run twice, gives what it gives once; the host says which there are."""

import re
from pathlib import Path
from typing import Any

import pytest
from corpus import GRAPHS

import mograph as mo
from mograph.engine.host import ready
from mograph.transforms.kit import Pipeline

LIT = Path(__file__).parents[3] / "lit_tests"
HOST = ready()
PASSES = sorted(name for name in HOST.passes if name.startswith("mo-"))


def modules() -> dict[str, str]:
    """Our own graphs, and those of the lit tests of the passes and of the operations that are no errors."""
    found = dict(GRAPHS)
    for folder in ("transforms/mo", "dialects/mo", "dialects/mo/canonical", "dialects/mo/upstream"):
        for file in sorted((LIT / folder).glob("*.mlir")):
            text = file.read_text()
            if "expected-error" not in text:
                for index, part in enumerate(re.split(r"^// -----.*$", text, flags=re.MULTILINE)):
                    found[f"{folder}/{file.name}:{index}"] = part
    return found


def run(pipeline: Pipeline, module: Any) -> str:
    pipeline.run(module)
    return str(module)


def test_the_passes_are_found() -> None:
    assert {"mo-infer-shapes", "mo-remove-dead-values", "mo-cse"} <= set(PASSES)


@pytest.mark.parametrize("name", PASSES)
def test_twice_is_once(name: str) -> None:
    pipeline = Pipeline(HOST.passes.load(name))
    for origin, text in modules().items():
        module = mo.parse(text)
        once = run(pipeline, module)
        assert run(pipeline, module) == once, origin
