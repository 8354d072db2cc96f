# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The reference of `mo.non_max_suppression` against areas counted in cells, and its types."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mograph.dialects import mo
from mograph.dialects.kit import VerifyError

BOX = st.tuples(*[st.integers(0, 5)] * 4)


def cells(box: tuple[int, ...]) -> set[tuple[int, int]]:
    top, left, bottom, right = map(int, box)
    (y0, y1), (x0, x1) = sorted((top, bottom)), sorted((left, right))
    return {(y, x) for y in range(y0, y1) for x in range(x0, x1)}


def selected(boxes, scores, most, limit, threshold) -> list[tuple[int, int, int]]:
    found = []
    for batch, class_ in np.ndindex(*scores.shape[:2]):
        chosen: list[int] = []
        for box in sorted(range(boxes.shape[1]), key=lambda i: -scores[batch, class_, i]):
            if len(chosen) < most and scores[batch, class_, box] > threshold:
                mine = cells(boxes[batch, box])
                others = [cells(boxes[batch, other]) for other in chosen]
                if all(not mine & other or len(mine & other) / len(mine | other) <= limit for other in others):
                    chosen.append(box)
        found += [(batch, class_, box) for box in chosen]
    return found


@given(
    boxes=st.lists(BOX, max_size=6),
    most=st.integers(-1, 4),
    seed=st.integers(0, 99),
    limit=st.sampled_from([0, 0.3, 0.6]),
)
def test_selection(boxes: list[tuple[int, ...]], most: int, seed: int, limit: float) -> None:
    random = np.random.default_rng(seed)
    both = np.array([boxes, boxes[::-1]], np.float32).reshape(2, -1, 4)
    scores = random.integers(0, 5, (2, 3, len(boxes))).astype(np.float32)
    wanted = selected(both, scores, most, limit, 1)
    arguments = [np.int64(most), np.float32(limit), np.float32(1)]
    found = mo.NonMaxSuppression.evaluate(both, scores, *arguments, False, [(-1, 3)])
    assert [tuple(row) for row in found.tolist()] == wanted
    low, high = np.minimum(both[..., :2], both[..., 2:]), np.maximum(both[..., :2], both[..., 2:])
    centred = np.concatenate([(low + high) / 2, high - low], axis=-1)
    found = mo.NonMaxSuppression.evaluate(centred, scores, *arguments, True, [(-1, 3)])
    assert [tuple(row) for row in found.tolist()] == wanted


def test_nothing_is_selected_without_a_number() -> None:
    boxes, scores = np.zeros((1, 2, 4), np.float32), np.ones((1, 1, 2), np.float32)
    assert mo.NonMaxSuppression.evaluate(boxes, scores, None, None, None, False, [(-1, 3)]).shape == (0, 3)


def test_types(tensor) -> None:
    boxes, scores, result = tensor(["b", "n", 4]), tensor(["b", 80, "n"]), tensor(["k", 3], "si64")
    check = mo.NonMaxSuppression.check
    check(boxes, scores, tensor([], "si64"), tensor([]), tensor([]), result)
    for arguments, message in (
        ((boxes, tensor(["b", "n"]), None, None, None, result), r"expected scores of rank 3, found \[b, n\]"),
        ((tensor(["b", "n", 5]), scores, None, None, None, result), r"expected boxes of shape \[b, n, 4\]"),
        ((boxes, scores, tensor([], "si32"), None, None, result), "expected max_output of dtype si64, found si32"),
        ((boxes, scores, None, tensor([1]), None, result), r"expected iou_threshold of rank 0, found \[1\]"),
        ((boxes, scores, None, None, None, tensor(["k", 2], "si64")), "expected a result of a type such as"),
    ):
        with pytest.raises(VerifyError, match=message):
            check(*arguments)
