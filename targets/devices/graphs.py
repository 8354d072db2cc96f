# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Captured runs of a function: the commands of one run as a graph of the device, launched as often as one likes.

A run is captured by running the host code with a list of commands that is kept. What the host computed (grids, words of
arguments, bytes that it uploads) is thereby frozen, while memory of the device is read anew by each replay. The memory
of a graph is its own: that of intermediates until the graph is released, that of outputs as long as somebody has them.
"""

import threading
from collections.abc import Hashable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from mograph.targets.devices.buffer import Buffer
from mograph.targets.devices.device import Graph

if TYPE_CHECKING:
    from mograph.targets.devices.function import DeviceFunction

Shapes = tuple[tuple[int, ...], ...]
Addresses = tuple[int, ...]


class CaptureError(ValueError):
    """A key that is captured already, or is not, or has been with other buffers; or a replay that would be stale."""


class Captured(NamedTuple):
    """A graph, its outputs, the trace of its commands, and what must live as long: memory, and the inputs."""

    graph: Graph
    outputs: list[Buffer]
    trace: list[tuple[Any, ...]]
    owned: object
    inputs: tuple[Buffer, ...]


class Graphs:
    """The graphs of a function, by key, and under a key by the shapes and addresses of the buffers."""

    def __init__(self, function: "DeviceFunction") -> None:
        self._function = function
        self._captured: dict[Hashable, dict[tuple[Shapes, Addresses], Captured]] = {}
        self._lock = threading.Lock()

    def capture(self, key: Hashable, buffers: Sequence[Buffer]) -> list[Buffer]:
        """Capture a run on buffers, and launch it once: the outputs, which each replay computes anew."""
        self._function.check(buffers)
        with self._lock:
            place = _place(buffers)
            if place in self._captured.get(key, {}):
                raise CaptureError(
                    f"{self._function.name}: {key!r} is captured already with these buffers; release it before it is"
                    " captured anew"
                )
            ran = self._function.run(buffers, keep=True)
            assert ran.commands is not None
            trace = ran.commands.trace()
            graph = self._function.device.graph(ran.commands)
            try:
                graph.launch()
            except BaseException:
                graph.close()
                raise
            captured = Captured(graph, ran.outputs, trace, ran.owned, tuple(buffers))
            self._captured.setdefault(key, {})[place] = captured
            return ran.outputs

    def replay(self, key: Hashable, buffers: Sequence[Buffer]) -> list[Buffer]:
        """Launch what was captured: its outputs."""
        captured = self._find(key, buffers)
        captured.graph.launch()
        return captured.outputs

    def verify(self, key: Hashable, buffers: Sequence[Buffer]) -> list[Buffer]:
        """Run without the graph, and compare what is launched: outputs of that run, in memory of their own."""
        captured = self._find(key, buffers)
        ran = self._function.run(buffers, keep=True)
        assert ran.commands is not None
        trace = ran.commands.trace()
        if trace != captured.trace:
            raise CaptureError(f"{self._function.name}: {key!r} is stale: {_difference(captured.trace, trace)}")
        self._function.device.queue.submit(ran.commands)
        return ran.outputs

    def release(self, key: Hashable) -> None:
        """Give up all graphs of a key."""
        with self._lock:
            for captured in self._known(key).values():
                captured.graph.close()
            del self._captured[key]

    def _find(self, key: Hashable, buffers: Sequence[Buffer]) -> Captured:
        with self._lock:
            known = self._known(key)
            try:
                return known[_place(buffers)]
            except (AttributeError, KeyError):
                pass
        self._function.check(buffers)
        raise CaptureError(f"{self._function.name}: {key!r} {self._other(known, buffers)}")

    def _known(self, key: Hashable) -> dict[tuple[Shapes, Addresses], Captured]:
        if key not in self._captured:
            keys = ", ".join(map(repr, self._captured)) or "none"
            raise CaptureError(f"{self._function.name}: {key!r} is not captured; what is: {keys}")
        return self._captured[key]

    def _other(self, known: dict[tuple[Shapes, Addresses], Captured], buffers: Sequence[Buffer]) -> str:
        """What is not as it was captured."""
        shapes, addresses = _place(buffers)
        for other_shapes, others in known:
            if other_shapes == shapes:
                index = next(i for i, pair in enumerate(zip(addresses, others, strict=True)) if pair[0] != pair[1])
                name = self._function.signature.inputs[index].name
                return (
                    f"is captured with another buffer for input {name!r}: expected the one at {others[index]:#x}, found"
                    f" one at {addresses[index]:#x}"
                )
        captured = " and ".join(_shapes(each) for each, _ in known)
        return f"is not captured for buffers of shapes {_shapes(shapes)}, but for {captured}"


def _place(buffers: Sequence[Buffer]) -> tuple[Shapes, Addresses]:
    return tuple(buffer.shape for buffer in buffers), tuple(buffer.address for buffer in buffers)


def _shapes(shapes: Shapes) -> str:
    return ", ".join(f"[{', '.join(map(str, shape))}]" for shape in shapes)


def _difference(captured: Sequence[tuple[Any, ...]], now: Sequence[tuple[Any, ...]]) -> str:
    """The first command in which two traces differ."""
    for number, (old, new) in enumerate(zip_longest(captured, now)):
        if old != new:
            return f"command {number} was {_told(old)} when it was captured, and is {_told(new)}"
    return "nothing differs"


def _told(command: tuple[Any, ...] | None) -> str:
    if command is None:
        return "not there"
    if command[0] != "launch":
        return (
            f"a {command[0]} of {command[-1]} bytes"
            if len(command) == 3 and isinstance(command[-1], int)
            else str(command)
        )
    _, stream, name, grid, block, shared = command
    return f"kernel {name} on stream {stream}, grid {grid}, block {block}, {shared} bytes shared"
