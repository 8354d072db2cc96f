# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Imports what every compilation for the CPU uses, so that the first takes no longer than those after it."""

import gc
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from re import findall
from typing import TYPE_CHECKING

from mograph.engine.ahead import load_ahead, read_ahead

if TYPE_CHECKING:
    from mograph.plugins import Host

__all__ = ["preload"]

# What needs nothing of MLIR, and no library but small ones: the linker loads one after the other.
_SMALL = ("hashlib", "mmap", "mograph._runtime")
_BEFORE = (
    "plugins.core.plugin",
    "dialects.custom_source",
    "dialects.rewrite.patterns",
    "engine.artifact",
    "targets.cpu.units",
    "transforms.kit.options",
)

# Folders of modules that need MLIR's, nearly all of which are imported below, in the order of that.
_READ = ("dialects", "transforms/mogg", "targets/cpu")

# What all of these import when they use it, which is always.
_WHEN_USED = (
    "mograph.dialects.mogg",
    "mograph.dialects.rewrite.pattern_sets",
    "mograph.transforms.fusion_source",
    "mograph.transforms.kit.source",
    "mograph.transforms.lower.elementwise",
    "mlir._mlir_libs._mlirDialectsLLVM",
)


def preload(device: str = "cpu", host: "Host | None" = None) -> None:
    """Import the passes of the default pipeline, by the files that their names stand for, what they are written with,
    and the CPU target, which others use; for a device of another target also what that says. Raises `UnknownNameError`
    where no plugin of `host` (by default: those of the process) has a target for the device.
    """
    _preload()
    name = device.partition(":")[0]
    if name != "cpu":
        from mograph.plugins import get_host

        modules = getattr((host or get_host()).targets.load(name), "modules", ())
        if not all(module in sys.modules for module in modules):
            with _uncollected():
                for module in modules:
                    import_module(module)


@cache
def _preload() -> None:
    with _uncollected():
        for name in _SMALL:
            import_module(name)
        with read_ahead(_READ, load_ahead("mograph._native")), _rehearsed():
            _import_all()


def _rehearsed() -> AbstractContextManager[None]:
    """Imports what that needs, which waits for the libraries: they are loaded by now."""
    from mograph.engine.rehearsal import rehearsed

    return rehearsed()


def _import_all() -> None:
    for name in _BEFORE:
        import_module(f"mograph.{name}")
    steps = import_module("mograph.plugins.core.plugin").STEPS
    for group, name in findall(r"\b(mo|mogg)-([a-z-]+)", " ".join(passes for _, passes in steps)):
        import_module(f"mograph.transforms.{group}.{name.replace('-', '_')}")
    for group in ("mo", "mogg", "mogg._fusion"):
        package = import_module(f"mograph.transforms.{group}")
        for found in iter_modules(package.__path__):
            if found.name.startswith("_") or group.endswith("._fusion"):
                import_module(f"{package.__name__}.{found.name}")
    for name in _WHEN_USED:
        import_module(name)
    for name in ("compiler", "session"):
        import_module(f"mograph.engine.{name}")
    for name in ("compilation", "entry", "libraries", "objects", "pipeline", "target"):
        import_module(f"mograph.targets.cpu.{name}")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector, and with all that there is old to it afterwards: what modules define stays, and to
    find that out takes a good part of the time of the imports, and half of that of a small model's compilation.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():  # what an application has frozen stays so
            gc.freeze()
            gc.unfreeze()
        if enabled:
            gc.enable()
