// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// A weight is known by its name.

// CHECK-LABEL: mo.graph @test
mo.graph @test() {
  // CHECK: mo.constant.external "layer.0.weight" : !mo.tensor<[16, 10], f32>
  %r0 = mo.constant.external "layer.0.weight" : !mo.tensor<[16, 10], f32>
  // CHECK: mo.constant.external "scale" : !mo.tensor<[], bf16, gpu:0>
  %r1 = mo.constant.external "scale" : !mo.tensor<[], bf16, gpu:0>
  mo.output
}
