# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The example plugin package, installed."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mograph.plugins import Host

PYTHONPATH = os.environ.get("PYTHONPATH", "")


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


def test_the_commands_use_it(example_site: Path, tmp_path: Path) -> None:
    model = Path(__file__).parents[2] / "examples" / "plugin" / "signs.mlir"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(example_site), *filter(None, [PYTHONPATH])])}
    np.save(tmp_path / "x.npy", np.array([[-1, 0, 2]], np.float32))

    def run(module: str, *arguments: str) -> str:
        call = f"import sys; from mograph.tools.{module} import main; sys.exit(main())"
        command = [sys.executable, "-c", call, *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    simplified = run("opt", str(model), "--pass-pipeline=builtin.module(mo.graph(mo-simplify-signs))")
    assert "mo.negative" not in simplified
    assert "demo.swish" in simplified
    for how in ([], ["--interpret"]):
        run("run", str(model), "--input=x.npy", "--output=y.npy", *how)
        x = np.array([[-1, 0, 2]], np.float64)
        np.testing.assert_allclose(np.load(tmp_path / "y.npy"), x / (1 + np.exp(-x)), rtol=1e-6)
