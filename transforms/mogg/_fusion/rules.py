# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which launches are worth putting in one kernel, and why.

A rule is a function of an `Edge`, from a kernel that makes a tensor to one that reads it. It returns a `Decision`, or
None where it has nothing to say; the first decision counts. `RULES` are mograph's own; a plugin's are asked before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mograph._records import record
from mograph.transforms.mogg._fusion.summary import Summary, bytes_of, elements_of

__all__ = ["RULES", "Decision", "Edge", "Rule", "decide", "siblings"]


@record
class Edge:
    """A tensor that one kernel makes and another reads.

    `result` and `argument` are its numbers in the two; `made` is its type where it is made and `read` its type where it
    is read, which differ when there are `views` between. `inputs` are the types of what the producer reads. `alone`
    says that nobody else reads it. `before` and `after` are the kinds of the groups that producer and consumer are in
    by now, `members` the kinds of all launches in the producer's, and `products` how many products of matrices there
    are in it; `then` has the kinds of those that read the consumer's results, past elementwise ones, None for anything
    else.
    """

    producer: Summary
    consumer: Summary
    before: str
    after: str
    result: int
    argument: int
    made: Any
    read: Any
    inputs: Sequence[Any]
    views: bool
    alone: bool
    members: frozenset[str]
    products: int
    then: frozenset[str | None]

    @property
    def whole(self) -> bool:
        """Whether each loop nest of the consumer that reads the tensor reads every element once, in order."""
        return self.consumer.whole_in[self.argument]

    @property
    def once(self) -> bool:
        """The same in any order."""
        return self.consumer.once_in[self.argument]

    @property
    def by_rows(self) -> int:
        """How many of the outermost loops walk the tensor in both kernels."""
        return 0 if self.views else min(self.producer.aligned_out[self.result], self.consumer.aligned_in[self.argument])


@record
class Decision:
    """Whether to fuse, and why. `copies` lets the producer also stay where it is, and its work be done twice."""

    fuse: bool
    reason: str
    copies: bool = False


Rule = Callable[[Edge], Decision | None]

_SIMPLE = ("move", "elementwise")
_DEAR = ("reduction", "contraction", "window")


def never(edge: Edge) -> Decision | None:
    """Kernels with loops of their own are fused with nothing, and scalars are waited for."""
    if "opaque" in (edge.before, edge.after):
        return Decision(False, "has loops of its own")
    if not getattr(edge.made, "rank", 0):
        return Decision(False, "a scalar is needed before the first element")
    if edge.producer.kind == "join":
        return Decision(False, "what is joined is in memory as a whole")
    return None


def joined(edge: Edge) -> Decision | None:
    """What goes into a part of another tensor is stored there; of what is dear, one for each kernel."""
    if edge.consumer.kind != "join" or edge.views or not edge.alone or edge.before in _DEAR and edge.after in _DEAR:
        return None
    return Decision(True, "stored in the part that it is for")


def moved(edge: Edge) -> Decision | None:
    """What is only copied, repeated or put in another order is read where it is."""
    if edge.producer.kind == "move" and edge.before == "move" and not edge.producer.may_fail:
        return Decision(True, "copied elements are read where they are", copies=True)
    return None


def made_of_less(edge: Edge) -> Decision | None:
    """What is made of little is made again where it is needed, rather than written and read."""
    if (
        edge.producer.kind != "elementwise"
        or edge.producer.may_fail
        or not edge.whole
        or edge.consumer.kind == "window"
    ):
        return None
    if edge.producer.work <= LITTLE and 2 * sum(map(bytes_of, edge.inputs)) <= bytes_of(edge.made):
        return Decision(True, "made of less than itself", copies=True)
    return None


def scaled(edge: Edge) -> Decision | None:
    """What is converted or scaled on its way into a product is so when the product reads it."""
    if edge.producer.kind != "elementwise" or edge.before not in _SIMPLE or edge.consumer.kind != "contraction":
        return None
    tensors = sum(bool(getattr(type_, "rank", 0)) for type_ in edge.inputs)
    if edge.alone and tensors == 1 and edge.producer.work <= SCALING and not edge.producer.may_fail:
        return Decision(True, "converted or scaled where it is multiplied")
    return None


def elementwise_before(edge: Edge) -> Decision | None:
    """Elements are computed where they are read, if each is read once; others are when their row is."""
    if edge.before not in _SIMPLE or edge.consumer.kind in ("contraction", "window"):
        return None
    if edge.whole:
        return Decision(True, f"elementwise work before a kernel of kind {edge.consumer.kind}")
    if edge.consumer.kind == "rows" and edge.by_rows >= edge.consumer.rows:
        return Decision(True, "a row is computed where it is read")
    return None


def elementwise_after(edge: Edge) -> Decision | None:
    """Elementwise work on a result is done before the result is written."""
    if edge.consumer.kind != "elementwise" or edge.after != "elementwise" or edge.before in _SIMPLE or edge.views:
        return None
    if edge.whole:
        return Decision(True, f"elementwise work after a kernel of kind {edge.before}")
    if edge.before == "rows" and edge.by_rows:
        return Decision(True, "elementwise work on a row that is at hand")
    return None


def moved_after(edge: Edge) -> Decision | None:
    """What attention mixes is written where the next product reads it as rows, such as with the heads side by side."""
    if edge.consumer.kind != "move" or edge.after != "move" or not edge.alone or edge.views or not edge.once:
        return None
    if edge.before == "contraction" and edge.products > 1:
        return Decision(True, "the mix is written in the order in which it is read next")
    return None


def same_rows(edge: Edge) -> Decision | None:
    """Kernels over the same rows work on one row after the other."""
    if edge.before == "rows" and edge.after in ("rows", "elementwise") and edge.by_rows >= 1:
        return Decision(True, "kernels over the same rows")
    return None


def scores(edge: Edge) -> Decision | None:
    """The scores of attention, products that are only normalised by rows to be multiplied again, stay in their row."""
    if edge.before != "contraction" or not edge.alone:
        return None
    if edge.consumer.kind == "rows" and edge.by_rows and edge.then == {"contraction"}:
        return Decision(True, "scores are normalised row by row")
    if edge.consumer.kind == "contraction" and "rows" in edge.members and edge.products == 1:
        return Decision(True, "a row of scores is multiplied while it is at hand")
    return None


LITTLE = 8
"""How many operations an element may take that is computed twice."""
SCALING = 2
"""How many operations an element may take that is computed as often as a product reads it."""

RULES: tuple[Rule, ...] = (
    never,
    joined,
    moved_after,
    moved,
    made_of_less,
    scaled,
    elementwise_before,
    elementwise_after,
    same_rows,
    scores,
)


def siblings(first: Summary, second: Summary, arguments: tuple[int, int]) -> str:
    """Why two kernels are worth putting together that have nothing in common but a tensor that both read, which is
    argument `arguments` of them; empty where they are not.
    """
    both = tuple(zip((first, second), arguments, strict=True))
    if all(each.kind == "rows" and each.whole_in[at] and each.aligned_in[at] >= each.rows for each, at in both):
        return "reductions over the rows of the same tensor"
    return ""


def decide(edge: Edge, rules: Sequence[Rule]) -> Decision:
    """The first decision of the rules; not to fuse where none says anything."""
    for rule in rules:
        decision = rule(edge)
        if decision is not None:
            return decision
    return Decision(False, f"nothing to win: {elements_of(edge.made)} elements of a {edge.producer.kind}")
