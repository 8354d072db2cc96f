# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The reference documentation says what a dialect declares."""

from textwrap import dedent

from mograph.dialects.kit import Attribute, Dialect, Operand, Operands, OptionalAttribute, Parameter, Region, Result
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.kit.reference import markdown


class Toy(Dialect, name="toy"):
    """Things to play with.

    More about them.
    """


class Ball(Toy.Type, name="ball"):
    """A ball."""

    size: Parameter[c.I64Attr]
    assembly_format = "`<` $size `>`"


class Throw(Toy.Operation, name="throw", traits=[t.Pure, t.HasParent("toy.game")]):
    """Throws balls.

    As far as it goes.
    """

    first: Operand[Ball]
    others: Operands[c.AnyType]
    far: Attribute[c.I64Attr] = 3
    to: OptionalAttribute[c.StrAttr]
    caught: Result[Ball]
    body: Region[c.Args("others", terminator="toy.end")]
    assembly_format = "$first (`,` $others^)? attr-dict `:` type(operands) `->` type($caught) $body"


THROW = """\
    ### `toy.throw`

    _Throws balls._

    Syntax:

    ```
    operation ::= `toy.throw` $first (`,` $others^)? attr-dict `:` type(operands) `->` type($caught) $body
    ```

    As far as it goes.

    Traits: `HasParent<toy.game>`, `Pure`

    | Operand | Description |
    | --- | --- |
    | `first` | toy.ball |
    | `others` | variadic of any type |

    | Attribute | Description |
    | --- | --- |
    | `far` | 64-bit signless integer attribute; by default 3 |
    | `to` | optional string attribute |

    | Result | Description |
    | --- | --- |
    | `caught` | toy.ball |

    | Region | Description |
    | --- | --- |
    | `body` | one block, with arguments of the types of `others`, ended by `toy.end` |
    """

BALL = """\
    ### `!toy.ball`

    _A ball._

    Syntax:

    ```
    !toy.ball`<` $size `>`
    ```

    | Parameter | Description |
    | --- | --- |
    | `size` | 64-bit signless integer attribute |
    """


def test_page_has_all_that_is_declared() -> None:
    page = markdown(Toy)
    assert page.startswith("# The dialect `toy`\n\nThings to play with.\n\nMore about them.\n\n## Operations\n")
    assert dedent(THROW) in page
    assert page.endswith("## Types\n\n" + dedent(BALL))
