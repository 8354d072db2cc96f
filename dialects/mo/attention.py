# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.attention`."""

import math

from mograph.dialects.kit import Attribute, Operand, OptionalAttribute, OptionalOperand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.conversion import rounded
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["Attention"]


class Attention(Mo.Operation, name="attention", traits=[t.Pure]):
    """softmax(scale * query key^T + mask) value, for each head of each element of a batch.

    The operands are floats of equal dtype, on one device: query `[batch, heads, length, size]`, key
    `[batch, groups, keys, size]` and value `[batch, groups, keys, width]`. The result is `[batch, heads, length,
    width]`. The number of groups divides that of heads: each group of heads that follow each other shares one key and
    value. `scale` is 1 / sqrt(size) where it is absent.

    The mask broadcasts to `[batch, heads, length, keys]`. It is bool, true where a query attends to a key, or a float
    that is added. With `causal`, a query attends to no key after its own position. With a `softcap` c other than 0,
    the scaled product s is c * tanh(s / c) before it is masked. A query that attends to no key gets zeros.

    Everything is computed in f32, or f64 for f64, and rounded once; the reference computes in f64. The formulas are
    those of Vaswani et al. (2017) and of ONNX's Attention.
    """

    query: Operand[TensorType]
    key: Operand[TensorType]
    value: Operand[TensorType]
    mask: OptionalOperand[TensorType]
    scale: OptionalAttribute[c.F64Attr]
    causal: OptionalAttribute[c.UnitAttr]
    softcap: Attribute[c.F64Attr] = 0.0
    result: Result[TensorType]
    assembly_format = (
        "$query `,` $key `,` $value (`mask` $mask^ `:` type($mask))? (`scale` `=` $scale^)? (`causal` $causal^)? "
        "(`softcap` `=` $softcap^)? attr-dict `:` custom<Types>(type($query), type($key), type($value))"
    )
    folds = True

    @staticmethod
    def infer(
        query: TensorType, key: TensorType, value: TensorType, mask: TensorType | None, softcap: float
    ) -> TensorType:
        operands = {"query": query, "key": key, "value": value}
        for name, operand in operands.items():
            if len(operand.shape) != 4:
                raise VerifyError(f"expected {name} of rank 4, found {shapes.text(operand.shape)}")
        rules.same_dtype(**operands)
        rules.same_device(**operands)
        dtypes.require(dtypes.FLOAT, query.dtype)
        if not (math.isfinite(softcap) and softcap >= 0):
            raise VerifyError(f"expected a softcap of 0 or more, found {softcap}")
        (batch, heads, length, size), (_, groups, keys, _), width = query.shape, key.shape, value.shape[3]
        for name, found, wanted in (
            ("key", key.shape, (batch, groups, keys, size)),
            ("value", value.shape, (batch, groups, keys, width)),
        ):
            if found != wanted:
                raise VerifyError(
                    f"expected {name} of shape {shapes.text(wanted)} for the other operands, found {shapes.text(found)}"
                )
        rest = 1 if groups == 0 else heads % groups
        if isinstance(rest, int) and rest:
            raise VerifyError(f"expected the heads of key and value, {groups}, to divide those of query, {heads}")
        if mask is not None:
            rules.same_device(query=query, mask=mask)
            if str(mask.dtype) != "i1":
                dtypes.require(dtypes.FLOAT, mask.dtype, "the mask, other than bool (i1),")
            try:
                shapes.broadcasts_to(mask.shape, (batch, heads, length, keys))
            except VerifyError as error:
                raise VerifyError(f"of the mask: {error}") from None
        return TensorType.get((batch, heads, length, width), query.dtype, query.device)

    def speculatable(self) -> bool:
        """Whether it is known that the heads of key and value divide those of query, which is checked when it runs."""
        heads, groups = (TensorType(operand.type).shape[1] for operand in (self.query, self.key))
        return heads == groups or (isinstance(heads, int) and isinstance(groups, int))

    @staticmethod
    def evaluate(
        query: Array,
        key: Array,
        value: Array,
        mask: Array | None,
        scale: float | None,
        causal: bool,
        softcap: float,
    ) -> Array:
        heads, groups = query.shape[1], key.shape[1]
        if groups == 0 or heads % groups:
            raise ValueError(
                f"mo.attention: expected the heads of key and value, {groups}, to divide those of query, {heads}"
            )
        q, k, v = (x.astype(np.float64) for x in (query, key, value))
        k, v = (np.repeat(x, heads // groups, axis=1) for x in (k, v))
        scores = np.matmul(q, np.swapaxes(k, -1, -2)) * (q.shape[-1] ** -0.5 if scale is None else scale)
        if softcap:
            scores = softcap * np.tanh(scores / softcap)
        if mask is not None:
            scores = np.where(mask, scores, -np.inf) if mask.dtype == np.bool_ else scores + mask.astype(np.float64)
        if causal:
            scores = np.where(np.tri(*scores.shape[-2:], dtype=np.bool_), scores, -np.inf)
        largest = np.max(scores, axis=-1, keepdims=True, initial=-np.inf)
        weights = np.exp(scores - np.where(largest == -np.inf, 0, largest))
        total = np.sum(weights, axis=-1, keepdims=True)
        return rounded(np.where(total == 0, 0, np.matmul(weights, v) / total), query.dtype)
