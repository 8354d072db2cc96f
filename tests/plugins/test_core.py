# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mograph's own plugin, which derives what it gives from file names; and what the host imports."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mograph.plugins import Host
from mograph.plugins.core import plugin

FILES = (
    "dialects/mo/__init__.py",
    "dialects/kit/__init__.py",
    "dialects/notes/readme.txt",
    "transforms/mo/__init__.py",
    "transforms/mo/fuse_elementwise.py",
    "transforms/mo/inline_.py",
    "transforms/mo/_helper.py",
    "transforms/mogg/__init__.py",
    "transforms/mogg/plan_memory.py",
    "transforms/lower/__init__.py",
    "transforms/lower/softmax.py",
    "targets/cpu/__init__.py",
    "targets/_shared/__init__.py",
    "targets/signature.py",
)


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A host whose first-party files are those above."""
    for file in FILES:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("")
    monkeypatch.setattr(plugin, "folders", lambda package: [str(tmp_path.joinpath(*package.split(".")[1:]))])
    return Host(path=[], environment={})


def test_names_follow_from_files(host: Host) -> None:
    assert {name: entry.body for name, entry in host.dialects.items()} == {"mo": "mograph.dialects.mo:Mo"}
    assert {name: entry.body for name, entry in host.passes.items()} == {
        "mo-fuse-elementwise": "mograph.transforms.mo.fuse_elementwise:FuseElementwise",
        "mo-inline": "mograph.transforms.mo.inline_:Inline",
        "mogg-plan-memory": "mograph.transforms.mogg.plan_memory:PlanMemory",
    }
    assert {name: entry.body for name, entry in host.targets.items()} == {"cpu": "mograph.targets.cpu:CpuTarget"}


def test_first_party_plugin_loads_and_can_be_switched_off() -> None:
    assert not Host(path=[], environment={}).failures
    host = Host(path=[], environment={}, disable=["mograph"])
    assert not host.dialects
    assert host.pipeline().points == ()


def test_host_imports_no_body_and_nothing_heavy(tmp_path: Path) -> None:
    program = """
import sys
import mograph.plugins
assert "pluggy" not in sys.modules, "the package itself imports nothing"
mograph.plugins.take_options(["--version"])
assert "pluggy" not in sys.modules, "reading the options imports no host"
host = mograph.plugins.Host(environment={})
mograph.plugins.render_listing(host, "json")
heavy = {"mlir", "numpy", "mograph._llvm", "importlib.metadata", "mograph._native", "dataclasses"}
bodies = [entry.body.partition(":")[0] for entry in host.entries.values()]
print(sorted(name for name in sys.modules if name in heavy or name in bodies))
"""
    # Measuring coverage imports some of these itself.
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, env=unmeasured)
    assert (done.stdout, done.stderr) == ("[]\n", "")
