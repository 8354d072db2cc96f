# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the examples of the README and of docs/, as docs/index.md says, and follows the links between the pages."""

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SAME = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True)
class Block:
    """A fenced block: the word after the fence, the words after that, its text, and the line that it starts at."""

    language: str
    words: list[str]
    text: str
    line: int

    @property
    def file(self) -> str | None:
        """The file that it is to be written to, if it is to be."""
        return next((word.removeprefix("file=") for word in self.words if word.startswith("file=")), None)


def blocks(page: str) -> Iterator[Block]:
    """Find the fenced blocks of a page."""
    for match in re.finditer(r"^```(\S+)[ \t]*(.*)\n((?s:.*?))^```[ \t]*$", page, re.MULTILINE):
        yield Block(match[1], match[2].split(), match[3], page.count("\n", 0, match.start()) + 1)


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Split a console block into commands, each with the output that it shows."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        line, _, output = part.partition("\n")
        while line.endswith("\\"):
            more, _, output = output.partition("\n")
            line = f"{line}\n{more}"
        yield line, output


def shell(line: str, folder: Path, **more: Any) -> str:
    """Run a line in bash with this environment's programs first; give what it prints, on both channels."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "-c", line], cwd=folder, env={**os.environ, "PATH": path}, text=True, stderr=subprocess.STDOUT,
        stdout=subprocess.PIPE, **more,
    ).stdout  # fmt: skip


def run_page(page: str, folder: Path, name: str = "page") -> None:
    """Run the blocks of a page in an empty folder; AssertionError or the block's own exception where one is wrong."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks(page):
        where = f"{name}, line {block.line}"
        if "sketch" in block.words:
            continue
        if block.file:
            (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.file).write_text(block.text)
        elif block.language == "python":
            exec(compile("\n" * block.line + block.text, name, "exec"), names)
        elif block.language == "mlir":
            said = shell("mo-opt --split-input-file -o /dev/null", folder, input=block.text)
            assert not said, f"{where}: mo-opt says\n{said}"
        elif block.language == "console":
            for line, expected in commands(block.text):
                said = shell(line, folder)
                same = doctest.OutputChecker().check_output(expected.rstrip() + "\n", said.rstrip() + "\n", SAME)
                assert same, f"{where}: `{line}` prints\n{said}\nand the page says\n{expected}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_examples_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run_page(page.read_text(), tmp_path, str(page.relative_to(ROOT)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", prose) if "://" not in target]
    missing = [target for target in targets if target and not (page.parent / target).exists()]
    assert not missing, f"{page.relative_to(ROOT)} links to {missing}, which are not there"


@pytest.mark.parametrize(
    "page",
    [
        "```python\nassert 1 == 2\n```\n",
        "```python\nx = 1\n```\n```python\nassert x == 2\n```\n",
        "```console\n$ echo one\ntwo\n```\n",
        "```console\n$ echo one\none\n$ echo two\n```\n",
        "```text file=a\nx\n```\n```console\n$ cat a\ny\n```\n",
    ],
)
def test_wrong_examples_are_found(page: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        run_page(page, tmp_path)


def test_right_examples_pass(tmp_path: Path) -> None:
    page = (
        "```text file=a/b\nx\n```\n```console\n$ cat a/b\nx\n$ echo one \\\n  two\none ...o\n```\n"
        "```python\nx = 1\n```\n```python sketch\n...nonsense\n```\n```python\nassert x == 1\n```\n"
    )
    run_page(page, tmp_path)
