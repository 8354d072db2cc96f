# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tables of operations on arrays: compiled together, each is run by compiled code and by the references.

A case is the text of one operation, whose operands are `%a0`, `%a1` and so on, of types `{0}`, `{1}`; `{r}` is the type
of its result.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from numpy.typing import NDArray

import mograph as mo

Array = NDArray[Any]
Dims = Sequence["int | str"]

DTYPES = {
    np.dtype(np.bool_): "i1",
    **{np.dtype(f"i{size}"): f"si{8 * size}" for size in (1, 2, 4, 8)},
    **{np.dtype(f"u{size}"): f"ui{8 * size}" for size in (1, 2, 4, 8)},
    **{np.dtype(f"f{size}"): f"f{8 * size}" for size in (2, 4, 8)},
    np.dtype(ml_dtypes.bfloat16): "bf16",
}


def type_text(array: Array, dims: Dims | None = None) -> str:
    """The type of an array, under other dimensions than its own."""
    shape = array.shape if dims is None else dims
    return f"!mo.tensor<[{', '.join(map(str, shape))}], {DTYPES[array.dtype]}>"


@dataclass(frozen=True)
class Case:
    """One model, its inputs, and its outputs or the message of its error."""

    name: str
    text: str
    inputs: tuple[Array, ...]
    expected: "tuple[Array, ...] | str"

    def __str__(self) -> str:
        return self.name

    def check(self, compiled: Any) -> None:
        """Run both ways, on copies of the inputs that must stay as they are."""
        for model in (compiled, mo.interpret(self.text)):
            given = [array.copy() for array in self.inputs]
            if isinstance(self.expected, str):
                with pytest.raises(ValueError, match=self.expected):
                    model(*given)
            else:
                found = model(*given)
                outputs = found if isinstance(found, tuple) else (found,)
                for output, expected in zip(outputs, self.expected, strict=True):
                    assert (output.dtype, output.shape) == (expected.dtype, expected.shape)
                    np.testing.assert_array_equal(output, expected)
            for array, before in zip(given, self.inputs, strict=True):
                np.testing.assert_array_equal(array, before)


@dataclass
class Table:
    """Cases, which get names from their operations."""

    cases: list[Case] = field(default_factory=list)

    def add(
        self,
        text: str,
        *inputs: Any,
        gives: Any = None,
        fails: str = "",
        dims: Sequence[Dims | None] = (),
        result: Dims | Sequence[Dims] | None = None,
        dtype: str = "",
    ) -> None:
        """Add one that `gives` an array, or a list of them, or `fails` with a message.

        `dims` are the dimensions of the inputs, by default their extents, and `result` those of the result, of a list
        for each.
        """
        arrays = tuple(map(np.asarray, inputs))
        several = isinstance(gives, list)
        expected = tuple(map(np.asarray, gives if several else [gives]))
        shapes = [*dims, *[None] * (len(arrays) - len(dims))]
        types = [type_text(array, shape) for array, shape in zip(arrays, shapes, strict=True)]
        wanted: Sequence[Any] = result if several and result is not None else [result] * len(expected)
        like = [np.empty(0, dtype or arrays[0].dtype)] if fails else expected
        outputs = [type_text(array, shape) for array, shape in zip(like, wanted, strict=True)]
        name = f"{text.split()[0].removeprefix('mo.').replace('.', '_')}_{len(self.cases)}"
        arguments = ", ".join(f"%a{i}: {type_}" for i, type_ in enumerate(types))
        values = ", ".join(f"%r#{i}" if several else "%r" for i in range(len(outputs)))
        results = ", ".join(outputs)
        model = (
            f"mo.graph @{name}({arguments}) -> ({results}) {{\n"
            f"  %r{f':{len(outputs)}' if several else ''} = {text.format(*types, r=results)}\n"
            f"  mo.output {values} : {results}\n}}\n"
        )
        self.cases.append(Case(name, model, arrays, fails or expected))

    def compile(self) -> dict[str, Any]:
        """The models by name."""
        models: dict[str, Any] = mo.load_all("".join(case.text for case in self.cases))
        return models
