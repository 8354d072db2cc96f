# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The process that makes SPIR-V: `mograph.targets.spirv.binary` starts this file, and talks to it through pipes.

Each module is compiled by a fork of it. LLVM's back end takes labels of earlier modules for its own, since it finds
them by the addresses of functions that are freed and taken again, and ends the process for what it has no code for.

Nothing but llvmlite is imported here. A request is a line of JSON and the module's text. An answer begins with a byte,
which is 1 where code follows and 0 where a message does, and the length in eight more.
"""

import json
import os
import re
import sys
import tempfile
from typing import IO, Any

import llvmlite.binding as llvm

_WIDTH = re.compile(r"(?<![\w.@%!#])i(?!(?:1|8|16|32|64)\b)(\d+)\b")
_LANES = re.compile(r"<(?!(?:2|3|4|8|16) x )(\d+) x \w+>")


def compile_module(text: str, triple: str, assembly: bool) -> bytes:
    """The code of a module in LLVM's textual form. Raises RuntimeError, or ends the process."""
    machine = llvm.Target.from_triple(triple).create_target_machine(opt=0)  # "back-end-without-optimization" says why
    module = _optimized(text, triple, machine, combine=True)
    if _foreign(module):  # combined instructions may compute with integers of as many bits as are needed
        module = _optimized(text, triple, machine, combine=False)
    if foreign := _foreign(module):  # the back end takes some of them, and widens them
        raise RuntimeError(f"{foreign} is no type of SPIR-V")
    code: bytes = machine.emit_assembly(module).encode() if assembly else machine.emit_object(module)
    return code


def _optimized(text: str, triple: str, machine: llvm.TargetMachine, combine: bool) -> llvm.ModuleRef:
    """A module without what drivers and LLVM's back end do not take well: room on the stack, aggregates, and blocks of
    one branch. All else is for drivers.
    """
    module = llvm.parse_assembly(text)
    module.triple, module.data_layout = triple, str(machine.target_data)
    module.verify()
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=2))
    passes = llvm.create_new_module_pass_manager()
    passes.add_sroa_pass()
    if combine:
        passes.add_instruction_combine_pass()
    passes.add_simplify_cfg_pass()
    passes.run(module, builder)
    return module


def _foreign(module: llvm.ModuleRef) -> str:
    """A type in a module that SPIR-V lacks; empty where there is none."""
    text = str(module)
    return next((found[0] for pattern in (_WIDTH, _LANES) if (found := pattern.search(text))), "")


def answer(text: str, triple: str, assembly: bool) -> tuple[bool, bytes]:
    """Whether a fork could compile it, and the code or the message."""
    with tempfile.TemporaryFile() as code, tempfile.TemporaryFile() as errors:
        child = os.fork()
        if child == 0:
            os.dup2(errors.fileno(), 2)
            try:
                code.write(compile_module(text, triple, assembly))
                code.flush()
            except RuntimeError as error:
                os.write(2, str(error).encode())
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        file: IO[bytes] = errors if status else code
        file.seek(0)
        return status == 0, file.read()


def main() -> None:
    """Answers requests until there are no more."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while line := requests.readline():
        request: dict[str, Any] = json.loads(line)
        text = requests.read(request["length"]).decode()
        good, payload = answer(text, request["triple"], request["assembly"])
        answers.write(bytes([good]) + len(payload).to_bytes(8, "little") + payload)
        answers.flush()


if __name__ == "__main__":
    main()
