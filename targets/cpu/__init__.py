# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Native code for the processor.

`CpuTarget.compile` takes a module of upstream dialects through the phases of `pipeline` to an object file; `load` links
an object file into the process and `Loaded.function` makes its entries callable.
"""

from mograph.targets.cpu.entry import Entry
from mograph.targets.cpu.host import Host, this_host
from mograph.targets.cpu.pipeline import Phase
from mograph.targets.cpu.target import Compiled, CpuTarget, Loaded, load

__all__ = ["Compiled", "CpuTarget", "Entry", "Host", "Loaded", "Phase", "load", "this_host"]
