# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mo-opt against upstream's mlir-opt: the same options, and the same answers to them."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mograph.tools.opt import main

SOURCE = """\
// RUN: nothing
module {
  func.func @f(%a: i32, %b: i32) -> i32 {
    %0 = arith.addi %a, %b : i32
    %1 = arith.addi %a, %b : i32
    %2 = arith.muli %0, %1 : i32
    return %2 : i32
  }
  func.func private @g() -> tensor<4xf32>
}

// -----

func.func @h() -> tensor<8xi32> {
  %0 = arith.constant dense<[1, 2, 3, 4, 5, 6, 7, 8]> : tensor<8xi32>
  return %0 : tensor<8xi32>
}
"""
BAD = "func.func @f(%a: i32) -> i64 {\n  return %a : i64\n}\n"
MO_OPT = "import sys; from mograph.tools.opt import main; sys.exit(main())"


def upstream() -> str:
    """The path of mlir-opt, which a wheel of its own brings."""
    spec = importlib.util.find_spec("mlir")
    assert spec is not None
    places = [os.path.join(place, "bin", "mlir-opt") for place in spec.submodule_search_locations or ()]
    found = next(filter(os.path.exists, places), "")
    if not found:
        pytest.skip("upstream's mlir-opt is not installed")
    return found


def run(command: list[str], folder: Path) -> tuple[int, str, str]:
    done = subprocess.run(command, capture_output=True, encoding="latin-1", cwd=folder)  # bytecode is no text
    return done.returncode, done.stdout, done.stderr


def mo_opt(*arguments: str) -> list[str]:
    return [sys.executable, "-c", MO_OPT, *arguments]


def options(help_text: str) -> set[str]:
    """The names of all options in a help text, and the values of those that list them."""
    return set(re.findall(r"^ +(--?[\w-]+|=[\w+-]+)", help_text, re.MULTILINE))


def test_every_option_of_mlir_opt_is_there(tmp_path: Path) -> None:
    theirs, ours = run([upstream(), "--help-hidden"], tmp_path), run(mo_opt("--help-hidden"), tmp_path)
    assert ours[0] == theirs[0] == 0
    missing = options(theirs[1]) - options(ours[1])
    assert len(options(theirs[1])) > 1000
    assert not missing


FLAGS = """
--allow-unregistered-dialect
--canonicalize --cse
-canonicalize=max-iterations=3
-p builtin.module(func.func(cse))
--pass-pipeline=builtin.module(func.func(cse,canonicalize{max-iterations=2}),symbol-dce)
--pass-pipeline=builtin.module(nothing)
--pass-pipeline=builtin.module(func.func(symbol-dce{a=b}))
--cse --dump-pass-pipeline
--split-input-file
--split-input-file --output-split-marker=// ====
--split-input-file=// -----
--no-implicit-module --split-input-file
--cse --verify-each=false
--verify-roundtrip --split-input-file --no-implicit-module
--verify-diagnostics --split-input-file
--verify-diagnostics=only-expected --split-input-file
--show-dialects
--list-passes
--emit-bytecode --split-input-file
--emit-bytecode --emit-bytecode-version=3
--emit-bytecode --elide-resource-data-from-bytecode
--mlir-disable-threading
--mlir-print-op-generic
--mlir-print-debuginfo
--mlir-print-debuginfo --mlir-pretty-debuginfo
--mlir-print-local-scope --mlir-print-debuginfo
--mlir-print-value-users
--mlir-print-skip-regions
--mlir-print-unique-ssa-ids
--mlir-print-assume-verified
--mlir-use-nameloc-as-prefix
--mlir-elide-elementsattrs-if-larger=4 --split-input-file
--mlir-print-elementsattrs-with-hex-if-larger=4 --split-input-file
--mlir-elide-resource-strings-if-larger=4
--mlir-print-ir-before-all --cse --mlir-disable-threading
--mlir-print-ir-after-all --cse --canonicalize --mlir-print-ir-module-scope --mlir-disable-threading
--mlir-print-ir-after-change --mlir-print-ir-after-all --cse --symbol-dce --mlir-disable-threading
--mlir-print-ir-after-failure --cse
--mlir-print-ir-before=cse --mlir-print-ir-after=canonicalize --cse --canonicalize --mlir-disable-threading
--mlir-print-stacktrace-on-diagnostic
--mlir-print-op-on-diagnostic=false
--mlir-pass-statistics --cse
--mlir-pass-statistics --mlir-pass-statistics-display=list --cse
--mlir-diagnostic-verbosity-level=errors
--mlir-diagnostic-verbosity-level=warnings
--mlir-disable-diagnostic-notes
--mlir-very-unsafe-disable-verifier-on-parsing
--mlir-debug-counter=nothing-skip=1
--mlir-print-debug-counter
--mlir-enable-debugger-hook
--remarks-filter=.* --remark-policy=final
--remarks-filter-passed=x --remarks-filter-failed=x --remarks-filter-missed=x --remarks-filter-analyse=x
--log-actions-to=- --cse --mlir-disable-threading
--color
--no-such-option
"""


