# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finds plugins without importing them: entry points of installed distributions, and files.

`importlib.metadata` takes 30 ms to import and reads the metadata of every distribution. What is needed of it is small,
so it is done here in a fraction of that time, by the same rules: the first distribution of a name on the path hides
later ones, and directories that end in .dist-info, .egg-info or .egg are looked into. Where something else provides
distributions (zip files, finders of other makers), `importlib.metadata` itself is asked.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

GROUP = "mograph.plugins"
FIRST_PARTY = "mograph"
FIRST_PARTY_MODULE = "mograph.plugins.core.plugin"
OWN = {FIRST_PARTY: FIRST_PARTY_MODULE, "onnx": "mograph.plugins.onnx.plugin"}
"""mograph's plugins, by name."""


class Candidate(NamedTuple):
    """A plugin that was found and not yet imported.

    `module` is what to import, `"package.module"` or `"package.module:object"`; for a file, the name that it gets.
    `metadata` is the directory that describes its distribution, `distribution` that distribution's name in normal form.
    """

    name: str
    module: str
    distribution: str = ""
    metadata: str = ""
    file: str = ""

    @property
    def first_party(self) -> bool:
        """Whether this is one of mograph's own plugins."""
        return self.module in OWN.values()

    @property
    def version(self) -> str:
        """The version of its distribution, read from the metadata; "" where there is none."""
        version = _header(self.metadata, "Version")
        if not version and self.first_party:
            version = getattr(sys.modules.get(FIRST_PARTY), "__version__", "")
        return version

    @property
    def origin(self) -> str:
        """Where it comes from: `"entry point 'demo = mo_demo.plugin' of mo-demo 1.0"` or `"file demo.py"`."""
        if self.file:
            return f"file {self.file}"
        if not self.distribution:
            return self.module
        return f"entry point '{self.name} = {self.module}' of {self.distribution} {self.version}".rstrip()


def discover(path: Sequence[str] | None = None) -> list[Candidate]:
    """Return the plugins of all distributions on `path` (by default `sys.path`) and, before them, mograph's own."""
    found = list(_installed(sys.path if path is None else path))
    # A checkout on the path, not installed, has no entry points; nor has an installation those that came since.
    present = {candidate.module for candidate in found}
    found += (Candidate(name, module) for name, module in OWN.items() if module not in present)
    return sorted(found, key=order_key)


def from_file(file: str | os.PathLike[str]) -> Candidate:
    """Return the plugin in a file, named like the file."""
    path = os.path.abspath(file)
    name = os.path.splitext(os.path.basename(path))[0]
    return Candidate(name, f"mograph_plugin_{re.sub('[^0-9A-Za-z_]', '_', name)}", file=path)


def order_key(candidate: Candidate) -> tuple[int, str, str, str]:
    """Return what sorts plugins: mograph's own, the core first, then by name, distribution and file."""
    own = -1 if candidate.module == FIRST_PARTY_MODULE else int(not candidate.first_party)
    return own, candidate.name, candidate.distribution, candidate.file


def _installed(path: Sequence[str]) -> Iterator[Candidate]:
    seen: set[str] = set()
    for name, metadata in _metadata_folders(path):
        if name not in seen:
            seen.add(name)
            yield from _candidates(_text(metadata, "entry_points.txt"), name, metadata)
    if any(os.path.isfile(entry) for entry in path) or _foreign_finders():
        yield from _by_importlib(path, seen)


def _metadata_folders(path: Iterable[str]) -> Iterator[tuple[str, str]]:
    for entry in path:
        folder = entry or os.curdir
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            continue
        base = os.path.basename(folder.rstrip(os.sep)).lower()
        for child in names:
            lower = child.lower()
            if lower.endswith((".dist-info", ".egg-info")):
                yield _normal(child.rpartition(".")[0].partition("-")[0]), os.path.join(folder, child)
            elif lower == "egg-info" and base.endswith(".egg"):
                yield _normal(base.rpartition(".")[0].partition("-")[0]), os.path.join(folder, child)


def _candidates(text: str, distribution: str, metadata: str) -> Iterator[Candidate]:
    if GROUP not in text:
        return
    section = ""
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("[") and line.endswith("]"):
            section = line.strip("[]")
        elif section == GROUP and line and not line.startswith("#"):
            name, _, value = line.partition("=")
            module = value.partition("[")[0].strip()  # what follows in brackets are extras
            if name.strip() != "" and module:
                yield Candidate(name.strip(), module.replace(" ", ""), distribution, metadata)


def _foreign_finders() -> bool:
    stock = {"_frozen_importlib_external", "importlib._bootstrap_external", "_distutils_hack"}
    return any(
        hasattr(finder, "find_distributions") and getattr(finder, "__module__", type(finder).__module__) not in stock
        for finder in sys.meta_path
    )


def _by_importlib(path: Sequence[str], seen: set[str]) -> Iterator[Candidate]:
    from importlib.metadata import distributions

    for distribution in distributions(path=list(path)):
        name = _normal(distribution.metadata["Name"] or "")
        if name not in seen:
            seen.add(name)
            folder = getattr(distribution, "_path", None)
            metadata = str(folder or "")
            yield from _candidates(distribution.read_text("entry_points.txt") or "", name, metadata)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _header(metadata: str, key: str) -> str:
    for file in ("METADATA", "PKG-INFO"):
        for line in _text(metadata, file).splitlines():
            if not line:
                break  # the description follows
            if line.startswith(f"{key}:"):
                return line.partition(":")[2].strip()
    return ""


def _text(metadata: str, file: str) -> str:
    try:
        with open(os.path.join(metadata, file), encoding="utf-8", errors="replace") as stream:
            return stream.read() if metadata else ""
    except OSError:
        return ""
