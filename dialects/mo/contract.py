# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.contract`."""

from mograph.dialects.kit import Attribute, Operands, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, einsum, rules
from mograph.dialects.mo.conversion import is_float, through_f64
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["Contract"]


class Contract(Mo.Operation, name="contract", traits=[t.Pure]):
    """Sums of products by Einstein's convention: numpy's `einsum`.

    The equation has a term for each input, with a letter for each of its dimensions, and after `->` one for the result.
    Dimensions with one letter are walked together; letters that the result lacks are summed over. A letter that a term
    repeats takes its diagonal. `...` stands for any number of dimensions, which broadcast, and is in the result when it
    is in a term and covers any. Without `->`, the result has what `...` covers, then the letters that occur once, in
    alphabetical order. Spaces mean nothing.

    The inputs, one or more, are integers or floats of equal dtype, on one device. Dimensions with one letter are equal,
    or 1 and repeated. Integers wrap. Floats narrower than f32 are multiplied and summed in f32 or wider and rounded
    once; the order of products and sums is the target's. The reference computes in f64.
    """

    inputs: Operands[TensorType]
    equation: Attribute[c.StrAttr]
    result: Result[TensorType]
    assembly_format = "$inputs `equation` `=` $equation attr-dict `:` custom<Types>(type($inputs))"
    folds = True

    @staticmethod
    def infer(inputs: tuple[TensorType, ...], equation: str) -> TensorType:
        if not inputs:
            raise VerifyError("expected one input or more, found none")
        named = {f"input {index}": input for index, input in enumerate(inputs)}
        rules.same_dtype(**named)
        dtypes.require(dtypes.NUMERIC, inputs[0].dtype)
        rules.same_device(**named)
        given = [input.shape for input in inputs]
        labels = einsum.labels(equation, [len(shape) for shape in given])
        extents = einsum.extents(labels, given)
        return TensorType.get(tuple(extents[label] for label in labels.output), inputs[0].dtype, inputs[0].device)

    @staticmethod
    def evaluate(inputs: list[Array], equation: str) -> Array:
        def contract(*arrays: Array) -> Array:
            return np.asarray(np.einsum(equation, *arrays))

        return through_f64(contract, *inputs) if is_float(inputs[0].dtype) else contract(*inputs)
