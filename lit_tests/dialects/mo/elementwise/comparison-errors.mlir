// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Operands have one dtype.

mo.graph @test(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[n], i1>) {
  // expected-error @+1 {{'mo.less' op expected lhs and rhs of equal dtype, found f32 and i1; mo.cast changes a dtype}}
  %0 = mo.less %x, %y : !mo.tensor<[n], f32>, !mo.tensor<[n], i1>
  mo.output
}
