# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Diagnostics as values, and the one exception that carries them."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from mograph._records import record

Severity = Literal["note", "warning", "error", "remark"]
SEVERITIES: tuple[Severity, ...] = ("note", "warning", "error", "remark")  # numbered as MLIR does
_FILE = re.compile(r'loc\("(.*)":(\d+):(\d+)(?: to .*)?\)', re.DOTALL)


@record
class Diagnostic:
    """What MLIR or a pass said: `location` is an `mlir.ir.Location`, `notes` belong to it."""

    severity: Severity
    message: str
    location: Any
    notes: "tuple[Diagnostic, ...]" = ()

    @property
    def file(self) -> str:
        """The file it is about; empty where the location is no place in a file."""
        return self._place[0]

    @property
    def line(self) -> int:
        """The line, from 1; 0 where the location is no place in a file."""
        return self._place[1]

    @property
    def column(self) -> int:
        """The column, from 1; 0 where the location is no place in a file."""
        return self._place[2]

    @property
    def _place(self) -> tuple[str, int, int]:
        found = _FILE.fullmatch(str(self.location))
        return (found[1], int(found[2]), int(found[3])) if found else ("", 0, 0)

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.file else str(self.location)
        return "\n".join([f"{where}: {self.severity}: {self.message}", *map(str, self.notes)])


class DiagnosticError(Exception):
    """Something failed and said why: `diagnostics` holds all that was said, errors and others, in order.

    `command` reproduces it from a shell, where that is possible; empty otherwise.
    """

    def __init__(self, message: str, diagnostics: Sequence[Diagnostic] = (), command: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.diagnostics = tuple(diagnostics)
        self.command = command

    def __str__(self) -> str:
        parts = [self.message, *map(str, self.diagnostics)]
        return "\n".join([*parts, f"to reproduce: {self.command}"] if self.command else parts)


def convert(given: Iterable[tuple[int, str, Any, Any]]) -> list[Diagnostic]:
    """Make values of what the native side collected: tuples of severity, message, location and notes."""
    return [
        Diagnostic(SEVERITIES[severity], message, at, tuple(convert(notes))) for severity, message, at, notes in given
    ]
