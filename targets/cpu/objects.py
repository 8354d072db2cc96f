# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""LLVM code to an object file, and object files into this process, by llvmlite."""

import threading

from llvmlite import binding

from mograph import _runtime
from mograph.targets.cpu.host import Host

_lock = threading.Lock()
_ready = False


def _initialize() -> None:
    """Sets LLVM up, once, and tells it where the runtime's functions are."""
    global _ready
    with _lock:
        if not _ready:
            binding.initialize_native_target()
            binding.initialize_native_asmprinter()
            for name, address in _runtime.symbols().items():
                binding.add_symbol(name, address)
            _ready = True


def _machine(host: Host) -> binding.TargetMachine:
    target = binding.Target.from_triple(host.triple)
    return target.create_target_machine(
        cpu=host.name, features=host.features, opt=2, reloc="pic", codemodel="default", jit=True
    )


def emit(llvm_ir: str, host: Host) -> bytes:
    """The object file of a module in LLVM's textual form."""
    _initialize()
    machine = _machine(host)
    module = binding.parse_assembly(llvm_ir, binding.create_context())
    module.triple = host.triple
    module.data_layout = str(machine.target_data)
    return bytes(machine.emit_object(module))


class Library:
    """An object file in memory. Its code lives as long as this object."""

    def __init__(self, data: bytes, host: Host) -> None:
        """Links `data`. Raises ValueError when it is not an object file for this machine."""
        _initialize()
        # In LLVM's global context: one of its own could be collected before the engine, which then crashes.
        empty = binding.parse_assembly("")
        empty.triple = host.triple
        self._engine = binding.create_mcjit_compiler(empty, _machine(host))
        try:
            self._engine.add_object_file(binding.ObjectFileRef.from_data(data))
        except (RuntimeError, ValueError) as error:
            raise ValueError(f"not an object file for {host.triple}: {error}") from None
        self._engine.finalize_object()

    def address(self, symbol: str) -> int:
        """The address of a function. Raises ValueError when the object has none of that name."""
        address = int(self._engine.get_function_address(symbol))
        if not address:
            raise ValueError(f"the object file has no function {symbol!r}")
        return address
