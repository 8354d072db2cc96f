# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes docs/reference/, a page for each dialect of dialects/; with --check, only says which page is not current."""

import argparse
import importlib
import sys
from pathlib import Path

from mograph.dialects.kit import reference

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "reference"
NOTE = "<!-- Written by scripts/reference.py from the declarations of the dialect. -->\n\n"


def pages() -> dict[Path, str]:
    """Make the text of each page."""
    names = [path.parent.name for path in sorted((ROOT / "dialects").glob("*/dialect.py")) if path.parent.name != "kit"]
    modules = {name: importlib.import_module(f"mograph.dialects.{name}") for name in names}
    return {
        PAGES / f"{name}.md": NOTE + reference.markdown(getattr(module, name.capitalize()))
        for name, module in modules.items()
    }


def main() -> int:
    """Write or check; the status is 1 when a page is not current."""
    parser = argparse.ArgumentParser(description="Write the reference documentation of the dialects.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is not current")
    check = parser.parse_args().check

    wanted = pages()
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    surplus = sorted(set(PAGES.glob("*.md")) - set(wanted))
    if check:
        for path in [*stale, *surplus]:
            print(f"{path.relative_to(ROOT)} is not current: run python scripts/reference.py", file=sys.stderr)
        return int(bool(stale or surplus))
    PAGES.mkdir(parents=True, exist_ok=True)
    for path in stale:
        path.write_text(wanted[path])
    for path in surplus:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
