# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.non_max_suppression`."""

from mograph.dialects.kit import Operand, OptionalAttribute, OptionalOperand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, order, rules, shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["NonMaxSuppression"]


class NonMaxSuppression(Mo.Operation, name="non_max_suppression", traits=[t.Pure]):
    """The boxes of highest score that do not overlap, for each class of each batch: ONNX's NonMaxSuppression.

    `boxes` `[batches, n, 4]` holds opposite corners (y, x, y, x) in any order, or with `center_point_box` centres and
    sizes (x, y, width, height); `scores` `[batches, classes, n]` is of the same float dtype, on the same device. For
    each batch and class, boxes are taken in descending order of score, equal ones in order. One is selected if its
    score is above `score_threshold` (if that is given), and its area of intersection with each box that was selected
    for this class is at most `iou_threshold` (0 where it is absent) times that of their union; boxes without an area
    overlap with none. At most `max_output` are selected for a class: none where it is absent or negative.

    The result `[k, 3]` of dtype si64 holds the batch, class and box of each, in order of batches, classes and
    selection. k is known when the program runs: it is a new name in the result's type, or is compared. `max_output` is
    of rank 0 and dtype si64, the thresholds of rank 0 and the dtype of the scores. Areas are computed in f32, or f64
    for f64.
    """

    boxes: Operand[TensorType]
    scores: Operand[TensorType]
    max_output: OptionalOperand[TensorType]
    iou_threshold: OptionalOperand[TensorType]
    score_threshold: OptionalOperand[TensorType]
    center_point_box: OptionalAttribute[c.UnitAttr]
    result: Result[TensorType]
    assembly_format = (
        "$boxes `,` $scores (`max_output` $max_output^ `:` type($max_output))? "
        "(`iou_threshold` $iou_threshold^ `:` type($iou_threshold))? "
        "(`score_threshold` $score_threshold^ `:` type($score_threshold))? (`center_point_box` $center_point_box^)? "
        "attr-dict `:` type($boxes) `,` type($scores) `to` type($result)"
    )
    speculatable = may_fail

    @staticmethod
    def check(
        boxes: TensorType,
        scores: TensorType,
        max_output: TensorType | None,
        iou_threshold: TensorType | None,
        score_threshold: TensorType | None,
        result: TensorType,
    ) -> None:
        rules.same_dtype(boxes=boxes, scores=scores)
        rules.same_device(boxes=boxes, scores=scores)
        dtypes.require(dtypes.FLOAT, boxes.dtype)
        if len(scores.shape) != 3:
            raise VerifyError(f"expected scores of rank 3, found {shapes.text(scores.shape)}")
        wanted = (scores.shape[0], scores.shape[2], 4)
        if boxes.shape != wanted:
            raise VerifyError(
                f"expected boxes of shape {shapes.text(wanted)} for scores of shape {shapes.text(scores.shape)}, "
                f"found {shapes.text(boxes.shape)}"
            )
        for name, operand, dtype in (
            ("max_output", max_output, "si64"),
            ("iou_threshold", iou_threshold, scores.dtype),
            ("score_threshold", score_threshold, scores.dtype),
        ):
            if operand is not None:
                rules.scalar(name, operand, dtype, boxes.device)
        found = result.shape[0] if len(result.shape) == 2 else 0
        expected = TensorType.get((found, 3), "si64", boxes.device)
        if result != expected:
            raise VerifyError(f"expected a result of a type such as {expected}, found {result}")

    @staticmethod
    def evaluate(
        boxes: Array,
        scores: Array,
        max_output: Array | None,
        iou_threshold: Array | None,
        score_threshold: Array | None,
        center_point_box: bool,
        result_shapes: list[tuple[int, ...]],
    ) -> Array:
        step = np.float64 if boxes.dtype == np.float64 else np.float32
        low, high = _corners(boxes.astype(step), center_point_box)
        limit = step(0) if iou_threshold is None else step(iou_threshold)
        found: list[tuple[int, int, int]] = []
        for batch, class_ in np.ndindex(*scores.shape[:2]):
            chosen: list[int] = []
            for box in order.places(scores[batch, class_], 0, True).tolist():
                if len(chosen) >= (0 if max_output is None else int(max_output)):
                    break
                passes = score_threshold is None or bool(scores[batch, class_, box] > score_threshold)
                if passes and not np.any(
                    _overlap(low[batch, chosen], high[batch, chosen], low[batch, box], high[batch, box], limit)
                ):
                    chosen.append(box)
            found += [(batch, class_, box) for box in chosen]
        if result_shapes[0][0] not in (-1, len(found)):
            raise ValueError(
                f"mo.non_max_suppression: expected {result_shapes[0][0]} boxes to be selected, found {len(found)}"
            )
        return np.array(found, np.int64).reshape(-1, 3)


def _corners(boxes: Array, center_point_box: bool) -> tuple[Array, Array]:
    """The corners of lowest and of highest coordinates."""
    first, second = boxes[..., :2], boxes[..., 2:]
    if center_point_box:
        half = second / 2
        return first - half, first + half
    return np.minimum(first, second), np.maximum(first, second)


def _overlap(low: Array, high: Array, box_low: Array, box_high: Array, limit: Array) -> Array:
    """Which of some boxes overlap with another one by more than `limit`."""
    sides = np.minimum(high, box_high) - np.maximum(low, box_low)
    common = np.prod(sides, axis=-1)
    areas, area = np.prod(high - low, axis=-1), np.prod(box_high - box_low)
    whole = areas + area - common
    valid = np.all(sides > 0, axis=-1) & (common > 0) & (areas > 0) & (area > 0) & (whole > 0)
    return np.asarray(valid & (common / np.where(whole == 0, 1, whole) > limit))
