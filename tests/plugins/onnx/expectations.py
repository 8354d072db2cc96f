# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which cases of ONNX's backend suite are not to pass, and why. docs/onnx.md is generated from this."""

from fnmatch import fnmatchcase
from functools import cache

from backend_suite import Case, cases

EXCLUDED_DOMAINS = {"ai.onnx.preview.training": "operators of training"}
EXCLUDED_OPERATORS = {
    **dict.fromkeys(("RegexFullMatch", "StringConcat", "StringNormalizer", "StringSplit"), "strings"),
    **dict.fromkeys(("Optional", "OptionalGetElement", "OptionalHasElement"), "optional values"),
    **dict.fromkeys(("SequenceConstruct", "SequenceEmpty", "SequenceInsert", "SplitToSequence"), "sequences"),
    "ImageDecoder": "files of images",
}
EXCLUDED_TYPES = {"sequence_type": "sequences", "optional_type": "optional values"}
"""What excluded cases are about: values that mograph has no types for, and what is no inference."""

RANDOM = frozenset(
    {
        "test_bernoulli",
        "test_bernoulli_double",
        "test_bernoulli_double_expanded",
        "test_bernoulli_expanded",
        "test_bernoulli_seed",
        "test_bernoulli_seed_expanded",
        "test_training_dropout",
        "test_training_dropout_default",
        "test_training_dropout_default_mask",
        "test_training_dropout_mask",
    }
)
"""Cases whose outputs are random by ONNX's specification: shapes and dtypes are compared."""

FAILING = {
    "test_affine_grid_3d_align_corners_expanded": "branches of an If give tensors of different ranks",
    "test_attention_4d_causal_fp16_expanded": "differs by a unit in the last place of f16, 1.2e-3 of the value",
    "test_dft_inverse*": "what is expected has errors of rounding of 2e-7 where the result is 0; the tolerance is 1e-7",
}
"""The reason by key, in which * stands for anything."""


@cache
def failing(key: str) -> str:
    """Why a case fails; "" for one that passes, or is excluded."""
    return next((reason for pattern, reason in FAILING.items() if fnmatchcase(key, pattern)), "")


def excluded(case: Case) -> str:
    """What a case is about that mograph does not take; "" for the others."""
    return _excluded(case.key)


@cache
def _excluded(key: str) -> str:
    model = cases()[key].load()
    for node in model.graph.node:
        for domain, about in EXCLUDED_DOMAINS.items():
            if node.domain == domain:
                return about
        if node.op_type in EXCLUDED_OPERATORS:
            return EXCLUDED_OPERATORS[node.op_type]
    for value in (*model.graph.input, *model.graph.output):
        kind = value.type.WhichOneof("value")
        if kind in EXCLUDED_TYPES:
            return EXCLUDED_TYPES[kind]
        if kind == "tensor_type" and value.type.tensor_type.elem_type == 8:
            return "strings"
    return ""
