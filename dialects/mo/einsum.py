# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Einstein's summation convention as numpy writes it: equations such as `ij,jk->ik`, and the labels that they give."""

from collections.abc import Sequence
from typing import NamedTuple

from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import shapes

__all__ = ["Label", "Labels", "extents", "labels"]

_ELLIPSIS = "..."

Label = str | int
"""What marks a dimension: a letter, or a negative number for one under an ellipsis, counted from its end."""


class Labels(NamedTuple):
    """An equation for operands of known ranks."""

    inputs: tuple[tuple[Label, ...], ...]
    """A label for each dimension of each operand."""
    output: tuple[Label, ...]
    """A label for each dimension of the result; what it lacks is summed over."""


def labels(equation: str, ranks: Sequence[int]) -> Labels:
    """The labels that `equation` gives to operands of these ranks and to the result.

    Without `->`, the result has the dimensions under ellipses, then the letters that occur once, in alphabetical order.
    Raises `VerifyError` for what is no equation, or not one for these ranks.
    """
    text = equation.replace(" ", "")
    left, arrow, right = text.partition("->")
    terms = left.split(",")
    if len(terms) != len(ranks):
        raise VerifyError(
            f"expected an equation of {len(ranks)} terms, one for each input; found {len(terms)} in '{equation}'"
        )
    inputs = tuple(
        _term(equation, number, term, rank) for number, (term, rank) in enumerate(zip(terms, ranks, strict=True))
    )
    under = max((-label for term in inputs for label in term if isinstance(label, int)), default=0)
    repeated = tuple(range(-under, 0))
    if not arrow:
        letters = [label for term in inputs for label in term if isinstance(label, str)]
        return Labels(inputs, (*repeated, *sorted(letter for letter in letters if letters.count(letter) == 1)))
    before, dots, after = right.partition(_ELLIPSIS)
    _require_letters(equation, before + after)
    known = {label for term in inputs for label in term}
    for letter in before + after:
        if letter not in known:
            raise VerifyError(
                f"expected the letters of the result among those of the inputs, found {letter} in '{equation}'"
            )
        if right.count(letter) > 1:
            raise VerifyError(f"expected each letter once in the result, found {letter} twice in '{equation}'")
    if repeated and not dots:
        raise VerifyError(
            f"expected an ellipsis in the result, as {under} dimensions of the inputs lie under one; found '{equation}'"
        )
    return Labels(inputs, (*before, *repeated, *after) if dots else tuple(before))


def _term(equation: str, number: int, term: str, rank: int) -> tuple[Label, ...]:
    """The labels of one operand."""
    before, dots, after = term.partition(_ELLIPSIS)
    _require_letters(equation, before + after)
    under = rank - len(before) - len(after)
    if under < 0 or under and not dots:
        raise VerifyError(
            f"expected {'at most ' if dots else ''}as many letters as input {number} has dimensions, {rank}; "
            f"found '{term}' in '{equation}'"
        )
    return (*before, *range(-under, 0), *after)


def _require_letters(equation: str, text: str) -> None:
    for character in text:
        if not (character.isascii() and character.isalpha()):
            raise VerifyError(
                f"expected an equation of letters, commas, '...' and '->', such as 'ij,jk->ik'; "
                f"found {character!r} in '{equation}'"
            )


def extents(found: Labels, given: Sequence[shapes.Shape]) -> dict[Label, shapes.Extent]:
    """The extent of each label, where operands have the shapes `given`; a dimension of 1 is repeated.

    Raises `VerifyError` where two that are not 1 differ, or two of one operand, whose diagonal is meant.
    """
    known: dict[Label, shapes.Extent] = {}
    for number, (term, shape) in enumerate(zip(found.inputs, given, strict=True)):
        own: dict[Label, shapes.Extent] = {}
        for label, extent in zip(term, shape, strict=True):
            if own.setdefault(label, extent) != extent:
                raise VerifyError(
                    f"expected the dimensions of input {number} with the letter {label} to be equal, "
                    f"found {own[label]} and {extent} in {shapes.text(shape)}"
                )
        for label, extent in own.items():
            before = known.get(label, 1)
            if before not in (1, extent) and extent != 1:
                where = f"with the letter {label}" if isinstance(label, str) else f"{-label} before the ellipsis' end"
                raise VerifyError(
                    f"expected the dimensions {where} to be equal or 1, found {before} and {extent} "
                    f"in {', '.join(map(shapes.text, given))}"
                )
            known[label] = extent if before == 1 else before
    return known
