# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention and the embedding of positions."""

from math import inf

from mograph.graph import Tensor
from mograph.graph.types import Extent

from ..context import Context
from ..errors import OnnxError
from ..node import Node
from ..registry import converter
from ..types import dtype_name
from .parts import extent_of, part
from .shape import reshaped

RAW, CAPPED, MASKED, WEIGHTS = range(4)
"""What the node gives of the products of queries and keys, by the numbers of its attribute."""


@converter("Attention")
def attention(
    ctx: Context,
    node: Node,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    mask: Tensor | None = None,
    past_key: Tensor | None = None,
    past_value: Tensor | None = None,
    lengths: Tensor | None = None,
) -> tuple[Tensor | None, ...]:
    flat = query.ndim == 3
    if flat:
        heads, groups = node["q_num_heads"], node["kv_num_heads"]
        query, key, value = (_split(ctx, x, count) for x, count in ((query, heads), (key, groups), (value, groups)))
    key = ctx.assume(key, [query.shape[0], *key.shape[1:3], query.shape[3]])
    value = ctx.assume(value, [*key.shape[:3], value.shape[3]])
    if past_key is not None and past_value is not None:
        key, value = _extended(ctx, past_key, key), _extended(ctx, past_value, value)
        value = ctx.assume(value, [*key.shape[:3], value.shape[3]])
    masks = _Masks(ctx, query, key, past_key, lengths)
    if mask is not None:
        masks.add(_fitting(ctx, mask, query, key))
    causal = bool(node.get("is_causal", 0))
    if causal and (past_key is not None or lengths is not None):
        masks.window(None, 0)
        causal = False
    windows = [node.get(name, -1) for name in ("left_window_size", "right_window_size")]
    if max(windows) >= 0:
        masks.window(*(None if size < 0 else size for size in windows))
    if lengths is not None:
        masks.end()
    given = masks.joined()
    options = {"scale": node.get("scale"), "causal": causal, "softcap": node.get("softcap", 0.0)}
    made: Tensor | None = ctx.emit("attention", query, key, value, given, **options)
    assert made is not None
    if flat:
        made = reshaped(ctx, ctx.emit("transpose", made, perm=(0, 2, 1, 3)), _joined(made))
    products = None
    if node.wants(3):
        if causal:
            masks.window(None, 0)
        products = _products(ctx, node, query, key, masks.joined())
    return made, key, value, products


