# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.non_max_suppression`, compiled, against its reference."""

import numpy as np
import pytest
from whole_graphs import NUMPY, assert_equal, graph, runners

PARTS = [("max_output", "si64"), ("iou_threshold", ""), ("score_threshold", "")]


def text(dtype: str, given: tuple[str, ...], option: str, extent: object = "k") -> str:
    boxes, scores = f"!mo.tensor<[b, n, 4], {dtype}>", f"!mo.tensor<[b, c, n], {dtype}>"
    types, operands = [boxes, scores], ""
    for name, of in PARTS:
        if name in given:
            operands += f" {name} %x{len(types)} : !mo.tensor<[], {of or dtype}>"
            types.append(f"!mo.tensor<[], {of or dtype}>")
    result = f"!mo.tensor<[{extent}, 3], si64>"
    return graph(
        types, [result], f"%r0 = mo.non_max_suppression %x0, %x1{operands} {option} : {boxes}, {scores} to {result}"
    )


@pytest.mark.parametrize("option", ["", "center_point_box"])
@pytest.mark.parametrize(
    "given",
    [
        ("max_output",),
        ("max_output", "iou_threshold"),
        ("max_output", "score_threshold"),
        tuple(name for name, _ in PARTS),
        (),
    ],
    ids=str,
)
@pytest.mark.parametrize("dtype", ["f32"])
def test_selection(dtype: str, given: tuple[str, ...], option: str) -> None:
    random = np.random.default_rng(0)
    run = runners(text(dtype, given, option))
    for boxes, classes, number, most in (
        (1, 1, 6, 3),
        (2, 3, 40, 5),
        (2, 3, 40, 0),
        (1, 2, 40, -4),
        (0, 2, 3, 2),
        (2, 2, 0, 2),
    ):
        corners = random.integers(0, 12, (boxes, number, 4)).astype(NUMPY[dtype])
        scores = random.integers(0, 9, (boxes, classes, number)).astype(NUMPY[dtype])
        values = {
            "max_output": np.int64(most),
            "iou_threshold": NUMPY[dtype].type(0.3),
            "score_threshold": NUMPY[dtype].type(2),
        }
        arrays = [corners, scores, *(values[name] for name, _ in PARTS if name in given)]
        expected, found = (each(*arrays) for each in run)
        assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
        assert_equal(found, expected)


@pytest.mark.parametrize("dtype", ["f16", "f64"])
def test_other_floats(dtype: str) -> None:
    test_selection(dtype, tuple(name for name, _ in PARTS), "")


def test_a_number_that_is_known() -> None:
    boxes, scores = np.float32([[[0, 0, 1, 1], [0, 0, 1, 1], [3, 3, 4, 4]]]), np.float32([[[1, 2, 3]]])
    for run in runners(text("f32", ("max_output",), "", 2)):
        assert run(boxes, scores, np.int64(9)).tolist() == [[0, 0, 2], [0, 0, 1]]
        with pytest.raises(ValueError, match="mo.non_max_suppression: expected"):
            run(boxes, scores, np.int64(1))
