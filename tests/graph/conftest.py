# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the tests of the Graph API share: the body of a graph as text, and whether a module survives its own text."""

import sys
import textwrap
from collections.abc import Callable

import pytest
from mlir import ir

from mograph.dialects.kit import new_context
from mograph.graph import Graph


@pytest.fixture
def place() -> str:
    """A pattern for what follows a file: a line, and a column where frames know one (not in CPython 3.10)."""
    return r":\d+:\d+:" if sys.version_info >= (3, 11) else r":\d+:"


@pytest.fixture
def body() -> Callable[[Graph], list[str]]:
    """The lines of a graph's body, without those of its constants, indentation and types."""

    def lines(graph: Graph) -> list[str]:
        assert graph.operation is not None
        printed = textwrap.dedent(graph.operation.get_asm()).splitlines()[1:-1]
        return [line.strip().split(" : ")[0] for line in printed]

    return lines


@pytest.fixture
def round_trip() -> Callable[[ir.Module], None]:
    """Checks that a module is that of its text, pretty and generic, in another context."""

    def check(module: ir.Module) -> None:
        for generic in (False, True):
            text = module.operation.get_asm(print_generic_op_form=generic)
            with new_context("mo"):
                again = ir.Module.parse(text)
                assert again.operation.verify()
                assert again.operation.get_asm(print_generic_op_form=generic) == text

    return check
