# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Uses an installed mograph as a user would, with nothing but its own dependencies beside it."""

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import numpy as np

import mograph

GRAPH = """
mo.graph @scale(%x: !mo.tensor<[n, 2], f32>, %by: !mo.tensor<[], f32>) -> !mo.tensor<[n, 2], f32> {
  %y = mo.mul %x, %by : !mo.tensor<[n, 2], f32>, !mo.tensor<[], f32>
  mo.output %y : !mo.tensor<[n, 2], f32>
}
"""


def main() -> None:
    """Fail with the reason where something does not work."""
    package = Path(mograph.__file__).parent
    assert "site-packages" in package.parts, f"{package} is not an installed package"
    assert (package / "py.typed").exists(), "the wheel lacks py.typed"
    assert importlib.metadata.version("mograph") == mograph.__version__

    scripts = importlib.metadata.entry_points(group="console_scripts")
    for script in sorted(script.name for script in scripts if script.value.startswith("mograph.")):
        said = subprocess.run([Path(sys.executable).with_name(script), "--help"], capture_output=True, text=True)
        assert said.returncode == 0, f"{script} --help: {said.stderr}"
        print(f"{script}: {said.stdout.splitlines()[0]}")

    y = mograph.compile(GRAPH)(np.ones((3, 2), np.float32), np.float32(2))
    assert np.array_equal(y, np.full((3, 2), 2, np.float32)), y
    print("a graph compiles and runs")


if __name__ == "__main__":
    main()
