# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Discovery finds what `importlib.metadata` finds, wherever distributions may lie."""

import importlib.metadata
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mograph.plugins._discovery import FIRST_PARTY_MODULE, OWN, Candidate, discover

POINTS = """[other]
x = y
[mograph.plugins]
# a comment
b = pkg.b
a=pkg.a:plugin [extra]

[mograph.plugins.more]
c = d
"""
META = "Metadata-Version: 2.1\nName: {name}\nVersion: 1.5\n"


def describe(folder: Path, name: str, points: str = POINTS, header: str = "METADATA") -> Path:
    """Write the metadata of a distribution into a folder."""
    folder.mkdir(parents=True)
    (folder / header).write_text(META.format(name=name))
    (folder / "entry_points.txt").write_text(points)
    return folder


def found(path: list[Path]) -> list[tuple[str, str]]:
    candidates = discover([str(each) for each in path])
    return [(each.name, each.module) for each in candidates if not each.first_party]


def by_importlib(path: list[Path]) -> list[tuple[str, str]]:
    """What `entry_points` gives: the first distribution of each name counts."""
    rows, seen = [], set()
    for distribution in importlib.metadata.distributions(path=[str(each) for each in path]):
        name = distribution.metadata["Name"].lower()
        points = distribution.entry_points.select(group="mograph.plugins") if name not in seen else ()
        rows += [(point.name, point.value.partition("[")[0].strip()) for point in points]
        seen.add(name)
    return sorted(rows)


BOTH = [("a", "pkg.a:plugin"), ("b", "pkg.b")]


def in_wheel(path: Path) -> list[Path]:
    describe(path / "some_demo-1.5.dist-info", "some-demo")
    return [path]


def in_develop_egg_info(path: Path) -> list[Path]:
    describe(path / "some_demo.egg-info", "some-demo", header="PKG-INFO")
    return [path]


def in_old_egg_info(path: Path) -> list[Path]:
    describe(path / "some_demo-1.5-py3.11.egg-info", "some-demo", header="PKG-INFO")
    return [path]


def in_egg(path: Path) -> list[Path]:
    describe(path / "some_demo-1.5-py3.11.egg" / "EGG-INFO", "some-demo", header="PKG-INFO")
    return [path / "some_demo-1.5-py3.11.egg"]


def in_zipped_egg(path: Path) -> list[Path]:
    path.mkdir(exist_ok=True)
    with zipfile.ZipFile(path / "some_demo-1.5-py3.11.egg", "w") as egg:
        egg.writestr("EGG-INFO/PKG-INFO", META.format(name="some-demo"))
        egg.writestr("EGG-INFO/entry_points.txt", POINTS)
    return [path / "some_demo-1.5-py3.11.egg"]


def hidden_by_an_earlier_one(path: Path) -> list[Path]:
    describe(path / "one" / "some_demo-1.5.dist-info", "some-demo")
    describe(path / "two" / "Some.Demo-1.4.dist-info", "Some.Demo", "[mograph.plugins]\nold = pkg.old\n")
    return [path / "one", path / "two", path / "absent"]


@pytest.mark.parametrize(
    "lay_out", [in_wheel, in_develop_egg_info, in_old_egg_info, in_egg, in_zipped_egg, hidden_by_an_earlier_one]
)
def test_finds_distributions_wherever_they_lie(lay_out: Any, tmp_path: Path) -> None:
    path = lay_out(tmp_path / "site")
    assert found(path) == BOTH
    if lay_out is not hidden_by_an_earlier_one:  # the test's own reading of names is simpler than that rule
        assert by_importlib(path) == BOTH


def test_version_comes_from_the_metadata(tmp_path: Path) -> None:
    for lay_out in (in_wheel, in_develop_egg_info, in_old_egg_info, in_egg):
        path = lay_out(tmp_path / lay_out.__name__)
        assert {each.version for each in discover([str(path[0])]) if not each.first_party} == {"1.5"}


def test_agrees_with_importlib_on_this_environment() -> None:
    expected = {(point.name, point.value) for point in importlib.metadata.entry_points(group="mograph.plugins")}
    got = {(each.name, each.module) for each in discover()}
    assert got == expected | set(OWN.items())


def test_entries_of_a_new_path_are_found_at_once(tmp_path: Path) -> None:
    assert found([tmp_path]) == []
    in_wheel(tmp_path)
    assert found([tmp_path]) == BOTH


def test_finders_of_other_makers_are_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = describe(tmp_path / "elsewhere" / "some_demo-1.5.dist-info", "some-demo")

    class Finder:
        @staticmethod
        def find_spec(*arguments: object) -> None:
            return None

        @staticmethod
        def find_distributions(context: object) -> list[importlib.metadata.Distribution]:
            return [importlib.metadata.PathDistribution(folder)]

    assert found([]) == []
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder])
    assert found([]) == BOTH


def test_first_party_comes_first_with_and_without_its_metadata(tmp_path: Path) -> None:
    folder = describe(tmp_path / "a_demo-1.5.dist-info", "a-demo", "[mograph.plugins]\na = a\nmograph = a.b\n")
    names = [(each.name, each.distribution) for each in discover([str(tmp_path)])]
    assert names == [("mograph", ""), ("onnx", ""), ("a", "a-demo"), ("mograph", "a-demo")]
    describe(tmp_path / "mograph-1.5.dist-info", "mograph", f"[mograph.plugins]\nmograph = {FIRST_PARTY_MODULE}\n")
    names = [(each.name, each.distribution) for each in discover([str(tmp_path)])]
    assert names == [("mograph", "mograph"), ("onnx", ""), ("a", "a-demo"), ("mograph", "a-demo")]
    assert Candidate("a", "a", "a-demo", str(folder)).origin == "entry point 'a = a' of a-demo 1.5"
