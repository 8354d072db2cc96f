// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// In this order: each case has the later faults too.

mo.graph @test() {
  // expected-error @+1 {{'mo.shard_and_stack' op expected one input or more, found none}}
  "mo.shard_and_stack"() {axis = 9 : i64, devices = []} : () -> ()
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 2], f32>, %y: !mo.tensor<[4], f16, gpu:0>) {
  // expected-error @+1 {{'mo.shard_and_stack' op expected one device or more, found none}}
  "mo.shard_and_stack"(%x, %y) {axis = 9 : i64, devices = []} : (!mo.tensor<[3, 2], f32>, !mo.tensor<[4], f16, gpu:0>) -> ()
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 2], f32>, %y: !mo.tensor<[4], f16, gpu:0>) {
  // expected-error @+1 {{'mo.shard_and_stack' op expected inputs of equal device, found !mo.tensor<[3, 2], f32> and !mo.tensor<[4], f16, gpu:0> for inputs 0 and 1}}
  "mo.shard_and_stack"(%x, %y) {axis = 9 : i64, devices = [#mo.device<cpu>, #mo.device<cpu>]} : (!mo.tensor<[3, 2], f32>, !mo.tensor<[4], f16, gpu:0>) -> ()
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 2], f32, gpu:0>, %y: !mo.tensor<[4], f16, gpu:0>) {
  // expected-error @+1 {{'mo.shard_and_stack' op expected inputs of equal dtype, found !mo.tensor<[3, 2], f32, gpu:0> and !mo.tensor<[4], f16, gpu:0> for inputs 0 and 1}}
  "mo.shard_and_stack"(%x, %y) {axis = 9 : i64, devices = [#mo.device<cpu>, #mo.device<cpu>]} : (!mo.tensor<[3, 2], f32, gpu:0>, !mo.tensor<[4], f16, gpu:0>) -> ()
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 2], f32, gpu:0>, %y: !mo.tensor<[4], f32, gpu:0>) {
  // expected-error @+1 {{'mo.shard_and_stack' op expected inputs of equal shape, found !mo.tensor<[3, 2], f32, gpu:0> and !mo.tensor<[4], f32, gpu:0> for inputs 0 and 1}}
  "mo.shard_and_stack"(%x, %y) {axis = 9 : i64, devices = [#mo.device<cpu>, #mo.device<cpu>]} : (!mo.tensor<[3, 2], f32, gpu:0>, !mo.tensor<[4], f32, gpu:0>) -> ()
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 2], f32, gpu:0>) {
  // expected-error @+1 {{'mo.shard_and_stack' op expected axis to be in [-2, 2) for a tensor of rank 2, found 9}}
  "mo.shard_and_stack"(%x, %x) {axis = 9 : i64, devices = [#mo.device<cpu>, #mo.device<cpu>]} : (!mo.tensor<[3, 2], f32, gpu:0>, !mo.tensor<[3, 2], f32, gpu:0>) -> ()
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 2], f32, gpu:0>) {
  // expected-error @+1 {{'mo.shard_and_stack' op expected inputs on the host, cpu; found them on gpu:0}}
  "mo.shard_and_stack"(%x, %x) {axis = 0 : i64, devices = [#mo.device<cpu>, #mo.device<cpu>]} : (!mo.tensor<[3, 2], f32, gpu:0>, !mo.tensor<[3, 2], f32, gpu:0>) -> ()
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 2], f32>) {
  // expected-error @+1 {{'mo.shard_and_stack' op expected an extent on axis 0 that the number of devices, 2, divides; found 3 in [3, 2]}}
  "mo.shard_and_stack"(%x, %x) {axis = 0 : i64, devices = [#mo.device<cpu>, #mo.device<cpu>]} : (!mo.tensor<[3, 2], f32>, !mo.tensor<[3, 2], f32>) -> ()
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{'mo.shard_and_stack' op has result type(s)}}
  "mo.shard_and_stack"(%x) {axis = 0 : i64, devices = [#mo.device<cpu>, #mo.device<cpu>]} : (!mo.tensor<[2], f32>) -> ()
  mo.output
}
