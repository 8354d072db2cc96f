// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

mo.graph @test(%x: !mo.tensor<[n, 4], f32>, %s: !mo.tensor<[2, n, 4], f32>) {
  // expected-error @+1 {{'mo.layer_norm' op expected scale to broadcast to the shape of the input, [n, 4]; found [2, n, 4]}}
  %0 = mo.layer_norm %x scale %s : !mo.tensor<[n, 4], f32> scale !mo.tensor<[2, n, 4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], si32>) {
  // expected-error @+1 {{'mo.rms_norm' op expected dtype to be a float, found si32}}
  %0 = mo.rms_norm %x : !mo.tensor<[n], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 4], f32>) {
  // expected-error @+1 {{'mo.rms_norm' op expected epsilon to be 0 or more, found -1.0}}
  %0 = mo.rms_norm %x epsilon = -1.0 : !mo.tensor<[n, 4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 4], f32>, %s: !mo.tensor<[4], f32>, %v: !mo.tensor<[5], f32>) {
  // expected-error @+1 {{'mo.batch_norm' op expected variance of shape [4], as axis 1 of the input [n, 4]; found [5]}}
  %0 = mo.batch_norm %x, %s, %s, %s, %v : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>, !mo.tensor<[4], f32>, !mo.tensor<[4], f32>, !mo.tensor<[5], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 4], f32>, %s: !mo.tensor<[4], f32>) {
  // expected-error @+1 {{'mo.instance_norm' op expected an input of rank 3 or more, found 2}}
  %0 = mo.instance_norm %x, %s, %s : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>, !mo.tensor<[4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 4], f32>, %s: !mo.tensor<[4], f32>) {
  // expected-error @+1 {{'mo.group_norm' op expected a number of channels that is divisible by 3 groups, found 4}}
  %0 = mo.group_norm %x, %s, %s groups = 3 : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>, !mo.tensor<[4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 4], f32>, %s: !mo.tensor<[4], f32>) {
  // expected-error @+1 {{'mo.group_norm' op attribute 'groups' must be 64-bit signless integer attribute of at least 1, but got 0 : i64}}
  %0 = mo.group_norm %x, %s, %s groups = 0 : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>, !mo.tensor<[4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 4], f32>) {
  // expected-error @+1 {{'mo.lp_norm' op expected axis to be in [-2, 2) for a tensor of rank 2, found 2}}
  %0 = mo.lp_norm %x axis = 2 : !mo.tensor<[n, 4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.local_response_norm' op expected an input of rank 2 or more, found 1}}
  %0 = mo.local_response_norm %x size = 3 : !mo.tensor<[n], f32>
  mo.output
}
