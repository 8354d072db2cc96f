# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Drawn graphs, compiled many at a time, and what is checked of each."""

from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np
from checking import MismatchError, check_operations, outputs_of
from drawing import EXTENTS, Drawing, Drawn, drawn
from recipes import DRAWN, draw

import mograph as mo
from mograph.plugins import get_host

TOGETHER = 40
"""How many models are compiled in one module."""
_OPTIONS = {"mo-deduplicate": "models", "mo-outline": "min-ops=1", "mo-simplify-while": "unroll=4"}


def _passes() -> tuple[str, ...]:
    """The passes of `mo`, and upstream's that the default pipeline has, nested on what they run on."""
    host = get_host()
    found = ["canonicalize", "cse"]
    for name in sorted(each for each in host.passes if each.startswith("mo-")):
        text = f"{name}{{{_OPTIONS[name]}}}" if name in _OPTIONS else name
        anchor = host.passes.load(name).declaration.anchor
        found.append(text if anchor in ("", "builtin.module") else f"{anchor}({text})")
    return tuple(found)


PASSES = _passes()
"""Passes after which graphs give what they gave."""
ROUNDING = ("mo.graph(mo-expand-composites)", "mo.graph(mo-propagate-layout)")
"""Those of them that compute in another order: the results are close, which has tests of its own."""


def one(name: str, seed: int, number: int) -> Drawn:
    """A graph of one operation."""
    return drawn(Random(f"{name} {seed}"), lambda g: _must(g, name), f"g{number}")


def mixed(random: Random, most: int = 12, name: str = "f") -> Drawn:
    """A graph of several operations."""

    def steps(g: Drawing) -> None:
        for _ in range(random.randint(1, most)):
            draw(g, random.choice(DRAWN))

    return drawn(random, steps, name)


def _must(g: Drawing, name: str) -> None:
    assert draw(g, name, tries=50), f"no recipe draws {name}"


def compiled(graphs: Sequence[Drawn], device: str = "cpu") -> dict[str, Any]:
    """Models by name, compiled for a device. Raises MismatchError for a graph that does not compile."""
    models: dict[str, Any] = {}
    for start in range(0, len(graphs), TOGETHER):
        part = graphs[start : start + TOGETHER]
        try:
            models |= mo.load_all("\n".join(map(_body, part)), device=device)
        except Exception:
            for graph in part:  # which of them it is
                try:
                    models[graph.name] = mo.compile(graph.text, device=device)
                except Exception as error:
                    raise MismatchError(f"cannot be compiled: {error}\n{graph.text}") from error
    return models


def _body(graph: Drawn) -> str:
    """The text of a graph without the module around it."""
    return graph.text.strip().removeprefix("module {").removesuffix("}")


def check(graph: Drawn, model: Any) -> None:
    """Run a graph on several extents, interpreted and compiled. Raises MismatchError."""
    module = mo.parse(graph.text)
    for extents in EXTENTS:
        arrays = graph.arrays(extents)
        expected, failure = _attempt(mo.interpret(module, graph=graph.name), arrays)
        found, other = _attempt(model, arrays)
        if (failure is None) != (other is None):
            raise MismatchError(f"interpreted: {failure!r}, compiled: {other!r}, for {extents}\n{graph.text}")
        if expected is not None and found is not None:
            check_operations(graph, module, arrays, found)


def _attempt(model: Any, arrays: Sequence[Any]) -> tuple[list[Any] | None, Exception | None]:
    try:
        return outputs_of(model, arrays), None
    except Exception as error:  # of any type: what the graph says is wrong with its inputs
        return None, error


def check_passes(graph: Drawn) -> None:
    """Run each pass on a graph: the references give the same afterwards. Raises MismatchError."""
    model = mo.interpret(graph.text, graph=graph.name)
    runs = [(extents, arrays, _attempt(model, arrays)[0]) for extents in EXTENTS for arrays in [graph.arrays(extents)]]
    for each in PASSES:
        module = mo.parse(graph.text)
        before = str(module)
        try:
            mo.Pipeline(f"builtin.module({each})").run(module)
        except Exception as error:
            raise MismatchError(f"{each}: {error}\n{graph.text}") from error
        if str(module) == before:
            continue
        model = mo.interpret(module, graph=graph.name)
        for extents, arrays, expected in runs:
            if expected is None:
                continue
            found, failure = _attempt(model, arrays)
            if found is None:
                raise MismatchError(f"after {each}: {failure!r}, for {extents}\n{graph.text}\n{module}")
            for index, (have, want) in enumerate(zip(found, expected, strict=True)):
                same = have.dtype == want.dtype and have.shape == want.shape
                if each not in ROUNDING:
                    same = same and np.array_equal(*(_plain(value) for value in (have, want)), equal_nan=True)
                if not same:
                    raise MismatchError(
                        f"after {each}, output {index}: expected {want!r}, found {have!r}, for {extents}\n"
                        f"{graph.text}\n{module}"
                    )


def _plain(values: Any) -> Any:
    """Numbers that numpy compares itself; NaN stays NaN."""
    return values.astype(np.float64) if values.dtype.kind == "V" else values
