# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the tests of the kit share: toy dialects.

A name can be registered once a process, so every test gets one of its own.
Texts say `toy.`, whatever the dialect is called.
"""

import itertools
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from mlir import ir

from mograph.dialects.kit import Dialect, new_context
from mograph.transforms.kit import Pipeline

NUMBERS = itertools.count()


class Toy:
    """A fresh dialect and what one does with it. `Operation`, `Type` and `Attribute` are the bases to derive from."""

    def __init__(self) -> None:
        self.name = f"toy{next(NUMBERS):04}"  # all of one length
        self.dialect: Any = type(Dialect)("Toy", (Dialect,), {"__module__": __name__}, name=self.name)
        self.Operation = self.dialect.Operation
        self.Type = self.dialect.Type
        self.Attribute = self.dialect.Attribute

    def own(self, text: str) -> str:
        """The text with the dialect's own name."""
        return textwrap.dedent(text).replace("toy.", f"{self.name}.")

    def plain(self, text: str) -> str:
        """The inverse."""
        return text.replace(f"{self.name}.", "toy.").replace(f"'{self.name}'", "'toy'")

    def context(self) -> ir.Context:
        """A context with the dialect loaded; registers it the first time."""
        if not self.dialect.registered:
            self.dialect.register()
        return new_context(self.name, "func", "arith", "cf")

    def parse(self, text: str) -> ir.Module:
        """The module of a text, in a context of its own. Raises mlir.ir.MLIRError."""
        with self.context(), ir.Location.unknown():
            return ir.Module.parse(self.own(text))

    def body(self, module: ir.Module, **flags: Any) -> str:
        """The module's text, without the module around it."""
        text = self.plain(module.operation.get_asm(**flags))
        text = re.sub(r"\A(#.*\n)*\s*(module|\"builtin\.module\").*\n", "", text)
        return textwrap.dedent("\n".join(text.rstrip().splitlines()[:-1]))

    def pretty(self, text: str) -> str:
        """The text as it is printed."""
        module = self.parse(text)
        assert module.operation.verify()
        return self.body(module)

    def generic(self, text: str) -> str:
        """The text in generic form."""
        return self.body(self.parse(text), print_generic_op_form=True)

    def roundtrip(self, text: str) -> str:
        """The text as it is printed, which is the same after a trip through text, generic text and bytecode."""
        module = self.parse(text)
        printed = self.body(module)
        generic = module.operation.get_asm(print_generic_op_form=True)
        data = BytesIO()
        module.operation.write_bytecode(data)
        for source in (str(module), generic, data.getvalue()):
            with self.context(), ir.Location.unknown():
                again = ir.Module.parse(source)
            assert self.body(again) == printed
            assert again.operation.get_asm(print_generic_op_form=True) == generic
        return printed

    def same(self, text: str) -> None:
        """The text is what it prints as, after every trip."""
        assert self.roundtrip(text) == textwrap.dedent(text).strip()

    def error(self, text: str) -> str:
        """The diagnostics of a text that is wrong."""
        with pytest.raises(ir.MLIRError) as caught:
            self.parse(text)
        return self.plain(str(caught.value))

    def run(self, pipeline: str, text: str) -> str:
        """What a pipeline makes of a text."""
        module = self.parse(text)
        Pipeline(self.own(pipeline)).run(module)
        return self.body(module)


@pytest.fixture
def toy() -> Toy:
    """A fresh dialect."""
    return Toy()


@pytest.fixture
def another() -> Toy:
    """A second one."""
    return Toy()


@pytest.fixture
def context() -> Iterator[ir.Context]:
    """A current context, in which nothing is loaded yet."""
    with new_context() as current, ir.Location.unknown():
        yield current


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., str]:
    """Runs a Python script in a process of its own and gives what it prints. An abort fails the test."""

    def run(source: str, *arguments: str, timeout: float = 300) -> str:
        path = tmp_path / "script.py"
        path.write_text(textwrap.dedent(source))
        done = subprocess.run(
            [sys.executable, path, *arguments], capture_output=True, text=True, timeout=timeout, env=os.environ
        )
        assert done.returncode == 0, f"exit code {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    return run
