# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.contract`: products of pairs, each a nest that targets recognise as one of matrices where it is."""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

from mograph.dialects.mo import einsum
from mograph.dialects.mo.einsum import Label
from mograph.transforms.lower.builder import KernelBuilder, Tensor, loops
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "contract"]

OPS = ("mo.contract",)

_UNKNOWN = 256  # an extent known at run time only, where orders of products are compared

Term = tuple[Tensor, tuple[Label, ...]]


def contract(k: KernelBuilder, op: Op, *inputs: Tensor) -> Tensor:
    """The cheapest pair at a time; what only one operand has is summed over beforehand."""
    labels = einsum.labels(op.equation, [x.rank for x in inputs])
    extents = einsum.extents(labels, [x.shape for x in inputs])
    terms = [_narrowed(k, x, term, extents) for x, term in zip(inputs, labels.inputs, strict=True)]
    while len(terms) > 1:
        terms = [_summed(k, term, _elsewhere(terms, [term], labels.output)) for term in terms]
        left, right = _cheapest(terms, labels.output)
        kept = _elsewhere(terms, [left, right], labels.output)
        rest = [term for term in terms if term is not left and term is not right]
        terms = [*rest, _product(k, left, right, kept, labels.output if not rest else ())]
    x, found = _summed(k, terms[0], labels.output)
    x = k.transpose(x, [found.index(label) for label in labels.output])
    return k.cast(x, inputs[0].dtype)


def _narrowed(k: KernelBuilder, x: Tensor, term: tuple[Label, ...], extents: Mapping[Label, object]) -> Term:
    """The operand's diagonal where labels repeat, without the dimensions of 1 that others repeat."""
    kept = [label for label in dict.fromkeys(term) if x.shape[term.index(label)] != 1 or extents[label] == 1]
    gone = [axis for axis, label in enumerate(term) if label not in kept]
    x = k.reshape(x, [dim for axis, dim in enumerate(x.shape) if axis not in gone])
    term = tuple(label for label in term if label in kept)
    if len(term) == len(kept):
        return x, term
    shape = tuple(x.shape[term.index(label)] for label in kept)
    (diagonal,) = loops.pointwise(
        k, lambda element: (element,), [(x, tuple(kept.index(label) for label in term))], [x.dtype], shape
    )
    return diagonal, tuple(kept)


def _elsewhere(terms: Sequence[Term], some: Sequence[Term], output: Sequence[Label]) -> set[Label]:
    """The labels that the result has, or other terms than `some`."""
    return {*output, *(label for term in terms if all(term is not each for each in some) for label in term[1])}


def _summed(k: KernelBuilder, term: Term, kept: Sequence[Label] | set[Label]) -> Term:
    """The operand summed over the labels that are not `kept`."""
    x, labels = term
    axes = [axis for axis, label in enumerate(labels) if label not in kept]
    if not axes:
        return term
    return k.reduce(k.add, x, axes, dtype=x.dtype.compute), tuple(label for label in labels if label in kept)


def _cheapest(terms: Sequence[Term], output: Sequence[Label]) -> tuple[Term, Term]:
    """The pair whose product takes the fewest multiplications, of those the one that gives the fewest elements."""

    def cost(pair: tuple[Term, Term]) -> tuple[int, int]:
        kept = _elsewhere(terms, pair, output)
        extents = {label: dim for x, labels in pair for label, dim in zip(labels, x.shape, strict=True)}
        known = {label: dim if isinstance(dim, int) else _UNKNOWN for label, dim in extents.items()}
        return math.prod(known.values()), math.prod(known[label] for label in known if label in kept)

    return min(combinations(terms, 2), key=cost)


def _product(k: KernelBuilder, left: Term, right: Term, kept: set[Label], output: Sequence[Label]) -> Term:
    """The product of two operands; its labels are in the order of `output` where it can be had at once."""
    shared = [label for label in left[1] if label in right[1] and label in kept]
    rows = [label for label in left[1] if label not in right[1]]
    columns = [label for label in right[1] if label not in left[1]]
    order = [*shared, *rows, *columns]
    # A product of matrices is written along the columns of one operand: other orders are made of it afterwards.
    if output and (output[-1] not in shared or len(shared) == len(order)):
        order = list(output)
    return k.product(left, right, order, accumulator=left[0].dtype.compute), tuple(order)


RULES = {"mo.contract": contract}
