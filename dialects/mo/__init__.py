# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The dialect `mo`: operations on whole tensors.

Every operation's module holds its declaration, its rules and its reference in numpy; numpy itself is imported by the
first evaluation.
"""

from mograph.dialects.mo.bitcast import Bitcast
from mograph.dialects.mo.broadcast_to import BroadcastTo
from mograph.dialects.mo.call import Call
from mograph.dialects.mo.cast import Cast
from mograph.dialects.mo.chain_create import ChainCreate
from mograph.dialects.mo.concat import Concat
from mograph.dialects.mo.condition import Condition
from mograph.dialects.mo.constant import Constant
from mograph.dialects.mo.constant_external import ConstantExternal
from mograph.dialects.mo.conv.conv import Conv
from mograph.dialects.mo.conv.transpose import ConvTranspose
from mograph.dialects.mo.contract import Contract
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.elementwise.activation import Erf, Erfc, Gelu, Relu, Sigmoid, Silu, Softplus
from mograph.dialects.mo.elementwise.arithmetic import Add, Atan2, Div, FloorDiv, Fmod, Max, Min, Mod, Mul, Pow, Sub
from mograph.dialects.mo.elementwise.comparison import Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual
from mograph.dialects.mo.elementwise.exponential import Exp, Exp2, Expm1, Log, Log1p, Log2, Log10
from mograph.dialects.mo.elementwise.logical import And, Not, Or, ShiftLeft, ShiftRight, Xor
from mograph.dialects.mo.elementwise.power import Abs, Cbrt, Negative, Reciprocal, Rsqrt, Sign, Sqrt, Square
from mograph.dialects.mo.elementwise.predicate import IsFinite, IsInf, IsNan
from mograph.dialects.mo.elementwise.rounding import Ceil, Floor, Round, Trunc
from mograph.dialects.mo.elementwise.trigonometric import (
    Acos,
    Acosh,
    Asin,
    Asinh,
    Atan,
    Atanh,
    Cos,
    Cosh,
    Sin,
    Sinh,
    Tan,
    Tanh,
)
from mograph.dialects.mo.graph import Graph
from mograph.dialects.mo.if_ import If
from mograph.dialects.mo.iota import Iota
from mograph.dialects.mo.matmul import Matmul
from mograph.dialects.mo.output import Output
from mograph.dialects.mo.random.normal import RandomNormal, StaticRandomNormal
from mograph.dialects.mo.random.uniform import RandomUniform
from mograph.dialects.mo.rebind import Rebind
from mograph.dialects.mo.reduce.arg import ReduceArgMax, ReduceArgMin
from mograph.dialects.mo.reduce.arithmetic import ReduceAdd, ReduceMax, ReduceMean, ReduceMin, ReduceMul
from mograph.dialects.mo.reduce.logical import ReduceAll, ReduceAny
from mograph.dialects.mo.reshape import Reshape
from mograph.dialects.mo.select import Select
from mograph.dialects.mo.shape_of import ShapeOf
from mograph.dialects.mo.shard_and_stack import ShardAndStack
from mograph.dialects.mo.slice import Slice
from mograph.dialects.mo.softmax import LogSoftmax, Softmax
from mograph.dialects.mo.transpose import Transpose
from mograph.dialects.mo.types import ChainType, Device, TensorType
from mograph.dialects.mo.while_ import While
from mograph.dialects.mo.yield_ import Yield

__all__ = [
    "Abs",
    "Acos",
    "Acosh",
    "Add",
    "And",
    "Asin",
    "Asinh",
    "Atan",
    "Atan2",
    "Atanh",
    "Bitcast",
    "BroadcastTo",
    "Call",
    "Cast",
    "Cbrt",
    "Ceil",
    "ChainCreate",
    "ChainType",
    "Concat",
    "Condition",
    "Constant",
    "ConstantExternal",
    "Contract",
    "Conv",
    "ConvTranspose",
    "Cos",
    "Cosh",
    "Device",
    "Div",
    "Equal",
    "Erf",
    "Erfc",
    "Exp",
    "Exp2",
    "Expm1",
    "Floor",
    "FloorDiv",
    "Fmod",
    "Gelu",
    "Graph",
    "Greater",
    "GreaterEqual",
    "If",
    "Iota",
    "IsFinite",
    "IsInf",
    "IsNan",
    "Less",
    "LessEqual",
    "Log",
    "Log10",
    "Log1p",
    "Log2",
    "LogSoftmax",
    "Matmul",
    "Max",
    "Min",
    "Mo",
    "Mod",
    "Mul",
    "Negative",
    "Not",
    "NotEqual",
    "Or",
    "Output",
    "Pow",
    "RandomNormal",
    "RandomUniform",
    "Rebind",
    "Reciprocal",
    "ReduceAdd",
    "ReduceAll",
    "ReduceAny",
    "ReduceArgMax",
    "ReduceArgMin",
    "ReduceMax",
    "ReduceMean",
    "ReduceMin",
    "ReduceMul",
    "Relu",
    "Reshape",
    "Round",
    "Rsqrt",
    "Select",
    "ShapeOf",
    "ShardAndStack",
    "ShiftLeft",
    "ShiftRight",
    "Sigmoid",
    "Sign",
    "Silu",
    "Sin",
    "Sinh",
    "Slice",
    "Softmax",
    "Softplus",
    "Sqrt",
    "Square",
    "StaticRandomNormal",
    "Sub",
    "Tan",
    "Tanh",
    "TensorType",
    "Transpose",
    "Trunc",
    "While",
    "Xor",
    "Yield",
]

Mo.register()
