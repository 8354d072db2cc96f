// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

mo.graph @test(%x: !mo.tensor<[4], f32>, %s: !mo.tensor<[], f32>) {
  // expected-error @+1 {{'mo.quantize' op expected a result to be of integers of 16, 8, 4 or 2 bits, f8E4M3FN, f8E5M2, f8E4M3FNUZ, f8E5M2FNUZ, f4E2M1FN; found si32}}
  %0 = mo.quantize %x, %s : (!mo.tensor<[4], f32>, !mo.tensor<[], f32>) -> !mo.tensor<[4], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[4], si64>, %s: !mo.tensor<[], f32>) {
  // expected-error @+1 {{'mo.quantize' op expected the input, other than si32, to be a float, found si64}}
  %0 = mo.quantize %x, %s : (!mo.tensor<[4], si64>, !mo.tensor<[], f32>) -> !mo.tensor<[4], si8>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[4], f32>, %s: !mo.tensor<[], f32>) {
  // expected-error @+1 {{'mo.quantize' op expected a result with the shape and device of the input, !mo.tensor<[4], si8>; found !mo.tensor<[5], si8>}}
  %0 = mo.quantize %x, %s : (!mo.tensor<[4], f32>, !mo.tensor<[], f32>) -> !mo.tensor<[5], si8>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[4], f32>, %s: !mo.tensor<[], si32>) {
  // expected-error @+1 {{'mo.quantize' op expected scale to be a float, found si32}}
  %0 = mo.quantize %x, %s : (!mo.tensor<[4], f32>, !mo.tensor<[], si32>) -> !mo.tensor<[4], si8>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[4], f32>, %s: !mo.tensor<[], f32>, %z: !mo.tensor<[], ui8>) {
  // expected-error @+1 {{'mo.quantize' op expected a zero point of dtype si8, found ui8}}
  %0 = mo.quantize %x, %s, %z : (!mo.tensor<[4], f32>, !mo.tensor<[], f32>, !mo.tensor<[], ui8>) -> !mo.tensor<[4], si8>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[4], f32>, %s: !mo.tensor<[], f32>, %z: !mo.tensor<[1], si8>) {
  // expected-error @+1 {{'mo.quantize' op expected a scale and a zero point of equal shape, found [] and [1]}}
  %0 = mo.quantize %x, %s, %z : (!mo.tensor<[4], f32>, !mo.tensor<[], f32>, !mo.tensor<[1], si8>) -> !mo.tensor<[4], si8>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[4, 6], f32>, %s: !mo.tensor<[4, 6], f32>) {
  // expected-error @+1 {{'mo.quantize' op expected a scale of rank 0 or 1, or a block size for one of the input's rank; found the shape [4, 6]}}
  %0 = mo.quantize %x, %s : (!mo.tensor<[4, 6], f32>, !mo.tensor<[4, 6], f32>) -> !mo.tensor<[4, 6], si8>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[4, 6], f32>, %s: !mo.tensor<[4, 2], f32>) {
  // expected-error @+1 {{'mo.quantize' op expected a block size of 0 or more, found -3}}
  %0 = mo.quantize %x, %s block_size = -3 : (!mo.tensor<[4, 6], f32>, !mo.tensor<[4, 2], f32>) -> !mo.tensor<[4, 6], si8>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[4, 6], si8>, %s: !mo.tensor<[4, 2], f32>) {
  // expected-error @+1 {{'mo.dequantize' op expected a scale for each block of 4 on axis 0, of shape [1, 6]; found [4, 2]}}
  %0 = mo.dequantize %x, %s axis = 0 block_size = 4 : (!mo.tensor<[4, 6], si8>, !mo.tensor<[4, 2], f32>) -> !mo.tensor<[4, 6], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[4, 6], si64>, %s: !mo.tensor<[], f32>) {
  // expected-error @+1 {{'mo.dequantize' op expected the input to be of integers of 16, 8, 4 or 2 bits, si32, f8E4M3FN, f8E5M2, f8E4M3FNUZ, f8E5M2FNUZ, f4E2M1FN; found si64}}
  %0 = mo.dequantize %x, %s : (!mo.tensor<[4, 6], si64>, !mo.tensor<[], f32>) -> !mo.tensor<[4, 6], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[4, 6], si8>, %s: !mo.tensor<[], f32>) {
  // expected-error @+1 {{'mo.dequantize' op expected the result to be a float, found si32}}
  %0 = mo.dequantize %x, %s : (!mo.tensor<[4, 6], si8>, !mo.tensor<[], f32>) -> !mo.tensor<[4, 6], si32>
  mo.output
}
