# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The dialect `mo`: operations on whole tensors.

Every operation's module holds its declaration, its rules and its reference in numpy; numpy itself is imported by the
first evaluation.
"""

from mograph.dialects.mo.assert_ import Assert
from mograph.dialects.mo.attention import Attention
from mograph.dialects.mo.band_part import BandPart, Trilu
from mograph.dialects.mo.bitcast import Bitcast
from mograph.dialects.mo.broadcast_to import BroadcastTo
from mograph.dialects.mo.buffer.create import BufferCreate
from mograph.dialects.mo.buffer.load import BufferLoad
from mograph.dialects.mo.buffer.store import BufferStore
from mograph.dialects.mo.buffer.store_slice import BufferStoreSlice
from mograph.dialects.mo.call import Call
from mograph.dialects.mo.cast import Cast
from mograph.dialects.mo.chain_create import ChainCreate
from mograph.dialects.mo.compress import Compress
from mograph.dialects.mo.concat import Concat
from mograph.dialects.mo.condition import Condition
from mograph.dialects.mo.constant import Constant
from mograph.dialects.mo.constant_external import ConstantExternal
from mograph.dialects.mo.contract import Contract
from mograph.dialects.mo.conv.col2im import Col2im
from mograph.dialects.mo.conv.conv import Conv
from mograph.dialects.mo.conv.deform import DeformConv
from mograph.dialects.mo.conv.transpose import ConvTranspose
from mograph.dialects.mo.cumulative import Cumprod, Cumsum
from mograph.dialects.mo.custom import Custom
from mograph.dialects.mo.dequantize import Dequantize
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.dim import Dim
from mograph.dialects.mo.dynamic_pad import DynamicPad
from mograph.dialects.mo.dynamic_slice import DynamicSlice
from mograph.dialects.mo.elementwise.activation import (
    Erf,
    Erfc,
    Gelu,
    HardSigmoid,
    HardSwish,
    Mish,
    Sigmoid,
    Silu,
    Softplus,
    Softsign,
)
from mograph.dialects.mo.elementwise.arithmetic import Add, Atan2, Div, FloorDiv, Fmod, Max, Min, Mod, Mul, Pow, Sub
from mograph.dialects.mo.elementwise.clamp import Clamp
from mograph.dialects.mo.elementwise.comparison import Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual
from mograph.dialects.mo.elementwise.exponential import Exp, Exp2, Expm1, Log, Log1p, Log2, Log10
from mograph.dialects.mo.elementwise.logical import And, Not, Or, ShiftLeft, ShiftRight, Xor
from mograph.dialects.mo.elementwise.power import Abs, Cbrt, Negative, Reciprocal, Rsqrt, Sign, Sqrt, Square
from mograph.dialects.mo.elementwise.predicate import IsFinite, IsInf, IsNan
from mograph.dialects.mo.elementwise.rectified import (
    Celu,
    Elu,
    LeakyRelu,
    Prelu,
    Relu,
    Relu6,
    Selu,
    Shrink,
    ThresholdedRelu,
)
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
from mograph.dialects.mo.expand import Expand
from mograph.dialects.mo.flip import Flip
from mograph.dialects.mo.gather import Gather, GatherElements, GatherNd
from mograph.dialects.mo.graph import Graph
from mograph.dialects.mo.grouped_matmul import GroupedMatmul
from mograph.dialects.mo.if_ import If
from mograph.dialects.mo.iota import Iota
from mograph.dialects.mo.matmul import Matmul
from mograph.dialects.mo.matmul_integer import MatmulInteger
from mograph.dialects.mo.non_max_suppression import NonMaxSuppression
from mograph.dialects.mo.non_zero import NonZero
from mograph.dialects.mo.norm.channels import BatchNorm, GroupNorm, InstanceNorm
from mograph.dialects.mo.norm.layer import LayerNorm, RmsNorm
from mograph.dialects.mo.norm.local import LocalResponseNorm, LpNorm
from mograph.dialects.mo.one_hot import OneHot
from mograph.dialects.mo.output import Output
from mograph.dialects.mo.pad import Pad
from mograph.dialects.mo.parallel import Parallel
from mograph.dialects.mo.pool.average import AvgPool, GlobalAvgPool
from mograph.dialects.mo.pool.maximum import GlobalMaxPool, MaxPool
from mograph.dialects.mo.pool.norm import GlobalLpPool, LpPool
from mograph.dialects.mo.pool.unpool import MaxUnpool
from mograph.dialects.mo.print_ import Print
from mograph.dialects.mo.quantize import Quantize
from mograph.dialects.mo.random.normal import RandomNormal, StaticRandomNormal
from mograph.dialects.mo.random.uniform import RandomUniform
from mograph.dialects.mo.range import Range
from mograph.dialects.mo.rebind import Rebind
from mograph.dialects.mo.reduce.arg import ReduceArgMax, ReduceArgMin
from mograph.dialects.mo.reduce.arithmetic import ReduceAdd, ReduceMax, ReduceMean, ReduceMin, ReduceMul
from mograph.dialects.mo.reduce.logical import ReduceAll, ReduceAny
from mograph.dialects.mo.reduce.norms import ReduceL1, ReduceL2, ReduceLogSum, ReduceLogSumExp, ReduceSumSquare
from mograph.dialects.mo.reshape import Reshape
from mograph.dialects.mo.resize.resize import Resize
from mograph.dialects.mo.reverse_sequence import ReverseSequence
from mograph.dialects.mo.roll import Roll
from mograph.dialects.mo.rope import Rope
from mograph.dialects.mo.sample.grid_sample import GridSample
from mograph.dialects.mo.sample.roi_align import RoiAlign
from mograph.dialects.mo.scatter import Scatter, ScatterNd
from mograph.dialects.mo.select import Select
from mograph.dialects.mo.sequence import Sequence
from mograph.dialects.mo.shape_of import ShapeOf
from mograph.dialects.mo.shard_and_stack import ShardAndStack
from mograph.dialects.mo.slice import Slice
from mograph.dialects.mo.softmax import Hardmax, LogSoftmax, Softmax
from mograph.dialects.mo.sort import Argsort, Sort
from mograph.dialects.mo.space_to_depth import DepthToSpace, SpaceToDepth
from mograph.dialects.mo.split import Split
from mograph.dialects.mo.squeeze import Squeeze, Unsqueeze
from mograph.dialects.mo.tile import DynamicTile, Tile
from mograph.dialects.mo.top_k import BottomK, TopK
from mograph.dialects.mo.transfer import Transfer
from mograph.dialects.mo.transpose import Transpose
from mograph.dialects.mo.types import BufferType, ChainType, Device, TensorType
from mograph.dialects.mo.unique import Unique
from mograph.dialects.mo.while_ import While
from mograph.dialects.mo.yield_ import Yield

__all__ = [
    "Abs",
    "Acos",
    "Acosh",
    "Add",
    "And",
    "Argsort",
    "Asin",
    "Asinh",
    "Assert",
    "Atan",
    "Atan2",
    "Atanh",
    "Attention",
    "AvgPool",
    "BandPart",
    "BatchNorm",
    "Bitcast",
    "BottomK",
    "BroadcastTo",
    "BufferCreate",
    "BufferLoad",
    "BufferStore",
    "BufferStoreSlice",
    "BufferType",
    "Call",
    "Cast",
    "Cbrt",
    "Ceil",
    "Celu",
    "ChainCreate",
    "ChainType",
    "Clamp",
    "Col2im",
    "Compress",
    "Concat",
    "Condition",
    "Constant",
    "ConstantExternal",
    "Contract",
    "Conv",
    "ConvTranspose",
    "Cos",
    "Cosh",
    "Cumprod",
    "Cumsum",
    "Custom",
    "DeformConv",
    "DepthToSpace",
    "Dequantize",
    "Device",
    "Dim",
    "Div",
    "DynamicPad",
    "DynamicSlice",
    "DynamicTile",
    "Elu",
    "Equal",
    "Erf",
    "Erfc",
    "Exp",
    "Exp2",
    "Expand",
    "Expm1",
    "Flip",
    "Floor",
    "FloorDiv",
    "Fmod",
    "Gather",
    "GatherElements",
    "GatherNd",
    "Gelu",
    "GlobalAvgPool",
    "GlobalLpPool",
    "GlobalMaxPool",
    "Graph",
    "Greater",
    "GreaterEqual",
    "GridSample",
    "GroupNorm",
    "GroupedMatmul",
    "HardSigmoid",
    "HardSwish",
    "Hardmax",
    "If",
    "InstanceNorm",
    "Iota",
    "IsFinite",
    "IsInf",
    "IsNan",
    "LayerNorm",
    "LeakyRelu",
    "Less",
    "LessEqual",
    "LocalResponseNorm",
    "Log",
    "Log10",
    "Log1p",
    "Log2",
    "LogSoftmax",
    "LpNorm",
    "LpPool",
    "Matmul",
    "MatmulInteger",
    "Max",
    "MaxPool",
    "MaxUnpool",
    "Min",
    "Mish",
    "Mo",
    "Mod",
    "Mul",
    "Negative",
    "NonMaxSuppression",
    "NonZero",
    "Not",
    "NotEqual",
    "OneHot",
    "Or",
    "Output",
    "Pad",
    "Parallel",
    "Pow",
    "Prelu",
    "Print",
    "Quantize",
    "RandomNormal",
    "RandomUniform",
    "Range",
    "Rebind",
    "Reciprocal",
    "ReduceAdd",
    "ReduceAll",
    "ReduceAny",
    "ReduceArgMax",
    "ReduceArgMin",
    "ReduceL1",
    "ReduceL2",
    "ReduceLogSum",
    "ReduceLogSumExp",
    "ReduceMax",
    "ReduceMean",
    "ReduceMin",
    "ReduceMul",
    "ReduceSumSquare",
    "Relu",
    "Relu6",
    "Reshape",
    "Resize",
    "ReverseSequence",
    "RmsNorm",
    "RoiAlign",
    "Roll",
    "Rope",
    "Round",
    "Rsqrt",
    "Scatter",
    "ScatterNd",
    "Select",
    "Selu",
    "Sequence",
    "ShapeOf",
    "ShardAndStack",
    "ShiftLeft",
    "ShiftRight",
    "Shrink",
    "Sigmoid",
    "Sign",
    "Silu",
    "Sin",
    "Sinh",
    "Slice",
    "Softmax",
    "Softplus",
    "Softsign",
    "Sort",
    "SpaceToDepth",
    "Split",
    "Sqrt",
    "Square",
    "Squeeze",
    "StaticRandomNormal",
    "Sub",
    "Tan",
    "Tanh",
    "TensorType",
    "ThresholdedRelu",
    "Tile",
    "TopK",
    "Transfer",
    "Transpose",
    "Trilu",
    "Trunc",
    "Unique",
    "Unsqueeze",
    "While",
    "Xor",
    "Yield",
]

Mo.register()
