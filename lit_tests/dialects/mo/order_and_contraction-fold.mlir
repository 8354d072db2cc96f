// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --canonicalize | FileCheck %s

// Constants fold through the references of sorts, products and quantisation.

// CHECK-LABEL: mo.graph @sort(
// CHECK-DAG: mo.constant dense<[1, 2, 3]> : !mo.tensor<[3], si32>
// CHECK-DAG: mo.constant dense<[0, 2, 1]> : !mo.tensor<[3], si64>
// CHECK: mo.output
mo.graph @sort() -> (!mo.tensor<[3], si32>, !mo.tensor<[3], si64>) {
  %x = mo.constant dense<[3, 1, 2]> : !mo.tensor<[3], si32>
  %0 = mo.sort %x : !mo.tensor<[3], si32>
  %1 = mo.argsort %x descending : !mo.tensor<[3], si32>
  mo.output %0, %1 : !mo.tensor<[3], si32>, !mo.tensor<[3], si64>
}

// CHECK-LABEL: mo.graph @top_k(
// CHECK-NEXT: %[[R:.*]] = mo.constant dense<[0, 2]> : !mo.tensor<[2], si64>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @top_k() -> !mo.tensor<[2], si64> {
  %x = mo.constant dense<[3, 1, 2]> : !mo.tensor<[3], si32>
  %0, %1 = mo.top_k %x : (!mo.tensor<[3], si32>) -> (!mo.tensor<[2], si32>, !mo.tensor<[2], si64>)
  mo.output %1 : !mo.tensor<[2], si64>
}

// What is an error when it runs stays.
// CHECK-LABEL: mo.graph @wrong_k(
// CHECK: mo.top_k
mo.graph @wrong_k() -> !mo.tensor<[2], si64> {
  %x = mo.constant dense<[3, 1, 2]> : !mo.tensor<[3], si32>
  %k = mo.constant 1 : !mo.tensor<[], si64>
  %0, %1 = mo.top_k %x, %k : (!mo.tensor<[3], si32>, !mo.tensor<[], si64>) -> (!mo.tensor<[2], si32>, !mo.tensor<[2], si64>)
  mo.output %1 : !mo.tensor<[2], si64>
}

// CHECK-LABEL: mo.graph @contract(
// CHECK-NEXT: %[[R:.*]] = mo.constant 5 : !mo.tensor<[], si32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @contract() -> !mo.tensor<[], si32> {
  %x = mo.constant dense<[[1, 2], [3, 4]]> : !mo.tensor<[2, 2], si32>
  %0 = mo.contract %x equation = "ii" : !mo.tensor<[2, 2], si32>
  mo.output %0 : !mo.tensor<[], si32>
}

// CHECK-LABEL: mo.graph @quantize(
// CHECK-NEXT: %[[R:.*]] = mo.constant dense<[2, 127]> : !mo.tensor<[2], si8>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @quantize() -> !mo.tensor<[2], si8> {
  %x = mo.constant dense<[1.25, 300.0]> : !mo.tensor<[2], f32>
  %s = mo.constant 0.5 : !mo.tensor<[], f32>
  %0 = mo.quantize %x, %s : (!mo.tensor<[2], f32>, !mo.tensor<[], f32>) -> !mo.tensor<[2], si8>
  mo.output %0 : !mo.tensor<[2], si8>
}

// To quantise and dequantise is to round: it stays.
// CHECK-LABEL: mo.graph @round_trip(
// CHECK: mo.quantize
// CHECK: mo.dequantize
mo.graph @round_trip(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %s = mo.constant 0.5 : !mo.tensor<[], f32>
  %0 = mo.quantize %x, %s : (!mo.tensor<[n], f32>, !mo.tensor<[], f32>) -> !mo.tensor<[n], si8>
  %1 = mo.dequantize %0, %s : (!mo.tensor<[n], si8>, !mo.tensor<[], f32>) -> !mo.tensor<[n], f32>
  mo.output %1 : !mo.tensor<[n], f32>
}

// CHECK-LABEL: mo.graph @matmul_integer(
// CHECK-NEXT: %[[R:.*]] = mo.constant 3 : !mo.tensor<[1, 1], si32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @matmul_integer() -> !mo.tensor<[1, 1], si32> {
  %x = mo.constant dense<[[2, 3]]> : !mo.tensor<[1, 2], ui8>
  %y = mo.constant dense<[[1], [1]]> : !mo.tensor<[2, 1], si8>
  %z = mo.constant 1 : !mo.tensor<[], ui8>
  %0 = mo.matmul_integer %x, %y lhs_zero %z : !mo.tensor<[], ui8> : !mo.tensor<[1, 2], ui8>, !mo.tensor<[2, 1], si8>
  mo.output %0 : !mo.tensor<[1, 1], si32>
}
