# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The hooks that a plugin may implement, each a function of this name marked with `hookimpl`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pluggy import HookimplMarker, HookspecMarker

if TYPE_CHECKING:
    from ._entries import Entry
    from ._pipeline import Insertions, Point

PROJECT = "mograph"

hookspec = HookspecMarker(PROJECT)
hookimpl = HookimplMarker(PROJECT)


@hookspec
def mograph_dialects() -> "Iterable[Entry]":  # type: ignore[empty-body]  # specifications have no bodies
    """Yield `api.dialect(…)` for each dialect."""


@hookspec
def mograph_passes() -> "Iterable[Entry]":  # type: ignore[empty-body]
    """Yield `api.pass_(…)` for each pass."""


@hookspec
def mograph_pipelines() -> "Iterable[Entry]":  # type: ignore[empty-body]
    """Yield `api.pipeline(…)` for each pipeline that can be asked for by name."""


@hookspec
def mograph_lowerings() -> "Iterable[Entry]":  # type: ignore[empty-body]
    """Yield `api.lowering(…)` for each rule, or `yield from api.lowerings_module(…)`."""


@hookspec
def mograph_targets() -> "Iterable[Entry]":  # type: ignore[empty-body]
    """Yield `api.target(…)` for each target."""


@hookspec
def mograph_kernels() -> "Iterable[Entry]":  # type: ignore[empty-body]
    """Yield `api.kernel(…)` for each kernel template."""


@hookspec
def mograph_fusions() -> "Iterable[Entry]":  # type: ignore[empty-body]
    """Yield `api.fusion(…)` for each rule of what is fused."""


@hookspec
def mograph_schedules() -> "Iterable[Entry]":  # type: ignore[empty-body]
    """Yield `api.schedule(…)` for each template of a target whose schedules are to be changed."""


@hookspec
def mograph_importers() -> "Iterable[Entry]":  # type: ignore[empty-body]
    """Yield `api.importer(…)` for each format of files that modules are made from."""


@hookspec
def mograph_weights() -> "Iterable[Entry]":  # type: ignore[empty-body]
    """Yield `api.weights(…)` for each format of files that weights are read from."""


@hookspec
def mograph_custom_ops() -> "Iterable[Entry]":  # type: ignore[empty-body]
    """Yield `api.custom(…)` for each custom operation."""


@hookspec
def mograph_extension_points() -> "Iterable[Point]":  # type: ignore[empty-body]
    """Yield `api.extension_point(…)` for each new place in the default pipeline."""


@hookspec
def mograph_pipeline(pipeline: "Insertions") -> None:
    """Insert passes in the default pipeline: `pipeline.insert("mo-simplify-signs", at="mo:before-fuse")`."""


ENTRY_HOOKS = {
    "mograph_dialects": "dialect",
    "mograph_passes": "pass",
    "mograph_pipelines": "pipeline",
    "mograph_lowerings": "lowering",
    "mograph_targets": "target",
    "mograph_kernels": "kernel",
    "mograph_schedules": "schedule",
    "mograph_fusions": "fusion",
    "mograph_importers": "importer",
    "mograph_weights": "weights",
    "mograph_custom_ops": "custom",
}
"""The kind of `Entry` that each hook yields."""

HOOKS = (*ENTRY_HOOKS, "mograph_extension_points", "mograph_pipeline")
