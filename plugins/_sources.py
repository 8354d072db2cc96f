# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What can be learnt of a module from its source, without importing it."""

import ast
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ._entries import is_reference, split_reference


def folders(package: str) -> list[Path]:
    """Return where the modules of a package lie; none if it does not exist. The packages above it are imported."""
    spec = find_spec(package)
    return [] if spec is None else [Path(each) for each in spec.submodule_search_locations or ()]


def modules(module: str) -> Iterator[tuple[str, Path]]:
    """Yield name and file of a module, or of each public module directly in a package, by name.

    Raises `ModuleNotFoundError` where it does not exist.
    """
    spec = find_spec(module)
    if spec is None:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)
    if spec.submodule_search_locations is None:
        if spec.origin is not None:
            yield module, Path(spec.origin)
        return
    found = {
        path.stem: path
        for folder in spec.submodule_search_locations
        for path in Path(folder).glob("*.py")
        if not path.name.startswith("_")
    }
    for name in sorted(found):
        yield f"{module}.{name}", found[name]


def locate(module: str) -> Path | None:
    """Return the source of a module, or None. It may be in a package whose own import fails."""
    try:
        spec = find_spec(module)
    except Exception:
        # A parent fails when it is imported, which is what the caller tries to explain: look where it should be.
        top, _, rest = module.partition(".")
        try:
            spec = find_spec(top)
        except Exception:
            return None
        for folder in (spec.submodule_search_locations if spec else None) or ():
            base = Path(folder, *rest.split("."))
            for path in (base.with_suffix(".py"), base / "__init__.py"):
                if path.is_file():
                    return path
        return None
    return Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None


def literal(path: Path, name: str) -> Any:
    """Return the literal tuple or list that a module assigns to `name` at its top level, or None where it does not.

    Raises `ValueError` where it is no literal. Much cheaper than parsing the module.
    """
    text = path.read_text(encoding="utf-8")
    found = re.search(rf"^{name}\b[^=\n]*=\s*(?=([(\[])?)", text, re.MULTILINE)
    if found is None:
        return None
    start, bracket = found.end(), found.group(1)
    if bracket:
        for closing in re.finditer(re.escape(")" if bracket == "(" else "]"), text[start:]):
            try:
                return ast.literal_eval(text[start : start + closing.end()])
            except (SyntaxError, ValueError):
                continue  # this one closes an inner bracket, or is part of a comment
    raise ValueError(f"{path}: {name} is not a literal tuple; it is read without importing the module")


def mentions(path: Path | None, name: str) -> bool:
    """Whether a source contains `name` as a string."""
    if path is None:
        return False
    text = path.read_text(encoding="utf-8", errors="replace")
    return f'"{name}"' in text or f"'{name}'" in text


def declared_api(path: Path | None) -> int | None:
    """Return the number that a source assigns to `API`, or None."""
    if path is None:
        return None
    found = re.search(r"^API\b[^=\n]*=\s*(\d+)", path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return int(found.group(1)) if found else None


def first_line(body: object) -> str:
    """Return the first line of the docstring of what `body` refers to, or ""."""
    if not is_reference(body):
        return ((getattr(body, "__doc__", None) or "").strip().splitlines() or [""])[0]
    module, attribute, key = split_reference(body)
    path = None if key else locate(module)
    if path is None:
        return ""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError:
        return ""
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name == attribute:
            return (ast.get_docstring(node) or "").partition("\n")[0]
    return ""
