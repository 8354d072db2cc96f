// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-verify-stage{stage=graphs},mogg-from-mo,mogg-verify-stage,mogg-fuse,mogg-verify-stage{stage=values},mogg-to-linalg,mogg-verify-stage{stage=functions})' | FileCheck %s

// Each stage of the default lowering is what it says.

// CHECK-LABEL: func.func @f(
mo.graph @f(%x: !mo.tensor<[n, 4], f32>) -> !mo.tensor<[n, 4], f32> {
  %0 = mo.exp %x : !mo.tensor<[n, 4], f32>
  %1 = mo.softmax %0 : !mo.tensor<[n, 4], f32>
  mo.output %1 : !mo.tensor<[n, 4], f32>
}
