# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Locations: which code of the user's builds an operation."""

import sys
from itertools import islice
from types import CodeType, FrameType

from mlir import ir

__all__ = ["Locations", "caller", "place"]


def _ours(frame: FrameType) -> bool:
    name = frame.f_globals.get("__name__") or ""
    return name.startswith("mograph.") or name == "contextlib"


def caller() -> FrameType | None:
    """The innermost frame that runs code from outside of mograph."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _ours(frame):
        frame = frame.f_back
    return frame


def place() -> tuple[str, int, int]:
    """File, line and column that the innermost code from outside of mograph is at; 0 for what is not known."""
    frame = caller()
    return _place(frame) if frame is not None else ("", 0, 0)


def _place(frame: FrameType) -> tuple[str, int, int]:
    code = frame.f_code
    positions = getattr(code, "co_positions", None)  # since Python 3.11
    if positions is not None:
        line, _, column, _ = next(islice(positions(), frame.f_lasti // 2, None), (None, None, None, None))
        if line is not None:
            return code.co_filename, line, 0 if column is None else column + 1
    return code.co_filename, frame.f_lineno, 0


class Locations:
    """The locations of the code that builds one graph, in one context.

    An operation built in the function that opened the graph is at its file, line and column. One built in a function
    that this calls is at a call site: `callsite("layer"("model.py":3:9) at "model.py":12:5)`, with the name of each
    function below the first. Every instruction is looked at once, so that building in a loop costs no more than
    walking up the stack.
    """

    def __init__(self, context: ir.Context, opener: FrameType | None) -> None:
        self._context = context
        self._opener = opener
        self._known: dict[tuple[int, ...], ir.Location] = {}
        self._alive: list[CodeType] = []  # whose addresses are in the keys

    def here(self) -> ir.Location:
        """The location of the code that is calling mograph now."""
        frame: FrameType | None = sys._getframe(1)
        frames: list[FrameType] = []
        key: list[int] = []
        opener = self._opener
        while frame is not None:
            name = frame.f_globals.get("__name__") or ""  # as `_ours`, without a call: this runs for every operation
            if not (name.startswith("mograph.") or name == "contextlib"):
                frames.append(frame)
                key += (id(frame.f_code), frame.f_lasti)
                if frame is opener:
                    break
            frame = frame.f_back
        else:  # not called by what opened the graph: its callers mean nothing to the graph
            del frames[1:], key[2:]
        found = self._known.get(tuple(key))
        if found is None:
            found = self._known[tuple(key)] = self._make(frames)
            self._alive += (each.f_code for each in frames)
        return found

    def close(self) -> None:
        """Forgets the frame that opened the graph, and with it all that its variables hold."""
        self._opener = None

    def _make(self, frames: list[FrameType]) -> ir.Location:
        if not frames:
            return ir.Location.unknown(context=self._context)
        sites = []
        for frame in frames:
            filename, line, column = _place(frame)
            site = ir.Location.file(filename, line, column, context=self._context)
            if frame is not frames[-1]:
                code = frame.f_code
                site = ir.Location.name(getattr(code, "co_qualname", code.co_name), site, context=self._context)
            sites.append(site)
        return sites[0] if len(sites) == 1 else ir.Location.callsite(sites[0], sites[1:], context=self._context)
