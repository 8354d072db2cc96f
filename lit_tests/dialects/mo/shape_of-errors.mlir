// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// The result is inferred.

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.shape_of' op has result type(s) '!mo.tensor<[1], si32>', but its operands and attributes give '!mo.tensor<[1], si64>'}}
  %0 = "mo.shape_of"(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[1], si32>
  mo.output
}
