# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""LLVM's code generator and linker."""

from collections.abc import Mapping, Sequence

class Compilation:
    """Modules that threads compile while others are still being made, for one processor."""

    def __init__(self, triple: str, cpu: str, features: str, threads: int) -> None:
        """`threads` more than the one that waits for all. What was not begun when the object goes is not compiled."""

    def add(self, ir: str, level: int) -> None:
        """Has a module in LLVM's textual form compiled, at a level from 0 to 3. Nothing can be added after `finish`."""

    def finish(self) -> list[bytes]:
        """Waits for the object files of all, in their order. Raises ValueError for the first that has none."""

class Library:
    """Object files that are linked into this process. Their code lives as long as this object."""

    @staticmethod
    def link(objects: Sequence[bytes], symbols: Mapping[str, int]) -> Library:
        """Links object files to each other and to functions by address. Raises ValueError."""

    def address(self, symbol: str) -> int:
        """The address of a function, or 0."""

def files() -> tuple[str, str]:
    """The files that this module and LLVM are in: what code is made with."""

def host() -> tuple[str, str, str]:
    """The processor that this process runs on: LLVM's triple, name and features."""

def emit(ir: str, triple: str, cpu: str, features: str, level: int, assembly: bool = False) -> bytes:
    """The object file of a module in LLVM's textual form, or its assembly. Other threads of Python run meanwhile.
    Raises ValueError.
    """
