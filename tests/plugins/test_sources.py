# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is learnt of modules from their source."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mograph.plugins import Host, UnknownNameError
from mograph.plugins._sources import claims, first_line, literal, locate, modules


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that cannot be imported, on the path."""
    monkeypatch.syspath_prepend(tmp_path)
    folder = tmp_path / "package_that_fails"
    (folder / "inner").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise RuntimeError('no')\n")
    (folder / "plugin.py").write_text("api.pass_(\n    'lost-pass', ':P')\nyield api.dialect(\"lost\", ':D')\n")
    (folder / "inner" / "__init__.py").write_text("")
    return folder


def test_module_is_located_though_its_package_fails(package: Path) -> None:
    assert locate("package_that_fails.plugin") == str(package / "plugin.py")
    assert locate("package_that_fails.inner") == str(package / "inner" / "__init__.py")
    assert locate("package_that_fails.nothing") == ""
    assert "package_that_fails" not in sys.modules


def test_module_that_is_not_there_or_has_no_source(package: Path) -> None:
    assert [locate(name) for name in ("nowhere_at_all", "nowhere_at_all.inner", "sys")] == ["", "", ""]
    with pytest.raises(ModuleNotFoundError, match="nowhere_at_all"):
        list(modules("nowhere_at_all"))
    assert list(modules("sys")) == [("sys", "built-in")]


def test_claims_are_read_from_the_source(package: Path) -> None:
    assert claims(str(package / "plugin.py")) == {("pass", "lost-pass"), ("dialect", "lost")}
    assert claims("") == frozenset()


def test_pass_of_a_plugin_whose_package_fails_gives_its_error(package: Path) -> None:
    info = package.parent / "lost_demo-1.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[mograph.plugins]\nlost = package_that_fails.plugin\n")
    host = Host(path=[str(package.parent)], environment={})
    with pytest.raises(UnknownNameError, match="no pass 'lost-pass': plugin 'lost' .* raised RuntimeError: no"):
        host.passes["lost-pass"]


@pytest.mark.parametrize(
    "written",
    [
        'OPS = ("a",)',
        'OPS = ("a", "b")',
        'OPS = (\n    "a",\n    "b",  # one\n)',
        'OPS = (\n    "a",\n    "b.c",\n)',
        'OPS = ("a" "b", "c")',
        'OPS: tuple[str, ...] = ("a", "b")',
        'OPS = ["a", "b"]',
        "OPS = ('a', 'b')",
        'OPS = ("a\\n", "b")',
        "OPS = ()",
        'OPS = ("a",)\r\nX = 1',
    ],
)
def test_literals_are_what_python_makes_of_them(written: str, tmp_path: Path) -> None:
    source = f"import nothing\n\n{written}\nRULES = {{}}\n"
    (tmp_path / "written.py").write_bytes(source.encode())
    values: dict[str, object] = {}
    exec(written, values)
    assert literal(str(tmp_path / "written.py"), "OPS") == values["OPS"]
    assert literal(str(tmp_path / "written.py"), "NONE") is None


def test_what_is_no_literal_is_refused(tmp_path: Path) -> None:
    (tmp_path / "made.py").write_text("OPS = tuple(names)\n")
    with pytest.raises(ValueError, match="OPS is not a literal tuple"):
        literal(str(tmp_path / "made.py"), "OPS")


def test_first_lines_of_docstrings(package: Path) -> None:
    (package.parent / "documented.py").write_text(
        'class A:\n    """First.\n\n    Second.\n    """\ndef b():\n    pass\n'
    )
    (package.parent / "malformed.py").write_text("class A(:\n")
    assert first_line("documented:A") == "First."
    assert [first_line(name) for name in ("documented:b", "documented:c", "malformed:A", "nowhere_at_all:A")] == [
        ""
    ] * 4
    assert first_line("documented:TABLE[x]") == ""
    assert first_line(type("Object", (), {"__doc__": "\n  One.\n  Two."})) == "One."
    assert first_line(type("Bare", (), {})) == ""


def test_two_entry_points_to_one_module_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "module_of_two.py").write_text("API = 1\n")
    info = tmp_path / "two_demo-1.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[mograph.plugins]\none = module_of_two\ntwo = module_of_two\n")
    (failure,) = Host(path=[str(tmp_path)], environment={}).failures
    assert failure.plugin == "two"
    assert failure.reason == "its module is that of plugin 'one' (entry point 'one = module_of_two' of two-demo)"


def test_plugin_may_be_an_object_in_a_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "module_of_object.py").write_text(
        "from mograph.plugins import api, hookimpl\n"
        "class Plugin:\n    API = 1\n    @hookimpl\n    def mograph_passes(self):\n"
        "        yield api.pass_('from-object', ':P')\nclass Holder:\n    plugin = Plugin()\n"
    )
    info = tmp_path / "object_demo-1.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[mograph.plugins]\nobj = module_of_object:Holder.plugin\n")
    host = Host(path=[str(tmp_path)], environment={}, strict=True)
    assert host.passes["from-object"].body == "module_of_object:P"


def test_malformed_extension_points(reason_of: Callable[[str], str]) -> None:
    hook = "@hookimpl\ndef mograph_extension_points():\n    yield api.extension_point({})\n"
    assert "expected a name such as 'demo:after-signs'" in reason_of(hook.format("'demo'"))
    both = reason_of(hook.format("'demo:x', after='mo:start', before='mo:end'"))
    assert "expected one of after= and before=, found both" in both
