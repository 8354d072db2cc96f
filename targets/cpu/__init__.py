# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Native code for the processor.

`CpuTarget.compile` takes a module of upstream dialects through the phases of `pipeline` to an object file; `load` links
an object file into the process and `Loaded.function` makes its entries callable.

Names are imported when first used: who loads stored code needs no compiler.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mograph.targets.cpu.compiled import Compiled, Entry, Loaded, load
    from mograph.targets.cpu.host import Host, this_host
    from mograph.targets.cpu.pipeline import Phase
    from mograph.targets.cpu.target import CpuTarget

__all__ = ["Compiled", "CpuTarget", "Entry", "Host", "Loaded", "Phase", "load", "this_host"]

_HOMES = {
    "compiled": ("Compiled", "Entry", "Loaded", "load"),
    "host": ("Host", "this_host"),
    "pipeline": ("Phase",),
    "target": ("CpuTarget",),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