def _split(ctx: Context, x: Tensor, heads: int) -> Tensor:
    """[batch, length, heads * size] as [batch, heads, length, size]."""
    batch, length, hidden = x.shape
    apart = reshaped(ctx, x, [batch, length, heads, hidden // heads])
    return ctx.emit("transpose", apart, perm=(0, 2, 1, 3))


def _joined(x: Tensor) -> list[Extent]:
    batch, heads, length, size = x.shape
    return [batch, length, heads * size]


def _extended(ctx: Context, past: Tensor, x: Tensor) -> Tensor:
    """A cache and what is new."""
    past = ctx.assume(past, [*x.shape[:2], past.shape[2], x.shape[3]])
    return ctx.emit("concat", [past, x], axis=2)


def _fitting(ctx: Context, mask: Tensor, query: Tensor, key: Tensor) -> Tensor:
    """A mask for all keys: those that it lacks are not attended to."""
    wanted = [*query.shape[:3], key.shape[2]][4 - mask.ndim :] if mask.ndim else []
    if mask.ndim and isinstance(mask.shape[-1], int) and isinstance(wanted[-1], int):
        missing = wanted[-1] - mask.shape[-1]
        if missing > 0 and mask.shape[-1] != 1:
            rest = ctx.constant(False if mask.dtype == "i1" else -inf, mask.dtype)
            rest = ctx.emit("broadcast_to", rest, to=([*mask.shape[:-1], missing], mask.dtype))
            mask = ctx.emit("concat", [mask, rest], axis=mask.ndim - 1)
    return ctx.assume(mask, [have if have == 1 else want for have, want in zip(mask.shape, wanted, strict=True)])


class _Masks:
    """What keeps queries from keys: bools, and one bias at most, that are joined to one mask."""

    def __init__(self, ctx: Context, query: Tensor, key: Tensor, past: Tensor | None, lengths: Tensor | None) -> None:
        self._ctx = ctx
        self._query, self._key, self._past = query, key, past
        self._lengths = (
            None if lengths is None else ctx.emit("reshape", lengths, to=([lengths.shape[0], 1, 1, 1], "si64"))
        )
        self._bias: Tensor | None = None
        self._bools: list[Tensor] = []

    def add(self, mask: Tensor) -> None:
        """A mask that is given."""
        if mask.dtype == "i1":
            self._bools.append(mask)
        else:
            self._bias = self._ctx.cast(mask, self._query.dtype)

    def window(self, left: int | None, right: int | None) -> None:
        """Keys no further before or after a query's position than this; None for any."""
        ctx = self._ctx
        position = ctx.emit("iota", to=([self._query.shape[2], 1], "si64"), axis=0)
        if self._past is not None:
            position = ctx.emit("add", position, extent_of(ctx, self._past, 2))
        elif self._lengths is not None:
            position = ctx.emit("add", position, ctx.emit("sub", self._lengths, extent_of(ctx, self._query, 2)))
        distance = ctx.emit("sub", self._keys(), position)
        if right is not None:
            self._bools.append(ctx.emit("less_equal", distance, right))
        if left is not None:
            self._bools.append(ctx.emit("greater_equal", distance, -left))

    def end(self) -> None:
        """Only as many keys as there are in each element of the batch."""
        self._bools.append(self._ctx.emit("less", self._keys(), self._lengths))

    def joined(self) -> Tensor | None:
        """One mask of all."""
        ctx = self._ctx
        attends: Tensor | None = None
        for each in self._bools:
            attends = each if attends is None else ctx.emit("and", *ctx.broadcast(attends, each))
        if self._bias is None or attends is None:
            return attends if self._bias is None else self._bias
        low = ctx.constant(-inf, self._bias.dtype)
        attends, bias = ctx.broadcast(attends, self._bias)
        return ctx.emit("select", attends, bias, low)

    def _keys(self) -> Tensor:
        return self._ctx.emit("iota", to=([1, self._key.shape[2]], "si64"), axis=1)


def _products(ctx: Context, node: Node, query: Tensor, key: Tensor, mask: Tensor | None) -> Tensor:
    """What the node gives of the products of queries and keys."""
    mode = node.get("qk_matmul_output_mode", RAW)
    if mode not in (RAW, CAPPED, MASKED, WEIGHTS):
        raise OnnxError(f"expected a qk_matmul_output_mode of 0 to 3, found {mode}")
    batch, heads, length, size = query.shape
    groups = key.shape[1]
    apart = reshaped(ctx, query, [batch, groups, heads // groups, length, size])
    scores = ctx.emit("contract", [apart, key], equation="bghqd,bgkd->bghqk")
    scores = reshaped(ctx, scores, [batch, heads, length, key.shape[2]])
    scale = node.get("scale")
    if scale is None:
        root = ctx.emit("sqrt", ctx.cast(extent_of(ctx, query, 3), query.dtype))
        scores = ctx.emit("div", scores, root)
    else:
        scores = ctx.emit("mul", scores, scale)
    softcap = node.get("softcap", 0.0)
    if mode != RAW and softcap:
        scores = ctx.emit("mul", ctx.emit("tanh", ctx.emit("div", scores, softcap)), softcap)
    if mode in (MASKED, WEIGHTS) and mask is not None:
        low = ctx.constant(-inf, query.dtype)
        scores = ctx.emit("select", mask, scores, low) if mask.dtype == "i1" else ctx.emit("add", scores, mask)
    if mode != WEIGHTS:
        return scores
    precision = node.get("softmax_precision", 0)
    wide = ctx.cast(scores, dtype_name(precision)) if precision else scores
    none = ctx.emit("equal", ctx.emit("reduce.max", wide, axes=(3,), keepdims=True), -inf)
    weights = ctx.emit("softmax", wide, axis=3)
    return ctx.cast(ctx.emit("select", none, ctx.constant(0.0, wide.dtype), weights), query.dtype)


@converter("RotaryEmbedding")
def rotary_embedding(
    ctx: Context, node: Node, x: Tensor, cos: Tensor, sin: Tensor, positions: Tensor | None = None
) -> Tensor:
    if positions is not None:
        cos, sin = (ctx.emit("gather", each, positions, axis=0) for each in (cos, sin))
    shape = x.shape
    if x.ndim == 3:
        heads = node["num_heads"]
        batch, length, hidden = shape
        x = reshaped(ctx, x, [batch, length, heads, hidden // heads])
        angles: list[Extent] = [batch, length, 1]
    else:
        angles = [shape[0], 1, shape[2]]
    *before, size = x.shape
    rotary: int = node.get("rotary_embedding_dim", 0)
    turned = rotary or size
    half = turned // 2
    cos, sin = (ctx.assume(each, [x.shape[0], angles[2] if angles[1] == 1 else angles[1], half]) for each in (cos, sin))
    cos, sin = (reshaped(ctx, each, [*angles, half]) for each in (cos, sin))
    parts = [x] if turned == size else [part(ctx, x, 3, 0, rotary), part(ctx, x, 3, rotary)]
    parts[0] = ctx.emit("rope", parts[0], cos, sin, interleaved=bool(node.get("interleaved", 0)))
    made = parts[0] if len(parts) == 1 else ctx.emit("concat", parts, axis=3)
    return reshaped(ctx, made, list(shape))
