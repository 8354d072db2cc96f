# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How lit runs the tests of this folder: `lit lit_tests`, or one file or folder of it.

Tools are those of the environment whose Python runs lit. What a RUN line can use beyond them:

    FileCheck    LLVM's, from its wheel; with `--param filecheck=py` the one of PyPI (and the feature `filecheck-py`)
    %roundtrip   text, generic text and bytecode of the file each parse to the same again, as the file's CHECK lines say
    %python      the environment's Python

Features are the names of the tools and of the Python modules that tests may need and that are here, and the host's
architecture. Files that tests read but that are no tests lie in folders called `Inputs`.
"""

import importlib.util
import os
import platform
import shutil
import sys
from pathlib import Path

import lit.formats

here = Path(__file__).resolve().parent

config.name = "mograph"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = {".mlir", ".py", ".test"}
config.excludes = {"lit.cfg.py", "Inputs"}
config.test_source_root = str(here)
config.test_exec_root = str(here.parent / "build" / "lit")


def wheel_bin(package):
    """The folder of programs that a wheel brings, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        lit_config.fatal(f"the package '{package}' is not installed for {sys.executable}")
    return os.path.join(spec.submodule_search_locations[0], "bin")


def toolkit_bins():
    """The folders of programs of CUDA's wheels, where such are installed."""
    spec = importlib.util.find_spec("nvidia")
    folders = (spec.submodule_search_locations or ()) if spec else ()
    return [str(each) for folder in folders for each in sorted(Path(folder).glob("cu*/bin"))]


scripts = os.path.dirname(sys.executable)
llvm_bin = wheel_bin("llvm")
path = os.pathsep.join([scripts, llvm_bin, wheel_bin("mlir"), os.environ.get("PATH", os.defpath), *toolkit_bins()])
config.environment["PATH"] = path
config.environment["MOGRAPH_OBJECTS"] = ""
# A run that is asked to measure coverage, or to import from elsewhere, says so in its environment.
for name in ("COVERAGE_PROCESS_START", "COVERAGE_FILE", "MOGRAPH_CHECKOUT", "PYTHONPATH"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

if shutil.which("mo-opt", path=path) is None:
    lit_config.fatal(f"found no 'mo-opt' beside {sys.executable}: install this checkout there (scripts/install)")

variant = lit_config.params.get("filecheck", "llvm")
if variant == "py":
    filecheck = os.path.join(scripts, "filecheck")
    config.available_features.add("filecheck-py")
elif variant == "llvm":
    filecheck = os.path.join(llvm_bin, "FileCheck")
else:
    lit_config.fatal(f"the parameter 'filecheck' is 'llvm' or 'py', not '{variant}'")

roundtrip = " && ".join(
    f"mo-opt %s --split-input-file {emit} | mo-opt --split-input-file | {filecheck} %s"
    for emit in ("", "--mlir-print-op-generic")
)
config.substitutions += [
    ("%roundtrip", f"{roundtrip} && mo-opt %s --verify-roundtrip --split-input-file -o %t.verified"),
    ("%python", sys.executable),
    (r"(?<![\w./-])FileCheck(?![\w./-])", filecheck),
]

for tool in ("ptxas", "spirv-val", "ld.lld"):
    if shutil.which(tool, path=path):
        config.available_features.add(tool)
if importlib.util.find_spec("ziglang"):  # it has one
    config.available_features.add("ld.lld")
if importlib.util.find_spec("sklearn"):
    config.available_features.add("sklearn")
config.available_features.add(platform.machine())