LINES = FLAGS.split("\n")[1:-1]
ABOUT_ERRORS = [line for line in LINES if re.search("diagnostic|verif|errors|split|cse$", line)]


@pytest.mark.parametrize(
    ("source", "line"), [(SOURCE, line) for line in LINES] + [(BAD, line) for line in ABOUT_ERRORS]
)
def test_the_same_answer(source: str, line: str, tmp_path: Path) -> None:
    (tmp_path / "in.mlir").write_text(source)
    arguments = ["in.mlir", *re.split(r" (?=-)", line)]
    if line.startswith("-p "):
        arguments = ["in.mlir", *line.split(" ")]
    theirs, ours = run([upstream(), *arguments], tmp_path), run(mo_opt(*arguments), tmp_path)
    assert ours[0] == theirs[0]
    if "show-dialects" in line:
        assert set(re.findall(r"\w+", theirs[1])) <= set(re.findall(r"\w+", ours[1]))
    elif "list-passes" in line:
        assert options(theirs[1]) <= options(ours[1])
    else:
        assert re.sub(r"\[thread [^]]*", "", ours[1]) == re.sub(r"\[thread [^]]*", "", theirs[1])
        assert cleaned(ours[2]) == cleaned(theirs[2])


def cleaned(errors: str) -> str:
    """Leave out the program's name, addresses and stack traces."""
    errors = re.sub(r"^.*(mo-opt|mlir-opt): ", "", errors, flags=re.MULTILINE)
    errors = re.sub(r"'\S*m(o|lir)-opt --help'", "--help", errors)
    errors = re.sub(r"^ *#\d+ 0x.*\n", "", errors, flags=re.MULTILINE)
    return re.sub(r"0x[0-9a-f]+", "", errors)


def test_files_that_options_name(tmp_path: Path) -> None:
    (tmp_path / "in.mlir").write_text(SOURCE.partition("// -----")[0])
    written: dict[str, dict[str, str]] = {}
    for tool, command in (("theirs", [upstream()]), ("ours", mo_opt())):
        folder = tmp_path / tool
        folder.mkdir()
        arguments = ["../in.mlir", "--cse", "-o", "out.mlir", "--mlir-generate-reproducer=reproducer.mlir"]
        arguments += ["--profile-actions-to=profile.json", "--log-actions-to=log.txt", "--mlir-disable-threading"]
        arguments += ["--mlir-print-ir-after-all", "--mlir-print-ir-tree-dir=tree"]
        arguments += ["--remark-format=yaml", "--remarks-filter=.*", "--remarks-output-file=remarks.yaml"]
        code, _, errors = run([*command, *arguments], folder)
        assert code == 0, errors
        files = [path for path in folder.rglob("*") if path.is_file()]
        written[tool] = {str(path.relative_to(folder)): path.read_text() for path in files}
    assert written["ours"].keys() == written["theirs"].keys()
    for name in ("out.mlir", "reproducer.mlir", "remarks.yaml"):
        assert written["ours"][name] == written["theirs"][name]


def test_timing(tmp_path: Path) -> None:
    (tmp_path / "in.mlir").write_text(BAD.replace("i64", "i32"))
    for flags in (["--mlir-timing"], ["--mlir-timing", "--mlir-timing-display=list"]):
        code, _, errors = run(mo_opt("in.mlir", "--cse", *flags), tmp_path)
        assert code == 0
        assert "Execution time report" in errors
        assert "Parser" in errors


def test_main_returns_the_exit_code(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert "LLVM version 22" in capfd.readouterr().out
    assert main(["--list-plugins=nothing"]) == 1
    assert "mo-opt: error: --list-plugins=nothing" in capfd.readouterr().err
    assert main(["--list-plugins"]) == 0
    assert "mograph" in capfd.readouterr().out


def test_a_strict_tool_does_not_run_beside_a_broken_plugin(tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise RuntimeError('broken on purpose')\n")
    (tmp_path / "in.mlir").write_text("")
    lax = run(mo_opt("in.mlir", f"--load-plugin={broken}"), tmp_path)
    assert lax[0] == 0
    assert "broken on purpose" in lax[2]
    strict = run(mo_opt("in.mlir", f"--load-plugin={broken}", "--strict-plugins"), tmp_path)
    assert strict[0] == 1
    assert strict[1] == ""
    assert "broken on purpose" in strict[2]
