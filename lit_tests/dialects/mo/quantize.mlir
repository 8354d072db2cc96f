// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Scales and zero points: one, one for each position on an axis, one for each block.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 64], f32>, %s: !mo.tensor<[], f32>, %z: !mo.tensor<[], ui8>, %c: !mo.tensor<[64], f16>, %b: !mo.tensor<[n, 4], f8E8M0FNU>) {
  // CHECK: mo.quantize %{{[^ ,)]+}}, %{{[^ ,)]+}} : (!mo.tensor<[n, 64], f32>, !mo.tensor<[], f32>) -> !mo.tensor<[n, 64], si8>
  %0 = mo.quantize %x, %s : (!mo.tensor<[n, 64], f32>, !mo.tensor<[], f32>) -> !mo.tensor<[n, 64], si8>
  // CHECK: mo.quantize %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} axis = -1 : (!mo.tensor<[n, 64], f32>, !mo.tensor<[], f32>, !mo.tensor<[], ui8>) -> !mo.tensor<[n, 64], ui8>
  %1 = mo.quantize %x, %s, %z axis = -1 : (!mo.tensor<[n, 64], f32>, !mo.tensor<[], f32>, !mo.tensor<[], ui8>) -> !mo.tensor<[n, 64], ui8>
  // CHECK: mo.quantize %{{[^ ,)]+}}, %{{[^ ,)]+}} block_size = 16 saturate = false : (!mo.tensor<[n, 64], f32>, !mo.tensor<[n, 4], f8E8M0FNU>) -> !mo.tensor<[n, 64], f8E5M2>
  %2 = mo.quantize %x, %b block_size = 16 saturate = false : (!mo.tensor<[n, 64], f32>, !mo.tensor<[n, 4], f8E8M0FNU>) -> !mo.tensor<[n, 64], f8E5M2>
  // CHECK: mo.dequantize %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : (!mo.tensor<[n, 64], ui8>, !mo.tensor<[], f32>, !mo.tensor<[], ui8>) -> !mo.tensor<[n, 64], f32>
  %3 = mo.dequantize %1, %s, %z : (!mo.tensor<[n, 64], ui8>, !mo.tensor<[], f32>, !mo.tensor<[], ui8>) -> !mo.tensor<[n, 64], f32>
  // CHECK: mo.dequantize %{{[^ ,)]+}}, %{{[^ ,)]+}} axis = -1 : (!mo.tensor<[n, 64], si8>, !mo.tensor<[64], f16>) -> !mo.tensor<[n, 64], f16>
  %4 = mo.dequantize %0, %c axis = -1 : (!mo.tensor<[n, 64], si8>, !mo.tensor<[64], f16>) -> !mo.tensor<[n, 64], f16>
  // CHECK: mo.dequantize %{{[^ ,)]+}}, %{{[^ ,)]+}} block_size = 16 : (!mo.tensor<[n, 64], f8E5M2>, !mo.tensor<[n, 4], f8E8M0FNU>) -> !mo.tensor<[n, 64], f32>
  %5 = mo.dequantize %2, %b block_size = 16 : (!mo.tensor<[n, 64], f8E5M2>, !mo.tensor<[n, 4], f8E8M0FNU>) -> !mo.tensor<[n, 64], f32>
  mo.output
}
