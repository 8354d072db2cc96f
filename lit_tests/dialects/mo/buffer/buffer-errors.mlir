// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

mo.graph @test(%b: !mo.buffer<[n], f32>, %x: !mo.tensor<[m], f32>, %c: !mo.chain) {
  // expected-error @+1 {{'mo.buffer.store' op expected a value of type !mo.tensor<[n], f32>, as the buffer holds; found !mo.tensor<[m], f32>; mo.rebind asserts that extents are equal}}
  %0 = mo.buffer.store %x, %b, %c : !mo.tensor<[m], f32>, !mo.buffer<[n], f32>
  mo.output
}

// -----

mo.graph @test(%b: !mo.buffer<[2], f32>, %x: !mo.tensor<[2], f16>, %c: !mo.chain) {
  // expected-error @+1 {{'mo.buffer.store' op expected a value of type !mo.tensor<[2], f32>, as the buffer holds; found !mo.tensor<[2], f16>}}
  %0 = mo.buffer.store %x, %b, %c : !mo.tensor<[2], f16>, !mo.buffer<[2], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2], f32>, %c: !mo.chain) {
  // expected-error @+1 {{'mo.buffer.load' op operand #0 ('buffer') must be mo.buffer, but got '!mo.tensor<[2], f32>'}}
  %0:2 = "mo.buffer.load"(%x, %c) : (!mo.tensor<[2], f32>, !mo.chain) -> (!mo.tensor<[2], f32>, !mo.chain)
  mo.output
}

// -----

mo.graph @test(%b: !mo.buffer<[2], f32>, %c: !mo.chain) {
  // expected-error @+1 {{'mo.buffer.load' op has result type(s) '!mo.tensor<[3], f32>', '!mo.chain', but its operands and attributes give '!mo.tensor<[2], f32>', '!mo.chain'}}
  %0:2 = "mo.buffer.load"(%b, %c) : (!mo.buffer<[2], f32>, !mo.chain) -> (!mo.tensor<[3], f32>, !mo.chain)
  mo.output
}

// -----

mo.graph @test(%shape: !mo.tensor<[3], si64>) {
  // expected-error @+1 {{'mo.buffer.create' op expected a shape of 2 extents, as the result has; found 3}}
  %0 = mo.buffer.create shape %shape : !mo.tensor<[3], si64> : !mo.buffer<[k, 4], f32>
  mo.output
}

// -----

mo.graph @test(%b: !mo.buffer<[4], f32>, %x: !mo.tensor<[2], f32>, %at: !mo.tensor<[2], si64>, %c: !mo.chain) {
  // expected-error @+1 {{'mo.buffer.store_slice' op expected starts of type !mo.tensor<[1], si64>, found !mo.tensor<[2], si64>}}
  %0 = mo.buffer.store_slice %x, %b[%at], %c : !mo.tensor<[2], f32>, !mo.buffer<[4], f32>, !mo.tensor<[2], si64>
  mo.output
}

// -----

mo.graph @test(%b: !mo.buffer<[4], f32>, %x: !mo.tensor<[2, 2], f32>, %at: !mo.tensor<[1], si64>, %c: !mo.chain) {
  // expected-error @+1 {{'mo.buffer.store_slice' op expected a value of rank 1, as the buffer has; found [2, 2]}}
  %0 = mo.buffer.store_slice %x, %b[%at], %c : !mo.tensor<[2, 2], f32>, !mo.buffer<[4], f32>, !mo.tensor<[1], si64>
  mo.output
}

// -----

mo.graph @test(%b: !mo.buffer<[4], f32>, %x: !mo.tensor<[2], f32, gpu:0>, %at: !mo.tensor<[1], si64>, %c: !mo.chain) {
  // expected-error @+1 {{'mo.buffer.store_slice' op expected a value of dtype f32 on cpu, as the buffer holds; found f32 on gpu:0}}
  %0 = mo.buffer.store_slice %x, %b[%at], %c : !mo.tensor<[2], f32, gpu:0>, !mo.buffer<[4], f32>, !mo.tensor<[1], si64>
  mo.output
}

// -----

mo.graph @test(%b: !mo.buffer<[4], f32>, %x: !mo.tensor<[3], f32>, %at: !mo.tensor<[1], si64>, %c: !mo.chain) {
  // expected-error @+1 {{'mo.buffer.store_slice' op expected axis 0 of the value to fit into 4 elements in steps of 2, found 3}}
  %0 = mo.buffer.store_slice %x, %b[%at], %c steps = [2] : !mo.tensor<[3], f32>, !mo.buffer<[4], f32>, !mo.tensor<[1], si64>
  mo.output
}

// -----

mo.graph @test(%b: !mo.buffer<[4], f32>, %x: !mo.tensor<[3], f32>, %at: !mo.tensor<[1], si64>, %c: !mo.chain) {
  // expected-error @+1 {{'mo.buffer.store_slice' op expected steps from 1 to 2147483647, found [0]}}
  %0 = mo.buffer.store_slice %x, %b[%at], %c steps = [0] : !mo.tensor<[3], f32>, !mo.buffer<[4], f32>, !mo.tensor<[1], si64>
  mo.output
}

// -----

mo.graph @test(%b: !mo.buffer<[4], f32>, %x: !mo.tensor<[3], f32>, %at: !mo.tensor<[1], si64>, %c: !mo.chain) {
  // expected-error @+1 {{'mo.buffer.store_slice' op expected a step for each of 1 axes, or none; found [1, 1]}}
  %0 = mo.buffer.store_slice %x, %b[%at], %c steps = [1, 1] : !mo.tensor<[3], f32>, !mo.buffer<[4], f32>, !mo.tensor<[1], si64>
  mo.output
}
