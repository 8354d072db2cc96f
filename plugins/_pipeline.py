# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The default pipeline: named points in order, the passes inserted at each, and its text for MLIR's pass manager."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ._errors import PluginError, listed, suggestion

MODULE = "builtin.module"

_CLOSING = {")": "(", "}": "{"}


class PipelineError(PluginError):
    """A pass was to be inserted at a point that the pipeline does not have, or its text is malformed."""


class Point(NamedTuple):
    """A place where passes can be inserted.

    `anchor` is the op they are nested on when the insertion does not say. `after` or `before` names the neighbour; a
    point with neither comes last. `phase` and `anchor` are taken from the neighbour where they are empty. `plugin` is
    filled in by the host.
    """

    name: str
    phase: str = ""
    anchor: str = ""
    after: str | None = None
    before: str | None = None
    summary: str = ""
    plugin: str = ""

    @property
    def neighbour(self) -> str | None:
        """The point that this one is placed beside."""
        return self.after or self.before


class Insertion(NamedTuple):
    """Passes inserted at a point: `text` as in a textual pipeline, nested on `on` or else on the point's anchor."""

    text: str
    at: str
    on: str | None = None
    plugin: str = ""


class Insertions:
    """What `mograph_pipeline` is given: it records insertions, which take effect when the whole plugin is accepted."""

    def __init__(self, plugin: str = "") -> None:
        self.insertions: list[Insertion] = []
        self._plugin = plugin

    def insert(self, text: str, *, at: str, on: str | None = None) -> None:
        """Insert passes at the point `at`, after what is there.

        `text` is a textual pipeline: passes to be nested on the op `on` (by default the point's anchor), or a whole
        `"builtin.module(…)"`. Raises `PipelineError` where it is malformed.
        """
        text = checked_text(text)
        if on is None and text.startswith(f"{MODULE}(") and text.endswith(")"):
            text, on = text[len(MODULE) + 1 : -1].strip(), MODULE
        self.insertions.append(Insertion(text, at, on, self._plugin))


class DefaultPipeline(Insertions):
    """The default pipeline, with what the plugins inserted; further insertions concern this object only."""

    def __init__(self, points: Iterable[Point], insertions: Iterable[Insertion] = ()) -> None:
        super().__init__()
        placed, stray = place(points)
        if stray:
            raise PipelineError(unknown_neighbour(stray[0], placed))
        self.points = tuple(placed)
        self._names = {point.name for point in placed}
        self.insertions.extend(insertions)
        for insertion in self.insertions:
            self._check(insertion)

    def insert(self, text: str, *, at: str, on: str | None = None) -> None:
        """Insert passes; see `Insertions.insert`. Raises `PipelineError` where there is no point `at`."""
        super().insert(text, at=at, on=on)
        try:
            self._check(self.insertions[-1])
        except PipelineError:
            self.insertions.pop()
            raise

    @property
    def phases(self) -> tuple[str, ...]:
        """The phases, in the order in which they run."""
        return tuple(dict.fromkeys(point.phase for point in self.points))

    def at(self, point: str) -> tuple[Insertion, ...]:
        """What is inserted at one point, in the order in which it runs."""
        return tuple(insertion for insertion in self.insertions if insertion.at == point)

    def text(self, *phases: str) -> str:
        """The textual pipeline of the given phases, or of all: `"builtin.module(mo.graph(cse),symbol-dce)"`."""
        for phase in phases:
            if phase not in self.phases:
                raise PipelineError(f"no phase {phase!r} in the pipeline; its phases are {listed(self.phases)}")
        return f"{MODULE}({','.join(self._nests(phases or self.phases))})"

    def describe(self) -> str:
        """The points, one a line, each followed by what is inserted there, nested on what, and by whom."""
        lines = []
        for point in self.points:
            lines.append(f"{point.name:24} {point.summary}".rstrip())
            here = self.at(point.name)
            lines += [f"    {each.on or point.anchor}({each.text})  [{each.plugin or 'here'}]" for each in here]
        return "\n".join(lines)

    def _nests(self, phases: Iterable[str]) -> Iterator[str]:
        run: list[str] = []
        anchor = MODULE
        for on, text in [*self._steps(phases), (MODULE, "")]:
            if on != anchor or on == MODULE:
                if run:
                    yield f"{anchor}({','.join(run)})" if anchor != MODULE else run[0]
                run, anchor = [], on
            if text:
                run.append(text)

    def _steps(self, phases: Iterable[str]) -> Iterator[tuple[str, str]]:
        for point in self.points:
            if point.phase in phases:
                for each in self.at(point.name):
                    yield each.on or point.anchor, each.text

    def _check(self, insertion: Insertion) -> None:
        if insertion.at not in self._names:
            raise PipelineError(unknown_point(insertion, self.points))


def place(points: Iterable[Point]) -> tuple[list[Point], list[Point]]:
    """Put each point beside its neighbour; return them in order, and those whose neighbour does not exist.

    Points after the same neighbour keep the order in which they are given, and so do points before it.
    """
    placed: list[Point] = []
    pending = list(points)
    progress = True
    while pending and progress:
        waiting = [point for point in pending if not _place_one(placed, point)]
        progress = len(waiting) < len(pending)
        pending = waiting
    return placed, pending


def _place_one(placed: list[Point], point: Point) -> bool:
    if point.neighbour is None:
        phase = point.phase or point.name.partition(":")[0]
        placed.append(point._replace(phase=phase, anchor=point.anchor or MODULE))
        return True
    names = [other.name for other in placed]
    if point.neighbour not in names:
        return False
    index = names.index(point.neighbour)
    neighbour = placed[index]
    if point.after is not None:
        followers = {neighbour.name}
        index += 1
        while index < len(placed) and placed[index].after in followers:
            followers.add(placed[index].name)
            index += 1
    phase, anchor = point.phase or neighbour.phase, point.anchor or neighbour.anchor
    placed.insert(index, point._replace(phase=phase, anchor=anchor))
    return True


def unknown_point(insertion: Insertion, points: Iterable[Point]) -> str:
    """Say that an insertion is at a point that does not exist, and which do."""
    names = [point.name for point in points]
    return (
        f"inserts {insertion.text!r} at {insertion.at!r}, which is no extension point of the pipeline"
        f"{suggestion(insertion.at, names)}; there are {listed(names)}"
    )


def unknown_neighbour(point: Point, points: Iterable[Point]) -> str:
    """Say that a point is placed beside one that does not exist, and which do."""
    names = [other.name for other in points]
    side = "after" if point.after else "before"
    return (
        f"places the extension point {point.name!r} {side} {point.neighbour!r}, which is no extension point itself"
        f"{suggestion(str(point.neighbour), names)}; there are {listed(names)}"
    )


def checked_text(text: object) -> str:
    """Return a textual pipeline without the blanks around it; raise `PipelineError` where its brackets do not match."""
    if not isinstance(text, str) or not text.strip():
        raise PipelineError(f"{text!r}: expected a textual pipeline such as 'canonicalize,cse'")
    opened: list[str] = []
    for character in text:
        if character in _CLOSING.values():
            opened.append(character)
        elif character in _CLOSING and (not opened or opened.pop() != _CLOSING[character]):
            raise PipelineError(f"{text!r}: {character!r} closes nothing")
    if opened:
        raise PipelineError(f"{text!r}: {opened[-1]!r} is not closed")
    return text.strip()
