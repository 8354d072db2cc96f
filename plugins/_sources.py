# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What can be learnt of a module from its source, without importing it."""

import ast
import os
import re
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from ._entries import is_reference, split_reference

_TEXTS = r'\(\s*((?:"[^"\\\n]*",\s*)+(?:"[^"\\\n]*"\s*)?)\)\n'  # a tuple of plain texts, and no more
_DOCUMENTED = re.compile(r'^(?:class|def) (\w+)\b[^\n]*:\n +"""([^"\\\n]*)(?:"""|\n)', re.MULTILINE)


def folders(package: str) -> list[str]:
    """Return where the modules of a package lie; none if it does not exist. The packages above it are imported."""
    spec = find_spec(package)
    return [] if spec is None else list(spec.submodule_search_locations or ())


def public_modules(folder: str) -> list[str]:
    """Return the names of the modules in a folder that do not start with an underscore, sorted."""
    names = os.listdir(folder) if os.path.isdir(folder) else []
    return sorted(name[:-3] for name in names if name.endswith(".py") and not name.startswith("_"))


def public_packages(folder: str) -> list[str]:
    """Return the names of the packages in a folder that do not start with an underscore, sorted."""
    names = os.listdir(folder) if os.path.isdir(folder) else []
    return sorted(
        name for name in names if name[0] not in "._" and os.path.isfile(os.path.join(folder, name, "__init__.py"))
    )


def modules(module: str) -> Iterator[tuple[str, str]]:
    """Yield name and file of a module, or of each public module directly in a package, by name.

    Raises `ModuleNotFoundError` where it does not exist.
    """
    spec = find_spec(module)
    if spec is None:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)
    if spec.submodule_search_locations is None:
        if spec.origin is not None:
            yield module, spec.origin
        return
    found = {
        name: os.path.join(folder, f"{name}.py")
        for folder in spec.submodule_search_locations
        for name in public_modules(folder)
    }
    for name in sorted(found):
        yield f"{module}.{name}", found[name]


def locate(module: str) -> str:
    """Return the source file of a module, or "". It may be in a package whose own import fails."""
    try:
        spec = find_spec(module)
    except Exception:
        # A parent fails when it is imported, which is what the caller tries to explain: look where it should be.
        top, _, rest = module.partition(".")
        parts = rest.split(".")
        for folder in _folders_of_top(top):
            for tail in ([*parts[:-1], f"{parts[-1]}.py"], [*parts, "__init__.py"]):
                path = os.path.join(folder, *tail)
                if os.path.isfile(path):
                    return path
        return ""
    return spec.origin if spec and spec.origin and spec.origin.endswith(".py") else ""


def literal(path: str, name: str) -> Any:
    """Return the literal tuple or list that a module assigns to `name` at its top level, or None where it does not.

    Raises `ValueError` where it is no literal. Much cheaper than parsing the module.
    """
    text = _read(path)
    if name not in text:
        return None
    usual = re.search(f"^{name} = {_TEXTS}", text, re.MULTILINE)
    if usual is not None:
        return tuple(usual[1].split('"')[1::2])  # in a tenth of the time that Python's parser takes
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


def claims(path: str) -> frozenset[tuple[str, str]]:
    """Return kind and name of each entry that a plugin's source makes with the factories of `api`.

    This is how the names are known that a plugin would have given, had it been loaded.
    """
    kinds = "dialect|pass|pipeline|lowering|target|kernel|fusion|importer|weights|custom"
    return frozenset(re.findall(rf"\b({kinds})_?\(\s*[\"']([^\"']+)[\"']", _read(path)))


def declared_api(path: str) -> int | None:
    """Return the number that a source assigns to `API` at last, or None."""
    found = re.findall(r"^API\b[^=\n]*=\s*(\d+)", _read(path), re.MULTILINE)
    return int(found[-1]) if found else None


def first_line(body: object) -> str:
    """Return the first line of the docstring of what `body` refers to, or ""."""
    if not is_reference(body):
        return ((getattr(body, "__doc__", None) or "").strip().splitlines() or [""])[0]
    module, attribute, key = split_reference(body)
    text = "" if key else _read(locate(module))
    for usual in _DOCUMENTED.finditer(text):  # parsing the module takes a millisecond
        if usual[1] == attribute:
            return usual[2].strip()
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return ""
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name == attribute:
            return (ast.get_docstring(node) or "").partition("\n")[0]
    return ""


def _folders_of_top(name: str) -> list[str]:
    try:
        return folders(name)
    except Exception:
        return []


def _read(path: str) -> str:
    """Return the text of a file, "" where there is none."""
    try:
        with open(path, "rb", buffering=0) as stream:
            content = stream.read()
    except OSError:
        return ""
    return content.decode(errors="replace").replace("\r\n", "\n")
