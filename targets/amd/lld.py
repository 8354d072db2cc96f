# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`ld.lld`, which makes a code object, a shared object that drivers load, of an object file."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path


@cache
def find_lld() -> tuple[str, ...] | None:
    """The command: `ld.lld` of the path or of ROCm's folder, else PyPI's ziglang; None when there is none."""
    for name in ("ld.lld", *(f"ld.lld-{version}" for version in range(25, 17, -1))):
        if found := shutil.which(name):
            return (found,)
    own = Path(os.environ.get("ROCM_PATH", "/opt/rocm"), "llvm", "bin", "ld.lld")
    if os.access(own, os.X_OK):
        return (str(own),)
    spec = importlib.util.find_spec("ziglang")
    zig = Path(spec.origin).with_name("zig") if spec and spec.origin else None
    return (str(zig), "ld.lld") if zig and os.access(zig, os.X_OK) else None


def link(code: bytes) -> bytes:
    """The code object of an object file. Raises ValueError with what the linker says, and FileNotFoundError where there
    is none.
    """
    command = find_lld()
    if command is None:
        raise FileNotFoundError("found no ld.lld; it comes with LLVM (Debian's lld), ROCm and PyPI's ziglang")
    with tempfile.TemporaryDirectory(prefix="mograph-") as folder:
        source, target = Path(folder, "kernels.o"), Path(folder, "kernels.hsaco")
        source.write_bytes(code)
        arguments = ["-shared", "--no-undefined", "-o", str(target), str(source)]
        done = subprocess.run([*command, *arguments], capture_output=True, text=True)
        if done.returncode:
            raise ValueError(f"ld.lld: {(done.stderr + done.stdout).strip()}")
        return target.read_bytes()
