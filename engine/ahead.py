# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Shared libraries beside what is imported of Python, and modules' code beside the libraries."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import find_spec, spec_from_file_location
from os import RTLD_LAZY, path, sep, walk
from threading import Thread
from types import CodeType

__all__ = ["load_ahead", "read_ahead"]


def load_ahead(module: str) -> Callable[[], bool]:
    """Have an extension module's file and the libraries that it needs loaded by a thread, while this one imports what
    Python has. To import the module would keep Python from that: the linker takes longer for MLIR than for all else.

    Gives a function that says whether it is still at it.
    """
    from ctypes import CDLL  # as numpy does

    found = find_spec(module)
    if found is None or found.origin is None:
        return lambda: False
    # A function of C, called without Python's lock. What cannot be loaded is told by the import.
    thread = Thread(target=CDLL(None).dlopen, args=(found.origin.encode(), RTLD_LAZY))
    thread.start()
    return thread.is_alive


@contextmanager
def read_ahead(packages: Sequence[str], busy: Callable[[], bool]) -> Iterator[None]:
    """Read the code of packages' modules as long as something is busy: most need what it loads, and would only wait for
    it. What is imported within has the code then.

    `packages` are folders within that of `mograph`; what is no folder of files, but in an archive, is left to imports.
    """
    finder = _Finder()
    for name, file in _modules(packages):
        if not busy():
            break
        finder.read(name, file)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def _modules(packages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Names and files of the modules in packages and in those within them, without those that are imported already."""
    root = sys.modules["mograph"].__path__[0]
    for package in packages:
        for folder, _, files in walk(path.join(root, package)):
            home = path.relpath(folder, root).replace(sep, ".")
            for file in files:
                name = f"mograph.{home}.{file.removesuffix('.py')}"
                if file.endswith(".py") and file != "__init__.py" and name not in sys.modules:
                    yield name, path.join(folder, file)


class _Finder:
    """Finds the modules that were read, each once, and leaves all others to those after it."""

    def __init__(self) -> None:
        self._specs: dict[str, ModuleSpec] = {}

    def read(self, name: str, file: str) -> None:
        """Take a module's code from its file."""
        spec = spec_from_file_location(name, file, loader=_Loader(name, file))
        if spec is not None:
            self._specs[name] = spec

    def find_spec(self, name: str, places: object = None, target: object = None) -> ModuleSpec | None:
        """As Python's own finders do."""
        return self._specs.pop(name, None)


class _Loader(SourceFileLoader):
    """Has the code before the module is made."""

    def __init__(self, name: str, file: str) -> None:
        super().__init__(name, file)
        self._code: CodeType | None = super().get_code(name)

    def get_code(self, fullname: str) -> CodeType | None:
        """The code that was read, once; then what the file has."""
        code, self._code = self._code, None
        return code or super().get_code(fullname)
