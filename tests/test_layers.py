# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arrows between layers go down only: every import is held to the table `[tool.mograph.layers]` of pyproject.toml.

Imports inside functions count as those at the top do, and so do those made for type checkers only.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
LAYERS: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mograph"]["layers"]
FOLDERS = [layer for layer in LAYERS if not layer.startswith("_")]


def imported_layers(source: str, package: list[str]) -> Iterator[tuple[int, str]]:
    """Yield (line, layer) for each import of ours in a module of `package`, given by its parts from `mograph` on."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = base + (node.module.split(".") if node.module else [])
            names = [[*start, alias.name] for alias in node.names]
        else:
            continue
        for name in names:
            if name[0] == "mograph":
                yield node.lineno, layer_of(name[1:])


def layer_of(parts: list[str]) -> str:
    """The layer that a module is in, given by its parts after `mograph`: the innermost folder that is one."""
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in names if name in LAYERS), "mograph")


def violations(source: str, layer: str, package: list[str]) -> list[str]:
    """Say what a module of `layer` imports against the table."""
    return [
        f"line {line}: a module of '{layer}' imports '{other}'; it may import {LAYERS[layer]}"
        for line, other in imported_layers(source, package)
        if other != layer and other not in LAYERS[layer]
    ]


@pytest.mark.parametrize("layer", FOLDERS)
def test_imports_go_down(layer: str) -> None:
    folder = ROOT.joinpath(*layer.split("."))
    start = [] if layer == "mograph" else layer.split(".")
    packages = {path: start + list(path.parent.relative_to(folder).parts) for path in sorted(folder.rglob("*.py"))}
    found = [
        f"{path.relative_to(ROOT)}, {violation}"
        for path, package in packages.items()
        if layer_of(package) == layer
        for violation in violations(path.read_text(), layer, ["mograph", *package])
    ]
    assert not found, "\n".join(found)


def test_table_has_no_cycle_and_is_transitive() -> None:
    order = list(LAYERS)
    for layer, below in LAYERS.items():
        for other in below:
            assert order.index(other) < order.index(layer), f"'{other}' is listed above '{layer}'"
            assert set(LAYERS[other]) <= set(below), f"'{layer}' may import '{other}' but not all that '{other}' may"


@pytest.mark.parametrize(
    "source",
    [
        "import mograph.engine.session",
        "from mograph.engine import session",
        "from mograph import engine",
        "from mograph import compile",
        "import mograph",
        "from ..engine import session",
        "from ...engine.session import Session",
        "def f():\n    from mograph.tools import opt",
        "if TYPE_CHECKING:\n    from mograph.plugins import api",
    ],
)
def test_upward_imports_are_found(source: str) -> None:
    package = ["mograph", "transforms"] if source.startswith("from ..engine") else ["mograph", "transforms", "mo"]
    assert violations(source, "transforms", package)


@pytest.mark.parametrize(
    "source",
    ["import mlir.ir", "from mograph.dialects import mo", "from . import cse", "from .. import lowering"],
)
def test_other_imports_are_not(source: str) -> None:
    assert not violations(source, "transforms", ["mograph", "transforms", "mo"])
