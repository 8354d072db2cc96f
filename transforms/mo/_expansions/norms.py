# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Normalisations in terms of means."""

from collections.abc import Sequence
from typing import Any

from mograph.transforms.mo._expansions import Expansion
from mograph.transforms.mo._expansions.builder import Builder

__all__ = ["EXPANSIONS"]


def _normal(k: Builder, x: Any, axes: Sequence[int], epsilon: float) -> Any:
    """`x` less its mean, over its deviation, along axes."""
    centred = k.sub(x, k.reduce_mean(x, axes=axes, keepdims=True))
    variance = k.reduce_mean(k.mul(centred, centred), axes=axes, keepdims=True)
    return k.mul(centred, k.rsqrt(k.add(variance, k.number(epsilon, x))))


def _scaled(k: Builder, x: Any, scale: Any, bias: Any) -> Any:
    if scale is not None:
        x = k.mul(x, k.wide(scale))
    return x if bias is None else k.add(x, k.wide(bias))


def _axes(k: Builder, op: Any, x: Any) -> list[int]:
    """The axes from `axis` to the end."""
    rank = len(k.shape(x))
    return list(range(op.axis % rank, rank))


def _layer_norm(k: Builder, op: Any, x: Any, scale: Any, bias: Any) -> Any:
    normal = _normal(k, k.wide(x), _axes(k, op, x), op.epsilon)
    return k.cast(_scaled(k, normal, scale, bias), k.type(x).dtype)


def _rms_norm(k: Builder, op: Any, x: Any, scale: Any) -> Any:
    wide = k.wide(x)
    square = k.reduce_mean(k.mul(wide, wide), axes=_axes(k, op, x), keepdims=True)
    normal = k.mul(wide, k.rsqrt(k.add(square, k.number(op.epsilon, wide))))
    return k.cast(_scaled(k, normal, scale, None), k.type(x).dtype)


def _group_norm(k: Builder, op: Any, x: Any, scale: Any, bias: Any) -> Any:
    batch, channels, *rest = k.shape(x)
    if not isinstance(channels, int) or channels % op.groups:
        return None
    split = k.reshape(k.wide(x), [batch, op.groups, channels // op.groups, *rest])
    normal = k.reshape(_normal(k, split, range(2, 3 + len(rest)), op.epsilon), k.shape(x))
    columns = [k.column(each, 1, 2 + len(rest)) for each in (scale, bias)]
    return k.cast(_scaled(k, normal, *columns), k.type(x).dtype)


def _instance_norm(k: Builder, op: Any, x: Any, scale: Any, bias: Any) -> Any:
    rank = len(k.shape(x))
    normal = _normal(k, k.wide(x), range(2, rank), op.epsilon)
    return k.cast(_scaled(k, normal, k.column(scale, 1, rank), k.column(bias, 1, rank)), k.type(x).dtype)


def _batch_norm(k: Builder, op: Any, x: Any, scale: Any, bias: Any, mean: Any, variance: Any) -> Any:
    rank = len(k.shape(x))
    scale, bias, mean, variance = (
        k.column(k.wide(each), op.axis % rank, rank) for each in (scale, bias, mean, variance)
    )
    normal = k.mul(k.sub(k.wide(x), mean), k.rsqrt(k.add(variance, k.number(op.epsilon, variance))))
    return k.cast(_scaled(k, normal, scale, bias), k.type(x).dtype)


def _lp_norm(k: Builder, op: Any, x: Any) -> Any:
    wide = k.wide(x)
    how = {"axes": [op.axis], "keepdims": True}
    if op.p == 1:
        norm = k.reduce_add(k.abs(wide), **how)
    elif op.p == 2:
        norm = k.sqrt(k.reduce_add(k.mul(wide, wide), **how))
    else:
        return None
    zero = k.number(0, wide)
    divided = k.select(k.equal(norm, zero), zero, k.div(wide, norm))
    return k.cast(k.broadcast_to(divided, k.shape(x)), k.type(x).dtype)


EXPANSIONS: dict[str, Expansion] = {
    "mo.batch_norm": _batch_norm,
    "mo.group_norm": _group_norm,
    "mo.instance_norm": _instance_norm,
    "mo.layer_norm": _layer_norm,
    "mo.lp_norm": _lp_norm,
    "mo.rms_norm": _rms_norm,
}
