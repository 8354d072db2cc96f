# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the machine can do at most, measured in the run itself by a small C program."""

import os
import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("limits.c")
FLAGS = ("-O3", "-march=native", "-ffp-contract=fast", "-pthread")


def measure_limits(scratch: Path) -> dict[str, float]:
    """Give `fma` in operations, and `read`, `write`, `copy` and `add` in bytes, per second; no limits without `cc`."""
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None:
        return {}
    program = scratch / "limits"
    subprocess.run([compiler, *FLAGS, str(SOURCE), "-o", str(program)], check=True)
    told = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    return {name: float(value) for name, value in (line.split() for line in told.splitlines())}
