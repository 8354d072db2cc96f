# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Artifacts on disk: what is written is read again, and whatever is wrong with one is said in one line."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mograph as mo
from mograph.engine import storage
from mograph.engine.files import write_files

T = "!mo.tensor"
SCALE = f"""mo.graph @scale(%x: {T}<[n], f32>) -> {T}<[n], f32> {{
  %w = mo.constant.external "w" : {T}<[], f32>
  %y = mo.mul %x, %w : {T}<[n], f32>, {T}<[], f32>
  mo.output %y : {T}<[n], f32>
}}
"""
X = np.array([1, 2, 3], "f")


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("artifact") / "scale.mograph"
    mo.build(SCALE).save(path)
    return path


def changed(path: Path, to: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """A copy of an artifact with another header and a checksum that agrees."""
    data = path.read_bytes()
    end = 16 + int.from_bytes(data[8:16], "little")
    header = json.loads(data[16:end])
    change(header)
    text = json.dumps(header).encode()
    content = data[:8] + len(text).to_bytes(8, "little") + text + data[end:-32]
    to.write_bytes(content + hashlib.sha256(content).digest())
    return to


def test_an_artifact_is_read_and_initialised(artifact: Path) -> None:
    stored = mo.Artifact.open(artifact)
    assert str(stored.signatures["scale"]) == "scale(x: f32[n]) -> y: f32[n]"
    np.testing.assert_array_equal(stored.initialize({"w": np.float32(2)})(X), 2 * X)
    np.testing.assert_array_equal(mo.compile(artifact, weights={"w": np.float32(3)})(X), 3 * X)
    np.testing.assert_array_equal(mo.load_all(str(artifact), weights={"w": np.float32(3)})["scale"](X), 3 * X)


def test_the_same_module_gives_the_same_file(artifact: Path, tmp_path: Path) -> None:
    mo.build(SCALE).save(tmp_path / "again.mograph")
    assert (tmp_path / "again.mograph").read_bytes() == artifact.read_bytes()


def test_running_an_artifact_imports_no_compiler(artifact: Path) -> None:
    program = f"""
import sys
import numpy as np
import mograph as mo
model = mo.Artifact.open({str(artifact)!r}).initialize({{"w": np.float32(2)}})
assert model(np.ones(3, "f")).tolist() == [2, 2, 2]
compilers = ("mlir", "mograph.dialects", "mograph._native")
print(*(name for name in sys.modules if name.startswith(compilers)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd="/")
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")


@pytest.mark.parametrize("length", [8, 15, 16, 100, -33, -32, -1])
def test_truncated(artifact: Path, tmp_path: Path, length: int) -> None:
    (tmp_path / "t.mograph").write_bytes(artifact.read_bytes()[:length])
    with pytest.raises(mo.ArtifactError, match=r"t\.mograph: the artifact is truncated or damaged"):
        mo.Artifact.open(tmp_path / "t.mograph")


def test_any_changed_byte_is_seen(artifact: Path, tmp_path: Path) -> None:
    data = artifact.read_bytes()
    for at in range(0, len(data), max(1, len(data) // 40)):
        (tmp_path / "d").write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
        with pytest.raises(mo.ArtifactError):
            mo.Artifact.open(tmp_path / "d")


def test_what_is_no_artifact(tmp_path: Path) -> None:
    (tmp_path / "e").write_bytes(b"")
    with pytest.raises(mo.ArtifactError, match="e: not an artifact of mograph"):
        mo.Artifact.open(tmp_path / "e")
    with pytest.raises(FileNotFoundError):
        mo.Artifact.open(tmp_path / "none")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda header: header.update(format=storage.FORMAT + 1, mograph="9.0"),
            f"is of format {storage.FORMAT + 1}, written by mograph 9.0; "
            f"this mograph reads format {storage.FORMAT}: compile",
        ),
        (lambda header: header.pop("format"), "the artifact's header is not as it should be: KeyError"),
        (lambda header: header.update(target="toaster"), "target 'toaster': there is no target 'toaster'"),
        (
            lambda header: header["description"]["host"].update(triple="vax-unknown-bsd"),
            "target 'cpu': compiled for vax-unknown-bsd, this machine is ",
        ),
        (
            lambda header: header["description"]["host"].update(features="+quantum,-avx", name="qpu"),
            "target 'cpu': compiled for qpu, this machine, .*, lacks quantum$",
        ),
        (lambda header: header["description"].pop("entries"), "target 'cpu': entries$"),
        (lambda header: header["signatures"][0].pop("inputs"), "inputs$"),
    ],
)
def test_artifacts_of_elsewhere(
    artifact: Path, tmp_path: Path, change: Callable[[dict[str, Any]], object], message: str
) -> None:
    with pytest.raises(mo.ArtifactError, match=message) as caught:
        mo.Artifact.open(changed(artifact, tmp_path / "x.mograph", change))
    assert "\n" not in str(caught.value)


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("before")

    def fail(file: Any) -> None:
        file.write(b"half")
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        write_files([(tmp_path / "a", lambda file: file.write(b"after")), (tmp_path / "b", fail)])
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("a", "before")]
    with pytest.raises(IsADirectoryError):
        write_files([(tmp_path / "a", lambda file: file.write(b"after")), (tmp_path, fail)])
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("a", "before")]
    write_files([(tmp_path / "a", lambda file: file.write(b"after"))])
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("a", "after")]
