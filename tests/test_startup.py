# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What starting a command or importing the package must not import: most of what makes a cold start slow."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import mograph

HEAVY = {"numpy", "ml_dtypes", "scipy", "safetensors"}


def imported_by(program: str) -> set[str]:
    """Run a program in a fresh interpreter; give the modules that it imported."""
    done = subprocess.run([sys.executable, "-X", "importtime", "-c", program], capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr[-2000:]
    return set(re.findall(r"^import time:.*\| +(\S+)$", done.stderr, re.MULTILINE))


@pytest.mark.parametrize("option", ["--version", "--list-plugins"])
def test_mo_opt_imports_nothing_heavy_and_no_body(option: str) -> None:
    modules = imported_by(f"import sys; sys.argv = ['mo-opt', '{option}']; from mograph.tools.opt import main; main()")
    assert "mograph.tools.opt" in modules
    assert not {module.partition(".")[0] for module in modules} & HEAVY
    assert not [
        module for module in modules if re.match(r"mograph\.(transforms\.(?!kit|lower$)|targets\.|engine\.)", module)
    ]


def test_importing_the_package_imports_nothing_heavy() -> None:
    modules = imported_by("import mograph")
    assert "mograph" in modules
    assert not {module.partition(".")[0] for module in modules} & HEAVY


def test_compiling_imports_none_of_upstreams_classes() -> None:
    """Those of linalg alone cost 60 ms."""
    text = """
    mo.graph @f(%x: !mo.tensor<[n, 64], f32>, %w: !mo.tensor<[64, 64], f32>) -> !mo.tensor<[n, 64], f32> {
      %0 = mo.matmul %x, %w : !mo.tensor<[n, 64], f32>, !mo.tensor<[64, 64], f32>
      %1 = mo.softmax %0 : !mo.tensor<[n, 64], f32>
      %2 = mo.relu %1 : !mo.tensor<[n, 64], f32>
      %3 = mo.softmax %2 : !mo.tensor<[n, 64], f32>
      %4 = mo.concat %3, %3 axis = 1 : !mo.tensor<[n, 64], f32>
      %5 = mo.slice %4 starts = [0, 32] stops = [9223372036854775807, 96] steps = [1, 1] : !mo.tensor<[n, 128], f32>
      mo.output %5 : !mo.tensor<[n, 64], f32>
    }
    """
    modules = imported_by(f"import mograph; mograph.compile({text!r})")
    assert "mograph.targets.cpu.kernels" in modules
    assert not [module for module in modules if re.match(r"mlir\.dialects\.(?!mo)", module)]
    assert not modules & {"difflib", "shutil", "tempfile"}, "what is for errors, and for names of files"


@pytest.mark.parametrize("device", ["nvidia:sm_90a", "amd:gfx942"])
def test_compiling_for_devices_imports_none_of_upstreams_classes(device: str) -> None:
    """Those of gpu cost 25 ms."""
    text = """
    mo.graph @f(%x: !mo.tensor<[64, 64], f16>) -> !mo.tensor<[64, 64], f16> {
      %0 = mo.matmul %x, %x : !mo.tensor<[64, 64], f16>, !mo.tensor<[64, 64], f16>
      %1 = mo.softmax %0 : !mo.tensor<[64, 64], f16>
      mo.output %1 : !mo.tensor<[64, 64], f16>
    }
    """
    modules = imported_by(f"import mograph; mograph.build({text!r}, device={device!r})")
    assert "mograph.targets.gpu.kernels" in modules
    assert not [module for module in modules if re.match(r"mlir\.dialects\.(?!mo)", module)]


def test_the_first_build_imports_no_part_of_the_compiler() -> None:
    """All of it came with the import of `build`; only what plugins give is imported when it is used."""
    text = "mo.graph @f(%x: !mo.tensor<[4], f32>) -> !mo.tensor<[4], f32> { mo.output %x : !mo.tensor<[4], f32> }"
    program = f"import sys; from mograph import build; print('| here', file=sys.stderr); build({text!r})"
    done = subprocess.run([sys.executable, "-X", "importtime", "-c", program], capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr[-2000:]
    modules = set(re.findall(r"^import time:.*\| +(\S+)$", done.stderr.partition("| here")[2], re.MULTILINE))
    assert "mograph.plugins.core.plugin" not in modules
    assert not [name for name in modules if re.match(r"mograph\.(targets|engine|transforms\.mogg?)\b", name)]


@pytest.mark.parametrize("device", ["nvidia:sm_90a", "amd:gfx942"])
def test_compiling_for_a_device_imports_its_target_with_the_compiler(device: str) -> None:
    """What comes later are the rules of operations, each when one is there."""
    text = """
    mo.graph @f(%x: !mo.tensor<[64], f32>) -> !mo.tensor<[64], f32> {
      %0 = mo.add %x, %x : !mo.tensor<[64], f32>
      mo.output %0 : !mo.tensor<[64], f32>
    }
    """
    program = f"""
import sys, mograph
from mograph.engine.preload import preload
from mograph.targets.{device.partition(":")[0]} import emit
preload({device!r})
before = {{*sys.modules}}
vars(emit)["find_ptxas"] = lambda: None
mograph.build({text!r}, device={device!r})
print(*(name for name in sys.modules if name not in before and name.startswith("mograph.targets.")))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == []


def test_libraries_are_loaded_ahead_of_the_compiler() -> None:
    """For `build` as for `compile`: what imports MLIR first would wait for all of it."""
    program = "import sys; from mograph import build; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd="/")
    modules = done.stdout.split()  # in the order of their imports
    assert modules.index("mograph.engine.preload") < modules.index("mlir") < modules.index("mograph.engine.compiler")


def test_a_stored_model_is_run_without_the_compiler_and_mlir(tmp_path: Path) -> None:
    text = "mo.graph @f(%x: !mo.tensor<[4], f32>) -> !mo.tensor<[4], f32> { mo.output %x : !mo.tensor<[4], f32> }"
    mograph.build(text).save(tmp_path / "f.mograph")
    path = str(tmp_path / "f.mograph")
    modules = imported_by(f"import numpy, mograph; mograph.compile({path!r})(numpy.ones(4, numpy.float32))")
    assert "mograph.targets.calling" in modules
    compiler = re.compile(r"mlir|mograph\.(dialects|transforms\.(?!extent_names|lower$))")
    assert not [name for name in modules if compiler.match(name)]


@pytest.mark.parametrize("frozen", [False, True])
def test_imports_are_not_collected_and_the_collector_stays_as_it_was(frozen: bool) -> None:
    program = f"""
import gc
from mograph.engine.preload import preload
if {frozen}:
    gc.freeze()
collected = []
gc.callbacks.append(lambda phase, info: collected.append(info))
preload()
assert {frozen} or not collected, collected
assert gc.isenabled() and bool(gc.get_freeze_count()) == {frozen}
"""
    assert "mograph.targets.cpu.kernels" in imported_by(program)
