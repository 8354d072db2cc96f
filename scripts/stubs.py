# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes graph/ops/__init__.pyi, the types of the functions that are made from mo's declarations, or checks it."""

import argparse
import sys

from mograph.graph import stubs


def main() -> int:
    """Write or check; the status is 1 when the file is not current."""
    parser = argparse.ArgumentParser(description="Write the types of the functions for mo's operations.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is not current")
    check, wanted = parser.parse_args().check, stubs.text()
    current = stubs.PATH.exists() and stubs.PATH.read_text() == wanted
    if check and not current:
        print("graph/ops/__init__.pyi is not current: run python scripts/stubs.py", file=sys.stderr)
    elif not current:
        stubs.PATH.write_text(wanted)
    return int(check and not current)


if __name__ == "__main__":
    sys.exit(main())
