# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`ptxas`, which makes machine code of PTX: where it is, and what it says."""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

_ENTRY = re.compile(r"\.entry ([\w$]+)")
_ERROR = re.compile(r"line (\d+); (?:error|fatal)\s*:\s*(.*)")
_KERNEL = re.compile(r"Compiling entry function '([\w$]+)'")
_SPILLS = re.compile(r"(\d+) bytes spill stores")
_REGISTERS = re.compile(r"Used (\d+) registers")


class Used(NamedTuple):
    """What a kernel takes: registers of a thread, and bytes that it writes to memory for want of them."""

    registers: int
    spills: int


def _places() -> Iterator[Path]:
    for name in ("CUDA_HOME", "CUDA_PATH", "CUDA_ROOT"):
        if os.environ.get(name):
            yield Path(os.environ[name], "bin", "ptxas")
    yield Path("/usr/local/cuda/bin/ptxas")
    spec = importlib.util.find_spec("nvidia")  # PyPI's nvidia-cuda-nvcc
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        yield from sorted(Path(folder).glob("cu*/bin/ptxas"), reverse=True)


@cache
def find_ptxas() -> str | None:
    """The `ptxas` of the path, of CUDA's folder, or of PyPI's nvidia-cuda-nvcc; None when there is none."""
    found = shutil.which("ptxas")
    return found or next((str(place) for place in _places() if os.access(place, os.X_OK)), None)


def assemble(ptx: str, chip: str) -> tuple[bytes, dict[str, Used]]:
    """The cubin of a module of PTX, and what each of its kernels takes. Raises ValueError with what `ptxas` says and of
    which kernel, and FileNotFoundError where there is no `ptxas`.
    """
    tool = find_ptxas()
    if tool is None:
        raise FileNotFoundError("found no ptxas; it comes with CUDA and with PyPI's nvidia-cuda-nvcc")
    with tempfile.TemporaryDirectory(prefix="mograph-") as folder:
        source, target = Path(folder, "kernels.ptx"), Path(folder, "kernels.cubin")
        source.write_text(ptx)
        command = [tool, f"-arch={chip}", "-v", "-O3", str(source), "-o", str(target)]
        done = subprocess.run(command, capture_output=True, text=True)
        said = done.stderr + done.stdout
        if done.returncode:
            raise ValueError(_refusal(said, ptx, chip))
        return target.read_bytes(), _used(said)


def _refusal(said: str, ptx: str, chip: str) -> str:
    """What `ptxas` refuses first, with the kernel and the line of PTX."""
    found = _ERROR.search(said)
    if not found:
        return f"ptxas for {chip}: {said.strip()}"
    lines = ptx.splitlines()
    number = int(found[1])
    before = _ENTRY.findall("\n".join(lines[:number]))
    kernel = f"kernel {before[-1]!r}" if before else "the module"
    return f"ptxas refuses {kernel} for {chip}: {found[2]}: {lines[number - 1].strip()}"


def _used(said: str) -> dict[str, Used]:
    used = {}
    for part in re.split(r"(?=Compiling entry function)", said):
        if kernel := _KERNEL.search(part):
            registers, spills = _REGISTERS.search(part), _SPILLS.search(part)
            used[kernel[1]] = Used(int(registers[1]) if registers else 0, int(spills[1]) if spills else 0)
    return used
