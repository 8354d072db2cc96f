# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Object code that is kept by content: used by other modules, safe against what happens to files."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import mograph
from mograph.targets.cpu import Host, compilation, this_host
from mograph.targets.cpu.cache import prune
from mograph.targets.cpu.compilation import Compilation
from mograph.targets.cpu.units import Unit

CODE = "define i64 @f(i64 %x) {\n  %y = add i64 %x, 1\n  ret i64 %y\n}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MOGRAPH_OBJECTS", str(tmp_path / "objects"))
    return tmp_path / "objects"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The texts that LLVM compiles."""
    texts: list[str] = []

    class Noted(compilation.Compiler):
        def add(self, ir: str, level: int) -> None:
            texts.append(ir)
            super().add(ir, level)

    monkeypatch.setattr(compilation, "Compiler", Noted)
    return texts


def emit(text: str, level: int = 2, host: Host | None = None) -> bytes:
    units = Compilation(host or this_host())
    units.add([Unit(text, level)])
    (code,) = units.finish()
    return code


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*/*"))


def products(name: str, more: str) -> str:
    """A module whose kernels are the same, but for `more`."""
    return f"""
mo.graph @{name}(%a: !mo.tensor<[300, 200], f32>, %b: !mo.tensor<[200, 100], f32>) -> !mo.tensor<[300, 100], f32> {{
  %x = mo.{more} %a : !mo.tensor<[300, 200], f32>
  %y = mo.matmul %x, %b : !mo.tensor<[300, 200], f32>, !mo.tensor<[200, 100], f32>
  %z = mo.softmax %y : !mo.tensor<[300, 100], f32>
  mo.output %z : !mo.tensor<[300, 100], f32>
}}"""


def test_other_modules_use_what_was_compiled(folder: Path, compiled: list[str]) -> None:
    mograph.build(products("first", "exp"))
    before, count = len(compiled), len(files(folder))
    assert before == count > 1
    model = mograph.compile(products("second", "abs"))
    assert 0 < len(compiled) - before < before
    a, b = np.ones((300, 200), np.float32), np.ones((200, 100), np.float32)
    np.testing.assert_allclose(model(a, b), np.full((300, 100), 0.01), rtol=1e-5)
    del compiled[:]
    mograph.build(products("second", "abs"))
    assert not compiled


def test_damaged_files_are_made_again(folder: Path, compiled: list[str]) -> None:
    code = emit(CODE)
    (path,) = files(folder)
    whole = path.read_bytes()
    for damaged in (b"", whole[:-1], whole[:40] + bytes([whole[40] ^ 1]) + whole[41:]):
        path.write_bytes(damaged)
        assert emit(CODE) == code
        assert path.read_bytes() == whole
    assert len(compiled) == 4
    assert emit(CODE) == code
    assert len(compiled) == 4


def test_code_is_for_a_level_and_a_processor(folder: Path, compiled: list[str]) -> None:
    host = this_host()
    for each, level in ((host, 2), (host, 0), (replace(host, features=""), 2)):
        emit(CODE, level, each)
    assert len(compiled) == len(files(folder)) == 3


def test_an_empty_name_switches_it_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiled: list[str]) -> None:
    monkeypatch.setenv("MOGRAPH_OBJECTS", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for _ in range(2):
        emit(CODE)
    assert len(compiled) == 2
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MOGRAPH_OBJECTS", str(tmp_path / "file"))
    assert emit(CODE)


def test_several_at_a_time(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: emit(CODE), range(40)))) == 1
    assert len(files(folder)) == 1


def test_what_was_not_used_for_longest_goes_first(folder: Path) -> None:
    paths = []
    for number in range(4):
        emit(CODE.replace("1", str(number)))
        (path,) = set(files(folder)) - set(paths)
        os.utime(path, ns=(number, number))
        paths.append(path)
    emit(CODE.replace("1", "0"))  # used
    prune(folder, sum(path.stat().st_size for path in paths) // 2)
    assert files(folder) == sorted([paths[0], paths[3]])
