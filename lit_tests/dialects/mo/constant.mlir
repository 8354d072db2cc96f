// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// One number fills the tensor; an infinity or NaN is written as its bits.

// CHECK-LABEL: mo.graph @test
mo.graph @test() {
  // CHECK: mo.constant 0 : !mo.tensor<[], si32>
  %0 = mo.constant 0 : !mo.tensor<[], si32>
  // CHECK: mo.constant -3 : !mo.tensor<[], si8>
  %1 = mo.constant -3 : !mo.tensor<[], si8>
  // CHECK: mo.constant 255 : !mo.tensor<[2, 2], ui8>
  %2 = mo.constant dense<255> : !mo.tensor<[2, 2], ui8>
  // CHECK: mo.constant true : !mo.tensor<[], i1>
  %3 = mo.constant true : !mo.tensor<[], i1>
  // CHECK: mo.constant dense<[true, false]> : !mo.tensor<[2], i1>
  %4 = mo.constant dense<[true, false]> : !mo.tensor<[2], i1>
  // CHECK: mo.constant 1.500000e+00 : !mo.tensor<[4], bf16, gpu:0>
  %5 = mo.constant 1.5 : !mo.tensor<[4], bf16, gpu:0>
  // CHECK: mo.constant 0x7F800000 : !mo.tensor<[], f32>
  %6 = mo.constant 0x7F800000 : !mo.tensor<[], f32>
  // CHECK: mo.constant dense<{{\[\[}}1, 2], [3, 4]]> : !mo.tensor<[2, 2], si64>
  %7 = mo.constant dense<[[1, 2], [3, 4]]> : !mo.tensor<[2, 2], si64>
  // CHECK: mo.constant dense<> : !mo.tensor<[0, 3], f32>
  %8 = mo.constant dense<> : !mo.tensor<[0, 3], f32>
  // CHECK: mo.constant 2.500000e-01 : !mo.tensor<[], f8E4M3FN>
  %9 = mo.constant 0.25 : !mo.tensor<[], f8E4M3FN>
  mo.output
}
