# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The example plugin package, installed."""

import sys
from pathlib import Path

import pytest

from mograph.plugins import Host


@pytest.fixture
def host(example_site: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    monkeypatch.syspath_prepend(example_site)
    return Host(path=[str(example_site)], environment={}, strict=True)


def test_it_gives_what_its_readme_says(host: Host) -> None:
    (plugin,) = [plugin for plugin in host.plugins if plugin.name == "demo"]
    assert (plugin.candidate.distribution, plugin.candidate.version) == ("mo-demo", "1.0")
    assert sorted(str(entry) for entry in plugin.entries) == [
        "dialect 'demo'",
        "lowering 'demo.swish'",
        "pass 'mo-simplify-signs'",
        "pipeline 'demo-tidy'",
    ]
    assert [(each.text, each.at) for each in plugin.insertions] == [("mo-simplify-signs", "mo:before-fuse")]


def test_its_references_are_right_and_listing_imports_no_body(host: Host) -> None:
    assert host.dialects.summary("demo") == "What this package adds to mo."
    assert host.passes.summary("mo-simplify-signs") == "Remove pairs of negations."
    assert host.lowerings("cpu").summary("demo.swish").startswith("A function of scalars")
    assert {name for name in sys.modules if name.startswith("mo_demo")} <= {"mo_demo", "mo_demo.plugin"}
