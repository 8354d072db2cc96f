# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The CPU target: modules of upstream dialects to native code in this process.

The compiler and MLIR are imported when something is compiled: code that was stored is loaded without them.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mograph.targets.cpu.compiled import Compiled, Entry, Loaded, load
from mograph.targets.cpu.host import Host, this_host

if TYPE_CHECKING:
    from mlir import ir

    from mograph.targets.cpu.pipeline import Phase
    from mograph.targets.cpu.units import Division

# What the phases written in Python build; passes of MLIR load what they need themselves.
_DIALECTS = ("arith", "cf", "func", "linalg", "llvm", "math", "memref", "scf", "tensor", "vector")


class CpuTarget:
    """Compiles for one processor, by default the one that this process runs on.

    `pipeline` is the list of phases from tensors to the LLVM dialect, `division` says in which units LLVM compiles what
    comes of them, and `schedules` has functions that change what templates choose: `mograph.targets.cpu.schedules`
    says how. `prepares` is whether weights are copied, when they are bound, in the order in which they are read. All
    may be changed before `compile`.
    """

    name = "cpu"

    def __init__(self, host: Host | None = None) -> None:
        self.host = host or this_host()
        self.schedules: Mapping[str, Callable[[str, Mapping[str, int]], Mapping[str, int] | None]] = {}
        self.prepares = True

    @cached_property
    def pipeline(self) -> "list[Phase]":
        """The phases, in the order in which they run."""
        from mograph.targets.cpu.pipeline import default_pipeline

        return default_pipeline(self.host.machine)

    @cached_property
    def division(self) -> "Division":
        """In which units LLVM compiles, and how."""
        from mograph.targets.cpu.units import Division

        return Division()

    @property
    def processor(self) -> str:
        """The kind of processor that `mo-tune` keeps schedules for."""
        from mograph.targets.cpu.tuned import processor_of

        return processor_of(self.host)

    def lower(self, module: "ir.Module") -> str:
        """LLVM code of a module, which is left as it was. Raises MLIRError where a pass fails and ValueError for what
        the target cannot express.
        """
        return self._lowered(module)[0]

    def _lowered(
        self, module: "ir.Module", early: Callable[[str], None] | None = None
    ) -> tuple[str, tuple[Entry, ...]]:
        """LLVM code of a module, and the entries in it. Given `early`, it is called with code of kernels that are done
        before the rest, where they are declared.
        """
        from mlir import ir

        from mograph.targets.cpu.entry import entries_of, with_prepared, wrappers
        from mograph.targets.cpu.pipeline import copy_of, run, to_text
        from mograph.targets.cpu.schedules import Sources, sources, using
        from mograph.targets.cpu.tuned import load
        from mograph.targets.cpu.weights import forget_weights

        entries = entries_of(module)
        with module.context, ir.Location.unknown():
            copy = copy_of(module, _DIALECTS)
            if not self.prepares:
                forget_weights(copy)
            with using(sources() or Sources(load(self.processor), self.schedules)):
                run(self.pipeline, copy, None if early is None else lambda part: early(to_text(part)))
            entries = with_prepared(entries, copy)
            return to_text(copy) + "".join(wrappers(entries, copy)), entries

    def compile(self, module: "ir.Module") -> Compiled:
        """Native code of a module of upstream dialects, which is left as it was.

        Its public functions are the entries; they take and return ranked tensors. Raises MLIRError where a pass fails
        and ValueError for what the target cannot express.
        """
        from mograph.targets.cpu.compilation import Compilation
        from mograph.targets.cpu.libraries import imports_of
        from mograph.targets.cpu.units import Divider

        imports = imports_of(module)
        compilation, divider = Compilation(self.host), Divider(self.division)
        text, entries = self._lowered(module, lambda kernels: compilation.add(divider.kernels(kernels)))
        compilation.add(divider.rest(text))
        return Compiled(compilation.finish(), entries, self.host, imports)

    def restore(self, description: Mapping[str, Any], code: bytes) -> Compiled:
        """Code that was stored as its bytes and its description. Raises KeyError, TypeError or ValueError for another
        description.
        """
        return Compiled.restore(description, code)

    def load(self, compiled: Compiled) -> Loaded:
        """Links code into this process. Raises ValueError when it is not for this machine."""
        return load(compiled)
