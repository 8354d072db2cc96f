// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// What the operands are, and where.

mo.graph @test(%a: !mo.tensor<[2], si64>, %b: !mo.tensor<[], f32>, %c: !mo.tensor<[], f32>, %d: !mo.tensor<[], si64>) {
  // expected-error @+1 {{'mo.random.uniform' op expected a result of dtype f16, bf16, f32, f64, found si8}}
  %0 = mo.random.uniform %a, %b, %c, %d : (!mo.tensor<[2], si64>, !mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>) -> !mo.tensor<[2, 3], si8>
  mo.output
}

// -----

mo.graph @test(%a: !mo.tensor<[2], si32>, %b: !mo.tensor<[], f32>, %c: !mo.tensor<[], f32>, %d: !mo.tensor<[], si64>) {
  // expected-error @+1 {{'mo.random.uniform' op expected a shape of type !mo.tensor<[2], si64>, found !mo.tensor<[2], si32>}}
  %0 = mo.random.uniform %a, %b, %c, %d : (!mo.tensor<[2], si32>, !mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>) -> !mo.tensor<[2, 3], f32>
  mo.output
}

// -----

mo.graph @test(%a: !mo.tensor<[3], si64>, %b: !mo.tensor<[], f32>, %c: !mo.tensor<[], f32>, %d: !mo.tensor<[], si64>) {
  // expected-error @+1 {{'mo.random.uniform' op expected a shape of 2 extents, as the result has; found 3}}
  %0 = mo.random.uniform %a, %b, %c, %d : (!mo.tensor<[3], si64>, !mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>) -> !mo.tensor<[2, 3], f32>
  mo.output
}

// -----

mo.graph @test(%a: !mo.tensor<[2], si64>, %b: !mo.tensor<[1], f32>, %c: !mo.tensor<[], f32>, %d: !mo.tensor<[], si64>) {
  // expected-error @+1 {{'mo.random.uniform' op expected low of rank 0, found [1]}}
  %0 = mo.random.uniform %a, %b, %c, %d : (!mo.tensor<[2], si64>, !mo.tensor<[1], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>) -> !mo.tensor<[2, 3], f32>
  mo.output
}

// -----

mo.graph @test(%a: !mo.tensor<[2], si64>, %b: !mo.tensor<[], f32>, %c: !mo.tensor<[], f16>, %d: !mo.tensor<[], si64>) {
  // expected-error @+1 {{'mo.random.uniform' op expected high of dtype f32, found f16}}
  %0 = mo.random.uniform %a, %b, %c, %d : (!mo.tensor<[2], si64>, !mo.tensor<[], f32>, !mo.tensor<[], f16>, !mo.tensor<[], si64>) -> !mo.tensor<[2, 3], f32>
  mo.output
}

// -----

mo.graph @test(%a: !mo.tensor<[2], si64>, %b: !mo.tensor<[], f32>, %c: !mo.tensor<[], f32>, %d: !mo.tensor<[], si32>) {
  // expected-error @+1 {{'mo.random.uniform' op expected seed of dtype si64, found si32}}
  %0 = mo.random.uniform %a, %b, %c, %d : (!mo.tensor<[2], si64>, !mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si32>) -> !mo.tensor<[2, 3], f32>
  mo.output
}

// -----

mo.graph @test(%a: !mo.tensor<[2], si64>, %b: !mo.tensor<[], f32>, %c: !mo.tensor<[], f32, gpu:1>, %d: !mo.tensor<[], si64>) {
  // expected-error @+1 {{'mo.random.uniform' op expected high on cpu or gpu:0, found gpu:1}}
  %0 = mo.random.uniform %a, %b, %c, %d : (!mo.tensor<[2], si64>, !mo.tensor<[], f32>, !mo.tensor<[], f32, gpu:1>, !mo.tensor<[], si64>) -> !mo.tensor<[2, 3], f32, gpu:0>
  mo.output
}
