# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The CPU target: modules of upstream dialects to native code in this process."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlir import ir
from mlir._mlir_libs import _mlirDialectsLLVM

from mograph._runtime import Function
from mograph.targets.calling import bind
from mograph.targets.cpu.builder import operations
from mograph.targets.cpu.entry import Entry, entries_of, wrapper
from mograph.targets.cpu.host import Host, this_host
from mograph.targets.cpu.kernels import Machine
from mograph.targets.cpu.pipeline import Phase, default_pipeline, run
from mograph.targets.signature import Signature


@dataclass(frozen=True)
class Compiled:
    """Native code: a position independent object file, the entries in it, and the host that it was made for. Plain
    data, which can be stored.
    """

    object: bytes
    entries: tuple[Entry, ...]
    host: Host


class CpuTarget:
    """Compiles for one processor, by default the one that this process runs on.

    `pipeline` is the list of phases from tensors to the LLVM dialect. It may be changed before `compile`.
    """

    name = "cpu"

    def __init__(self, host: Host | None = None) -> None:
        host = host or this_host()
        self.host = host
        self.pipeline: list[Phase] = default_pipeline(
            Machine(host.vector_bits, host.masks, host.fused, host.native_f16)
        )

    def lower(self, module: ir.Module) -> str:
        """LLVM code of a module, which is left as it was. Raises MLIRError where a pass fails and ValueError for what
        the target cannot express.
        """
        entries = entries_of(module)
        with module.context, ir.Location.unknown():
            copy = ir.Module.create()
            for op in operations(module.body, module.operation):
                copy.body.append(op.clone(ip=False))
            run(self.pipeline, copy)
            text: str = _mlirDialectsLLVM.translate_module_to_llvmir(copy.operation)
        return text + "".join(wrapper(entry) for entry in entries)

    def compile(self, module: ir.Module) -> Compiled:
        """Native code of a module of upstream dialects, which is left as it was.

        Its public functions are the entries; they take and return ranked tensors. Raises MLIRError where a pass fails
        and ValueError for what the target cannot express.
        """
        from mograph.targets.cpu.objects import emit

        entries = entries_of(module)
        return Compiled(emit(self.lower(module), self.host), entries, self.host)


class Loaded:
    """Linked code: its entries by name."""

    def __init__(self, compiled: Compiled) -> None:
        from mograph.targets.cpu.objects import Library

        self._library = Library(compiled.object, compiled.host)
        self.entries = {entry.name: entry for entry in compiled.entries}

    def function(self, signature: Signature, weights: Mapping[str, Any] | None = None) -> Function:
        """A callable for the entry `signature.name`, with its weights bound.

        Raises ValueError when there is no such entry or it does not fit the signature, and the errors of `calling.bind`
        for the weights.
        """
        entry = self.entries.get(signature.name)
        if entry is None:
            raise ValueError(f"no entry {signature.name!r}, there are: {', '.join(self.entries) or 'none'}")
        _check_fit(entry, signature)
        return bind(signature, self._library.address(entry.symbol), weights or {}, self._library)


def load(compiled: Compiled) -> Loaded:
    """Links native code into this process. Raises ValueError when it is not an object file for this machine."""
    return Loaded(compiled)


def _check_fit(entry: Entry, signature: Signature) -> None:
    for role, ours, theirs in (
        ("inputs and weights", entry.inputs, (*signature.inputs, *signature.weights)),
        ("outputs", entry.outputs, signature.outputs),
    ):
        expected = [(_signless(arg.dtype), len(arg.dims)) for arg in theirs]
        if list(ours) != expected:
            raise ValueError(
                f"{signature.name}: the signature's {role} are {expected} (type, rank), the code's {list(ours)}"
            )


def _signless(dtype: str) -> str:
    return "i1" if dtype == "bool" else dtype[1:] if dtype[:2] in ("si", "ui") else dtype
