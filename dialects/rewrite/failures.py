# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Exceptions that passes and patterns raise become diagnostics at the op, with the place of the raise as a note."""

import os
import sys
import threading
import traceback
from types import TracebackType
from typing import Any

from mlir import ir

from mograph import _native

from .diagnostics import SEVERITIES

TRACEBACK_VARIABLE = "MOGRAPH_TRACEBACK"
_ERROR = SEVERITIES.index("error")
_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_KITS = ("dialects/kit", "dialects/rewrite", "transforms/kit")
_OURS = tuple(os.path.join(_PACKAGE, *kit.split("/")) for kit in _KITS)
_lock = threading.Lock()
_raised: dict[int, list[BaseException]] = {}


class Watch:
    """Keeps the exceptions that were raised on a context's ops while it is open, for a caller who is in Python too."""

    def __init__(self, context: Any) -> None:
        self._key = id(context)
        self.raised: list[BaseException] = []

    def __enter__(self) -> "Watch":
        with _lock:
            _raised[self._key] = self.raised
        return self

    def __exit__(self, *exception: object) -> None:
        with _lock:
            _raised.pop(self._key, None)


def emit(place: Any, severity: int, message: str, notes: list[tuple[Any, str]] | None = None) -> None:
    """Emit a diagnostic at an op, or at a location."""
    if isinstance(place, ir.Location):
        _native.emit_at(place, severity, message, notes or [])
    else:
        _native.emit(place.operation, severity, message, notes or [])


def report(place: Any, who: str, error: BaseException) -> None:
    """Make an error at an op, or at a location, of an exception that `who` (a pass, a pattern) raised.

    With MOGRAPH_TRACEBACK set to other than 0, the whole traceback is printed too.
    """
    if os.environ.get(TRACEBACK_VARIABLE, "0") not in ("", "0"):
        sys.stderr.write("".join(traceback.format_exception(error)))
    with _lock:
        _raised.get(id(place.context), []).append(error)
    text = str(error)
    message = f"{who} raised {type(error).__name__}" + (f": {text}" if text else "")
    emit(place, _ERROR, message, _notes(place.context, error.__traceback__))


def _notes(context: Any, trace: TracebackType | None) -> list[tuple[Any, str]]:
    """Say where it was raised: the innermost frame outside of the kits, which is the one that misused them."""
    frames = [frame for frame in traceback.extract_tb(trace) if os.path.dirname(frame.filename) not in _OURS]
    if not frames:
        return []
    frame = frames[-1]
    column = (getattr(frame, "colno", None) or 0) + 1  # Python 3.10 knows no columns
    return [(ir.Location.file(frame.filename, frame.lineno or 0, column, context), f"raised here, in {frame.name}")]
