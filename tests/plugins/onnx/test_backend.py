# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ONNX's backend suite, compiled for the CPU: a test for each of its cases.

Cases that are not to pass have a reason in `expectations.py`. An excluded one, of values that mograph does not have,
must be refused by the importer; any other must fail for as long as its reason is there.
"""

import pytest

pytest.importorskip("onnx", reason="the onnx package is not installed")

from backend_suite import Case, cases, run
from expectations import RANDOM, excluded, failing

from mograph.plugins.onnx.errors import OnnxError


def _parameters() -> list[object]:
    found = []
    for case in cases().values():
        reason = failing(case.key)
        marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
        found.append(pytest.param(case, id=case.key, marks=marks))
    return found


@pytest.mark.parametrize("case", _parameters())
def test_case(case: Case) -> None:
    if excluded(case):
        with pytest.raises(OnnxError):
            run(case)
    else:
        run(case, shapes_only=case.key in RANDOM)
