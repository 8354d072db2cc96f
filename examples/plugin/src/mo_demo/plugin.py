# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What this package gives to mograph. It imports none of it."""

from collections.abc import Iterator

from mograph.plugins import Entry, Insertions, api, hookimpl

API = 1


@hookimpl
def mograph_dialects() -> Iterator[Entry]:
    """The dialect."""
    yield api.dialect("demo", "mo_demo.dialect:Demo")


@hookimpl
def mograph_passes() -> Iterator[Entry]:
    """The pass."""
    yield api.pass_("mo-simplify-signs", "mo_demo.signs:SimplifySigns")


@hookimpl
def mograph_lowerings() -> Iterator[Entry]:
    """The rule for the dialect's operation, on every target."""
    yield api.lowering("demo.swish", "mo_demo.swish:lower")


@hookimpl
def mograph_pipelines() -> Iterator[Entry]:
    """A pipeline that can be asked for by name."""
    yield api.pipeline("demo-tidy", "builtin.module(mo.graph(mo-simplify-signs,cse))", summary="Tidy up graphs.")


@hookimpl
def mograph_pipeline(pipeline: Insertions) -> None:
    """The pass runs by default, while every operation still stands alone."""
    pipeline.insert("mo-simplify-signs", at="mo:before-fuse")
