# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs mypy over the package and over the scripts, examples and benchmarks; arguments are passed on to mypy.

The folders at the top of the checkout are installed as subpackages of `mograph`, which mypy cannot know. So it is shown
a folder of links laid out as the installed package is, and its messages are turned back to the files they are about.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TREE = ROOT / "build" / "typecheck"
PACKAGES = ("dialects", "transforms", "plugins", "targets", "graph", "engine", "tools")
PROGRAMS = ("scripts", "examples", "benchmarks")


def lay_out(tree: Path) -> None:
    """Make `tree/mograph` mirror the installed package by links into the checkout."""
    package = tree / "mograph"
    package.mkdir(parents=True, exist_ok=True)
    for old in package.iterdir():
        old.unlink()
    front_door = (ROOT / "mograph").glob("*.py*")
    stubs = (ROOT / "native").glob("*.pyi")
    for source in [*front_door, *stubs, *(ROOT / name for name in PACKAGES)]:
        (package / source.name).symlink_to(source)


def in_checkout(line: str) -> str:
    """Name the file of the checkout instead of the link in one line of mypy's output."""
    path = line.removeprefix(f"{TREE.relative_to(ROOT)}/mograph/")
    if path == line or path.startswith(PACKAGES):
        return path
    return f"{'native' if path.startswith('_native.pyi') else 'mograph'}/{path}"


def mypy(*arguments: str) -> int:
    """Run mypy with the links on its path, print what it says, and return its exit status."""
    command = [sys.executable, "-m", "mypy", *arguments, *sys.argv[1:]]
    environment = {**os.environ, "MYPYPATH": os.pathsep.join([str(TREE), "benchmarks", "scripts"])}
    done = subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True)
    for line in (done.stdout + done.stderr).splitlines():
        print(in_checkout(line))
    return done.returncode


def main() -> int:
    """Check the package, then each program; the status is the worst that mypy gave."""
    lay_out(TREE)
    programs = [str(path.relative_to(ROOT)) for folder in PROGRAMS for path in sorted((ROOT / folder).rglob("*.py"))]
    return max(mypy("--package", "mograph"), mypy("--explicit-package-bases", *programs))


if __name__ == "__main__":
    sys.exit(main())
