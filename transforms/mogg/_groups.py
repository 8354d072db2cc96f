# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Groups of element-wise operations that become one kernel.

An operation joins the groups that its operands come from, when these have its shape, device and room; it waits in its
group until a value of the group is needed elsewhere. What a group reads from outside is there before the operation
joins, so a group can be emitted at any time, and no two groups wait for each other.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mograph import _native
from mograph._records import record
from mograph.transforms.lower.builder import KernelBuilder, Tensor
from mograph.transforms.lower.builder.loops import map_many, stored
from mograph.transforms.lower.builder.scalar import Scalar
from mograph.transforms.lower.rule import Elementwise
from mograph.transforms.mogg._errors import blaming
from mograph.transforms.mogg._kernels import Canon, Kernels
from mograph.transforms.mogg._types import TensorInfo

__all__ = ["MOST", "Group", "Member", "emit"]

MOST = 64
"""How many operations one group has at most."""


@record
class Member:
    """An operation of a group: its operands are tensors from outside, or the members that give them."""

    order: int
    op: Any
    name: str
    rule: Elementwise
    attributes: Hashable
    operands: tuple[Tensor | Member, ...]
    value: Any
    info: TensorInfo


@dataclass
class Group:
    """Members in the order of the program."""

    info: TensorInfo
    members: list[Member] = field(default_factory=list)

    def absorb(self, other: Group) -> None:
        """Take over the members of `other`."""
        self.members = sorted([*self.members, *other.members], key=lambda member: member.order)

    def fits(self, info: TensorInfo) -> bool:
        """Whether a result of this type is computed in the same loops on the same device."""
        return self.info.shape == info.shape and self.info.device == info.device


def emit(group: Group, k: KernelBuilder, kernels: Kernels) -> dict[Any, Tensor]:
    """Launch the kernel of `group`; gives the tensor for each value of it that is used outside."""
    members = group.members
    place = {id(member): index for index, member in enumerate(members)}
    inside = [0] * len(members)
    inputs: list[Tensor] = []
    seen: dict[int, int] = {}
    sources: list[list[tuple[bool, int]]] = []
    for member in members:
        row = []
        for operand in member.operands:
            if isinstance(operand, Member):
                index = place[id(operand)]
                inside[index] += 1
                row.append((True, index))
            else:
                position = seen.setdefault(id(operand), len(inputs))
                if position == len(inputs):
                    inputs.append(operand)
                row.append((False, position))
        sources.append(row)
    kept = [i for i, member in enumerate(members) if len(_native.users_of(member.value)) > inside[i]]
    if not kept:
        return {}
    shape = group.info.shape
    dtypes = [members[i].info.element for i in kept]
    canon = Canon()
    key = (
        tuple(canon.tensor(x) for x in inputs),
        canon.shape(shape),
        tuple(
            (member.name, member.attributes, member.info.dtype, tuple(row))
            for member, row in zip(members, sources, strict=True)
        ),
        tuple(kept),
    )

    def build(body: KernelBuilder, tensors: Sequence[Tensor]) -> list[Tensor]:
        def element(*elements: Scalar) -> list[Scalar]:
            values: list[Scalar] = []
            for member, row in zip(members, sources, strict=True):
                body.em.location = member.op.location
                operands = (values[index] if computed else elements[index] for computed, index in row)
                with blaming(member.op, member.name):
                    values.append(stored(body, member.rule.function(member.op, *operands), member.info.element))
            return [values[i] for i in kept]

        return map_many(body, element, tensors, dtypes, shape)

    k.em.location = members[-1].op.location
    names = [member.name for member in members]
    results = kernels.launch(k, key, canon, names, inputs, [(dtype, shape) for dtype in dtypes], build)
    return {members[i].value: tensor for i, tensor in zip(kept, results, strict=True)}
