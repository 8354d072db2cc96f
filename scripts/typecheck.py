# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs mypy over the package and over the scripts, examples and benchmarks; arguments are passed on to mypy.

The folders at the top of the checkout are installed as subpackages of `mograph`, which mypy cannot know. So it is shown
a folder of links laid out as the installed package is; a native module that has no stub in native/ gets one that
nanobind writes. Its messages are turned back to the files they are about.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TREE = ROOT / "build" / "typecheck"
PACKAGES = ("dialects", "transforms", "plugins", "targets", "graph", "engine", "tools")
NATIVE = ("_llvm", "_native", "_runtime")
PROGRAMS = ("scripts", "examples", "benchmarks")
BASES = ("scripts", "benchmarks", "examples/plugin/src")  # folders from which modules beside them are imported


def lay_out(tree: Path) -> None:
    """Make `tree/mograph` mirror the installed package."""
    shutil.rmtree(tree, ignore_errors=True)
    package = tree / "mograph"
    package.mkdir(parents=True)
    stubs = list((ROOT / "native").glob("*.pyi"))
    for source in [*(ROOT / "mograph").glob("*.py*"), *stubs, *(ROOT / name for name in PACKAGES)]:
        (package / source.name).symlink_to(source)
    written = {stub.stem for stub in stubs}
    modules = [word for name in NATIVE if name not in written for word in ("-m", f"mograph.{name}")]
    if modules:
        stubgen = [sys.executable, "-m", "nanobind.stubgen", "--quiet", *modules, "-O", str(package)]
        subprocess.run(stubgen, cwd=tree.parent, check=True)


def in_checkout(line: str) -> str:
    """Name the file of the checkout instead of the link in one line of mypy's output."""
    path = line.removeprefix(f"{TREE.relative_to(ROOT)}/mograph/")
    if path == line or path.startswith(PACKAGES):
        return path
    return f"{'native' if path.startswith(NATIVE) else 'mograph'}/{path}"


def main() -> int:
    """Check all in one run; the status is mypy's."""
    lay_out(TREE)
    command = [sys.executable, "-m", "mypy", "--explicit-package-bases", *sys.argv[1:]]
    command += [str((TREE / "mograph").relative_to(ROOT)), *PROGRAMS]
    environment = {**os.environ, "MYPYPATH": os.pathsep.join([str(TREE), *BASES])}
    done = subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True)
    for line in (done.stdout + done.stderr).splitlines():
        print(in_checkout(line))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
