# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gives mograph's own dialects, passes, lowering rules and targets, and the points of the default pipeline.

Names follow from file names, so that adding a pass or a dialect touches no list:

    dialects/<name>/                   dialect <name>          class <Name>
    transforms/<group>/<some_name>.py  pass <group>-some-name  class SomeName
    transforms/lower/*.py              lowering rules          see `api.lowerings_module`
    targets/<name>/                    target <name>           class <Name>Target

A kind of device is another name of the target that makes its code.

Files and folders whose name starts with an underscore are helpers, and give nothing.
"""

from collections.abc import Iterator
from os.path import join

from mograph.plugins import api, hookimpl
from mograph.plugins._entries import Entry
from mograph.plugins._pipeline import Insertions, Point
from mograph.plugins._sources import folders, public_modules, public_packages

API = 1

NOT_DIALECTS = {"kit", "rewrite"}
NOT_GROUPS = {"kit", "lower"}
NOT_TARGETS = {"devices", "gpu"}
DEVICES = {"cuda": "nvidia", "opencl": "spirv"}

# A stage of the work has a point of its own, so that a plugin can say before, in or after it. The third column is the
# op that passes are nested on.
POINTS = (
    ("mo:start", "mo.graph", "the graphs as the user wrote them"),
    ("mo:simplify", "mo.graph", "canonicalization, folding, common subexpressions"),
    ("mo:subgraphs", "builtin.module", "graphs are outlined, deduplicated, inlined"),
    ("mo:place", "builtin.module", "devices and shards are assigned"),
    ("mo:before-fuse", "mo.graph", "the last place where every op stands alone"),
    ("mo:fuse", "mo.graph", "ops are grouped into kernels"),
    ("mo:after-fuse", "mo.graph", "the groups are known"),
    ("mo:end", "mo.graph", "right before kernels are made"),
    ("mogg:start", "builtin.module", "kernels and the program around them"),
    ("mogg:fuse", "builtin.module", "launches are put in one kernel"),
    ("mogg:before-schedule", "builtin.module", "kernels are final and deduplicated"),
    ("mogg:schedule", "builtin.module", "kernels are tiled, vectorized and mapped"),
    ("mogg:after-schedule", "builtin.module", "kernels are scheduled"),
    ("mogg:plan", "builtin.module", "memory and streams are planned"),
    ("mogg:end", "builtin.module", "right before the target takes over"),
    ("target:start", "builtin.module", "upstream dialects only, on tensors"),
    ("target:end", "builtin.module", "right before machine code"),
)

# What runs by default, in order.
STEPS = (
    ("mo:simplify", "mo-simplify-while,mo-infer-shapes,canonicalize,mo-cse,mo-hoist-loop-invariants"),
    ("mo:subgraphs", "mo-remove-dead-values,mo-deduplicate"),
    ("mogg:start", "mogg-from-mo"),
    ("mogg:fuse", "mogg-fuse"),
    ("target:start", "mogg-to-linalg"),
)


@hookimpl
def mograph_dialects() -> Iterator[Entry]:
    """One for each package in `dialects/`."""
    for name in _packages("mograph.dialects"):
        if name not in NOT_DIALECTS:
            yield api.dialect(name, f"mograph.dialects.{name}:{_camel_case(name)}")


@hookimpl
def mograph_passes() -> Iterator[Entry]:
    """One for each file in the groups of `transforms/`."""
    for folder in folders("mograph.transforms"):
        for group, name in _in_groups(folder):
            reference = f"mograph.transforms.{group}.{name}:{_camel_case(name)}"
            yield api.pass_(f"{group}-{name}".rstrip("_").replace("_", "-"), reference)


@hookimpl
def mograph_lowerings() -> Iterator[Entry]:
    """All rules in `transforms/lower/`: those of its folder `cpu` for that target, of `gpu` for all of GPUs, the others
    for all.
    """
    if folders("mograph.transforms") and folders("mograph.transforms.lower"):
        yield from api.lowerings_module("mograph.transforms.lower")
        yield from api.lowerings_module("mograph.transforms.lower.cpu", target="cpu")
        gpus = [name for name, package in _target_names() if package != "cpu"]
        for entry in api.lowerings_module("mograph.transforms.lower.gpu"):
            for name in gpus:
                yield entry._replace(target=name)


@hookimpl
def mograph_targets() -> Iterator[Entry]:
    """One for each package in `targets/`, and for each kind of device."""
    for name, package in _target_names():
        yield api.target(name, f"mograph.targets.{package}:{_camel_case(package)}Target")


def _target_names() -> Iterator[tuple[str, str]]:
    """The names of targets, each with its package."""
    packages = _packages("mograph.targets")
    for name in packages:
        if name not in NOT_TARGETS:
            yield name, name
    for device, name in DEVICES.items():
        if name in packages:
            yield device, name


@hookimpl
def mograph_weights() -> Iterator[Entry]:
    """The format that weights are in, unless a plugin says otherwise."""
    yield api.weights("safetensors", "mograph.engine.safetensors:read_safetensors")


@hookimpl
def mograph_extension_points() -> Iterator[Point]:
    """The default pipeline, from first to last."""
    for name, anchor, summary in POINTS:
        yield api.extension_point(name, anchor=anchor, summary=summary)


@hookimpl
def mograph_pipeline(pipeline: Insertions) -> None:
    """What runs by default."""
    for point, passes in STEPS:
        pipeline.insert(passes, at=point)


def _packages(parent: str) -> list[str]:
    return [name for folder in folders(parent) for name in public_packages(folder)]


def _in_groups(folder: str) -> Iterator[tuple[str, str]]:
    for group in public_packages(folder):
        if group not in NOT_GROUPS:
            for name in public_modules(join(folder, group)):
                yield group, name


def _camel_case(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
