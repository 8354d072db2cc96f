# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Units of LLVM code to object files, by threads that compile while Python still makes the next units."""

from collections.abc import Iterable

from mograph import _runtime
from mograph._llvm import Compilation as Compiler
from mograph.targets.cpu import cache
from mograph.targets.cpu.host import Host
from mograph.targets.cpu.units import Unit


class Compilation:
    """Compiles units for a host: what the cache of object code has is not compiled again, and what it lacks is put
    there. As many threads compile as share a loop, the one that waits for all among them.
    """

    def __init__(self, host: Host) -> None:
        self._made_with = f"{cache.compiler()} {host.triple} {host.name} {host.features}"
        self._compiler = Compiler(host.triple, host.name, host.features, _runtime.thread_count() - 1)
        self._found: list[tuple[str, bytes | None]] = []  # each unit's key, and its object file if the cache has it

    def add(self, units: Iterable[Unit]) -> None:
        """Has more units compiled."""
        for text, level in units:
            key = cache.key(f"{self._made_with} {level}\n{text}".encode())
            code = cache.find(key)
            self._found.append((key, code))
            if code is None:
                self._compiler.add(text, level)

    def finish(self) -> tuple[bytes, ...]:
        """The object files of all units, in their order. Raises ValueError for the first that is not valid, and for a
        processor that LLVM does not know.
        """
        made = iter(self._compiler.finish())
        objects: list[bytes] = []
        for key, code in self._found:
            if code is None:
                code = next(made)
                cache.keep(key, code)
            objects.append(code)
        return tuple(objects)
