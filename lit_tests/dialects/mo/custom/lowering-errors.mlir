// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt --load-plugin=%S/Inputs/customs.py %s --verify-diagnostics --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)'

mo.graph @test(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  // expected-error @+1 {{custom operation 'demo.bare' has neither lower nor body: it is interpreted only}}
  %0 = mo.custom "demo.bare"(%x) params = {axis = 0} : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  // expected-error @+1 {{the lowering of 'demo.broken' raised ValueError: expected 1 results (y), found 2}}
  %0 = mo.custom "demo.broken"(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}
