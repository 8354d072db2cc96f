# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiled code: stored, restored and linked into the process. Nothing here needs the compiler or MLIR."""

from collections.abc import Mapping
from dataclasses import asdict
from itertools import accumulate
from typing import Any

from mograph._records import record
from mograph._runtime import Function
from mograph.targets.calling import Buffers, bind
from mograph.targets.cpu.host import Host, this_host
from mograph.targets.signature import Signature, element_type

Array = tuple[str, int]
"""Element type and rank."""


@record
class Entry:
    """A function of the compiled module that can be called: its name, the symbol of its code, its arguments and
    results.

    The last `weights` arguments are weights. After them, the code takes buffers of `prepared` bytes each, which the
    code of the symbol `prepare` fills, given the weights and the buffers.
    """

    name: str
    symbol: str
    inputs: tuple[Array, ...]
    outputs: tuple[Array, ...]
    weights: int = 0
    prepared: tuple[int, ...] = ()

    @property
    def prepare(self) -> str:
        """The symbol of the code that fills the buffers."""
        return f"{self.symbol}.prepare"


@record
class Import:
    """A function of C that the code calls: the path of a shared library, and the function's name there."""

    path: str
    function: str

    @property
    def symbol(self) -> str:
        """What it is called in the object files."""
        return f"{self.path}:{self.function}"

    def address(self) -> int:
        """The function's address; the library stays loaded. Raises ValueError where there is no such function."""
        import ctypes

        try:
            found = getattr(ctypes.CDLL(self.path), self.function)
        except (AttributeError, OSError) as error:
            raise ValueError(f"no function {self.function!r} in the library {self.path!r}: {error}") from None
        return ctypes.cast(found, ctypes.c_void_p).value or 0


@record
class Compiled:
    """Native code: position independent object files, the entries in them, the host that they were made for, and what
    they call of other libraries. Plain data, which can be stored: `object` is all files in one, `describe` gives the
    rest as values that JSON has, and `restore` takes both.
    """

    objects: tuple[bytes, ...]
    entries: tuple[Entry, ...]
    host: Host
    imports: tuple[Import, ...] = ()

    @property
    def object(self) -> bytes:
        """The object files, one after the other."""
        return b"".join(self.objects)

    def describe(self) -> dict[str, Any]:
        """The sizes of the object files, the entries, the host and the imports, as values that JSON has."""
        return {
            "sizes": [len(each) for each in self.objects],
            "entries": [asdict(entry) for entry in self.entries],
            "host": asdict(self.host),
            "imports": [asdict(each) for each in self.imports],
        }

    @staticmethod
    def restore(description: Mapping[str, Any], code: bytes) -> "Compiled":
        """What `describe` described. Raises KeyError, TypeError or ValueError for any other description."""
        host = dict(description["host"])
        host["caches"] = tuple(host["caches"])
        ends = list(accumulate(map(int, description["sizes"])))
        if ends[-1:] != [len(code)]:
            raise ValueError(f"expected object files of {ends[-1] if ends else 0} bytes, found {len(code)}")
        objects = tuple(code[start:end] for start, end in zip([0, *ends], ends, strict=False))
        imports = tuple(Import(str(each["path"]), str(each["function"])) for each in description["imports"])
        return Compiled(objects, tuple(map(_entry, description["entries"])), Host(**host), imports)


def _entry(description: Mapping[str, Any]) -> Entry:
    inputs, outputs = (
        tuple((str(dtype), int(rank)) for dtype, rank in description[side]) for side in ("inputs", "outputs")
    )
    name, symbol, weights = str(description["name"]), str(description["symbol"]), int(description["weights"])
    return Entry(name, symbol, inputs, outputs, weights, tuple(map(int, description["prepared"])))


class Loaded:
    """Linked code: its entries by name."""

    def __init__(self, compiled: Compiled) -> None:
        from mograph.targets.cpu.objects import Library

        self._library = Library(compiled.objects, compiled.host, compiled.imports)
        self.entries = {entry.name: entry for entry in compiled.entries}

    def function(self, signature: Signature, weights: Mapping[str, Any] | None = None) -> Function:
        """A callable for the entry `signature.name`, with its weights bound and what it reads of them prepared.

        Raises ValueError when there is no such entry or it does not fit the signature, and the errors of `calling.bind`
        for the weights.
        """
        entry = self.entries.get(signature.name)
        if entry is None:
            raise ValueError(f"no entry {signature.name!r}, there are: {', '.join(self.entries) or 'none'}")
        check_fit(entry, signature)
        address = self._library.address
        buffers = Buffers(entry.prepared, address(entry.prepare)) if entry.prepared else None
        return bind(signature, address(entry.symbol), weights or {}, self._library, buffers)


def load(compiled: Compiled) -> Loaded:
    """Links native code into this process. Raises ValueError when it is not an object file for this machine, or a
    function of another library that it calls is not there.
    """
    check_host(compiled.host, this_host())
    return Loaded(compiled)


def check_host(wanted: Host, host: Host) -> None:
    """Raises ValueError where code for one machine does not run on another."""
    if wanted.triple != host.triple:
        raise ValueError(f"compiled for {wanted.triple}, this machine is {host.triple}")
    lacking = [each[1:] for each in wanted.features.split(",") if each.startswith("+") and not host.has(each[1:])]
    if lacking:
        raise ValueError(f"compiled for {wanted.name}, this machine, {host.name}, lacks {', '.join(lacking)}")


def check_fit(entry: Entry, signature: Signature) -> None:
    """Raises ValueError where an entry takes or gives something else than a signature says."""
    for role, ours, theirs in (
        ("inputs and weights", entry.inputs, (*signature.inputs, *signature.weights)),
        ("outputs", entry.outputs, signature.outputs),
    ):
        expected = [(element_type(arg.dtype), len(arg.dims)) for arg in theirs]
        if list(ours) != expected:
            raise ValueError(
                f"{signature.name}: the signature's {role} are {expected} (type, rank), the code's {list(ours)}"
            )
