// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// The result is written; what else is given fits it.

mo.graph @test(%x: !mo.tensor<[1, 4], i1>) {
  // expected-error @+1 {{'mo.resize' op expected dtype to be an integer or a float, found i1}}
  %0 = mo.resize %x mode = linear : !mo.tensor<[1, 4], i1> to !mo.tensor<[1, 8], i1>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 4], f32>) {
  // expected-error @+1 {{'mo.resize' op expected a result with the dtype and device of the input, f32 on cpu; found f16 on cpu}}
  %0 = mo.resize %x : !mo.tensor<[1, 4], f32> to !mo.tensor<[1, 8], f16>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 4], f32>) {
  // expected-error @+1 {{'mo.resize' op expected a result of rank 2, as the input has; found [8]}}
  %0 = mo.resize %x : !mo.tensor<[1, 4], f32> to !mo.tensor<[8], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 4], f32>, %h: !mo.tensor<[3], si64>) {
  // expected-error @+1 {{'mo.resize' op expected a shape of 2 extents, as the result has; found 3}}
  %0 = mo.resize %x shape %h : !mo.tensor<[1, 4], f32> shape !mo.tensor<[3], si64> to !mo.tensor<[1, n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 4], f32>, %s: !mo.tensor<[3], f32>) {
  // expected-error @+1 {{'mo.resize' op expected scales of shape [2] and dtype f32 or f64 on the host, found !mo.tensor<[3], f32>}}
  %0 = mo.resize %x scales %s : !mo.tensor<[1, 4], f32> scales !mo.tensor<[3], f32> to !mo.tensor<[1, n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 4], f32>, %s: !mo.tensor<[2], si64>) {
  // expected-error @+1 {{'mo.resize' op expected scales of shape [2] and dtype f32 or f64 on the host, found !mo.tensor<[2], si64>}}
  %0 = mo.resize %x scales %s : !mo.tensor<[1, 4], f32> scales !mo.tensor<[2], si64> to !mo.tensor<[1, n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 4], f32>, %r: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{'mo.resize' op expected roi of shape [4] and dtype f32 or f64 on the host, found !mo.tensor<[2], f32>}}
  %0 = mo.resize %x roi %r coordinates = tf_crop_and_resize : !mo.tensor<[1, 4], f32> roi !mo.tensor<[2], f32> to !mo.tensor<[1, 8], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 4], f32>) {
  // expected-error @+1 {{'mo.resize' op expected roi with coordinates = tf_crop_and_resize and no others, found coordinates = tf_crop_and_resize without roi}}
  %0 = mo.resize %x coordinates = tf_crop_and_resize : !mo.tensor<[1, 4], f32> to !mo.tensor<[1, 8], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 4], f32>, %r: !mo.tensor<[4], f32>) {
  // expected-error @+1 {{'mo.resize' op expected roi with coordinates = tf_crop_and_resize and no others, found coordinates = half_pixel with roi}}
  %0 = mo.resize %x roi %r : !mo.tensor<[1, 4], f32> roi !mo.tensor<[4], f32> to !mo.tensor<[1, 8], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 4], f32>) {
  // expected-error @+1 {{'mo.resize' op expected antialias with mode = linear or cubic, found it with nearest}}
  %0 = mo.resize %x antialias : !mo.tensor<[1, 4], f32> to !mo.tensor<[1, 8], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 0], f32>) {
  // expected-error @+1 {{'mo.resize' op expected an axis with elements to resize to 8, found extent 0}}
  %0 = mo.resize %x : !mo.tensor<[1, 0], f32> to !mo.tensor<[1, 8], f32>
  mo.output
}
