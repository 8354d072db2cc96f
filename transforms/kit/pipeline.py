# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Pipelines: lists of passes that run on a module."""

import os
import shlex
import sys
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, TextIO

from mograph import _native
from mograph.dialects.rewrite.diagnostics import Diagnostic, DiagnosticError, convert
from mograph.dialects.rewrite.failures import Watch

from .passes import Pass, register

REPRODUCER_VARIABLE = "MOGRAPH_REPRODUCER"
Part = str | Pass | type[Pass] | Sequence[Any]


class Pipeline:
    """A pipeline of passes, given as text, as `Pass` objects and classes, or as a mixture of them.

        Pipeline("builtin.module(func.func(cse),symbol-dce)")
        Pipeline("canonicalize", SimplifySigns(max_rounds=2), "cse")

    Texts name passes as in `mo-opt --pass-pipeline=`; where no op is named around the whole, it is `anchor`. Passes
    that run on another op are nested in it. `str()` gives the text that MLIR makes of it, with every option. Raises
    `ValueError` for a text that does not parse or a pass that is not known.
    """

    def __init__(self, *parts: Part, anchor: str = "builtin.module") -> None:
        self.text: str = _native.normalize_pipeline(_assemble(list(_flat(parts)), anchor))

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Pipeline({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pipeline) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def run(
        self,
        module: Any,
        *,
        verify: bool = True,
        timing: bool = False,
        statistics: bool = False,
        print_ir_before: bool | Iterable[str] = False,
        print_ir_after: bool | Iterable[str] = False,
        print_on_change: bool = False,
        print_on_failure: bool = False,
        print_module_scope: bool = False,
        reproducer: str | os.PathLike[str] | None = None,
        out: TextIO | None = None,
    ) -> list[Diagnostic]:
        """Run on a module, or another op that the pipeline's anchor names, in place. The GIL is free meanwhile.

        `print_ir_before` and `print_ir_after` print the IR around the passes of those names, or around all; `timing`
        how long each took: to `out`, by default `sys.stderr`. `statistics` are printed to the process's standard error.
        If it fails or crashes, `reproducer` (by default: the environment's MOGRAPH_REPRODUCER) is written for
        `mo-opt --run-reproducer`.

        Returns the warnings and remarks. Raises `DiagnosticError` if it fails: its cause is what a pass raised, if one
        did. The module is then in the state that the failing pass left, and may be invalid.
        """
        op = module.operation
        file = os.fspath(reproducer) if reproducer is not None else os.environ.get(REPRODUCER_VARIABLE, "")
        before, after = _chosen(print_ir_before), _chosen(print_ir_after)
        with Watch(op.context) as watch:
            succeeded, given, log = _native.run_pipeline(
                self.text,
                op,
                verify=verify,
                timing=timing,
                statistics=statistics,
                reproducer=file,
                print_before_all=before is None,
                print_after_all=after is None,
                print_before=before or [],
                print_after=after or [],
                print_on_change=print_on_change,
                print_on_failure=print_on_failure,
                print_module_scope=print_module_scope,
            )
        if log:
            (out or sys.stderr).write(log)
        diagnostics = convert(given)
        if succeeded:
            return diagnostics
        cause = watch.raised[0] if watch.raised else None
        if isinstance(cause, KeyboardInterrupt):
            raise cause
        raise DiagnosticError(f"the pipeline {self.text!r} failed", diagnostics, self._command(op, file)) from cause

    def _command(self, op: Any, reproducer: str) -> str:
        """Say how to run it from a shell: from the reproducer, or from the file that the module was read from."""
        if reproducer and Path(reproducer).exists():
            return f"mo-opt --run-reproducer {shlex.quote(reproducer)}"
        source = Diagnostic("note", "", op.location).file
        source = source if source and Path(source).exists() else "MODULE.mlir"
        return f"mo-opt {shlex.quote(source)} --pass-pipeline={shlex.quote(self.text)}"


def _flat(parts: Iterable[Part]) -> Iterable[str | Pass]:
    for part in parts:
        if isinstance(part, type) and issubclass(part, Pass):
            yield part()
        elif isinstance(part, str | Pass):
            yield part
        elif isinstance(part, Sequence):
            yield from _flat(part)
        else:
            raise TypeError(f"a pipeline is made of texts, passes and lists of them; found {part!r}")


def _assemble(parts: list[str | Pass], anchor: str) -> str:
    """Write the parts as one text; neighbours that run on one op of the module share its parentheses."""
    if len(parts) == 1 and isinstance(parts[0], str) and parts[0].strip().startswith((f"{anchor}(", "any(")):
        return parts[0].strip()
    pieces = []
    for where, group in groupby(parts, lambda part: "" if isinstance(part, str) else part.declaration.anchor):
        inside = ",".join(part.strip() if isinstance(part, str) else _element(part) for part in group)
        pieces.append(f"{where}({inside})" if where and where != anchor else inside)
    return f"{anchor}({','.join(piece for piece in pieces if piece)})"


def _element(each: Pass) -> str:
    """Write one pass with its options; register its class, which need not be known to MLIR yet."""
    register(type(each))
    options = " ".join(o.in_pipeline(getattr(each, field)) for field, o in each.declaration.options.items())
    return f"{each.declaration.name}{{{options}}}" if options else each.declaration.name


def _chosen(names: bool | Iterable[str]) -> list[str] | None:
    """Turn a choice of passes into their names; None is all of them."""
    if isinstance(names, bool):
        return None if names else []
    return list(names)
