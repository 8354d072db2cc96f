# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""LLVM code to object files, and object files into this process."""

from collections.abc import Mapping, Sequence

from mograph import _llvm, _runtime
from mograph.targets.cpu.compiled import Import
from mograph.targets.cpu.host import Host


def emit(llvm_ir: str, host: Host, level: int = 2) -> bytes:
    """The object file of a module in LLVM's textual form, at one of LLVM's levels of code generation, 0 to 3.

    Raises ValueError for what is not a valid module and for a processor that LLVM does not know.
    """
    return _llvm.emit(llvm_ir, host.triple, host.name, host.features, level)


class Library:
    """Object files in memory, linked to each other, to the runtime and to imports. Their code lives as long as this
    object.
    """

    def __init__(
        self,
        objects: Sequence[bytes],
        host: Host,
        imports: Sequence[Import] = (),
        symbols: Mapping[str, int] | None = None,
    ) -> None:
        """Links `objects`, to which `symbols` gives addresses besides. Raises ValueError when one is not an object file
        for this machine, or an import is not there.
        """
        known = {**_runtime.symbols(), **{each.symbol: each.address() for each in imports}, **(symbols or {})}
        try:
            self._library = _llvm.Library.link(objects, known)
        except ValueError as error:
            raise ValueError(f"not an object file for {host.triple}: {error}") from None

    def address(self, symbol: str) -> int:
        """The address of a function. Raises ValueError when the objects have none of that name."""
        address = self._library.address(symbol)
        if not address:
            raise ValueError(f"the object file has no function {symbol!r}")
        return address
