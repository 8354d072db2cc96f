// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --canonicalize | FileCheck %s

// Constants fold through the references.

// CHECK-LABEL: mo.graph @integers_wrap(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant -56 : !mo.tensor<[], si8>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @integers_wrap() -> !mo.tensor<[], si8> {
  %a = mo.constant 100 : !mo.tensor<[], si8>
  %b = mo.constant 100 : !mo.tensor<[], si8>
  %r = mo.add %a, %b : !mo.tensor<[], si8>
  mo.output %r : !mo.tensor<[], si8>
}

// CHECK-LABEL: mo.graph @nothing_by_zero(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant 0 : !mo.tensor<[], si8>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @nothing_by_zero() -> !mo.tensor<[], si8> {
  %a = mo.constant 100 : !mo.tensor<[], si8>
  %b = mo.constant 0 : !mo.tensor<[], si8>
  %r = mo.floor_div %a, %b : !mo.tensor<[], si8>
  mo.output %r : !mo.tensor<[], si8>
}

// CHECK-LABEL: mo.graph @broadcast(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant dense<[5.000000e-01, 1.000000e+00]> : !mo.tensor<[2], f32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @broadcast() -> !mo.tensor<[2], f32> {
  %a = mo.constant dense<[1.0, 2.0]> : !mo.tensor<[2], f32>
  %b = mo.constant 0.5 : !mo.tensor<[], f32>
  %r = mo.mul %a, %b : !mo.tensor<[2], f32>, !mo.tensor<[], f32>
  mo.output %r : !mo.tensor<[2], f32>
}

// CHECK-LABEL: mo.graph @comparison(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant dense<[true, false]> : !mo.tensor<[2], i1>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @comparison() -> !mo.tensor<[2], i1> {
  %a = mo.constant dense<[1.0, 2.0]> : !mo.tensor<[2], f32>
  %b = mo.constant 1.5 : !mo.tensor<[], f32>
  %r = mo.less %a, %b : !mo.tensor<[2], f32>, !mo.tensor<[], f32>
  mo.output %r : !mo.tensor<[2], i1>
}

// CHECK-LABEL: mo.graph @bools(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant dense<[false, true]> : !mo.tensor<[2], i1>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @bools() -> !mo.tensor<[2], i1> {
  %a = mo.constant dense<[true, false]> : !mo.tensor<[2], i1>
  %b = mo.constant true : !mo.tensor<[], i1>
  %r = mo.xor %a, %b : !mo.tensor<[2], i1>, !mo.tensor<[], i1>
  mo.output %r : !mo.tensor<[2], i1>
}

// CHECK-LABEL: mo.graph @unsigned(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant dense<[0, 252]> : !mo.tensor<[2], ui8>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @unsigned() -> !mo.tensor<[2], ui8> {
  %a = mo.constant dense<[255, 3]> : !mo.tensor<[2], ui8>
  %r = mo.not %a : !mo.tensor<[2], ui8>
  mo.output %r : !mo.tensor<[2], ui8>
}

// CHECK-LABEL: mo.graph @bf16_is_rounded_once(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant 1.000000e+00 : !mo.tensor<[], bf16>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @bf16_is_rounded_once() -> !mo.tensor<[], bf16> {
  %a = mo.constant 1.0 : !mo.tensor<[], bf16>
  %b = mo.constant 0.001953125 : !mo.tensor<[], bf16>
  %r = mo.add %a, %b : !mo.tensor<[], bf16>
  mo.output %r : !mo.tensor<[], bf16>
}

// CHECK-LABEL: mo.graph @unary(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant 5.000000e-01 : !mo.tensor<[], f64>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @unary() -> !mo.tensor<[], f64> {
  %a = mo.constant 4.0 : !mo.tensor<[], f64>
  %r = mo.rsqrt %a : !mo.tensor<[], f64>
  mo.output %r : !mo.tensor<[], f64>
}

// CHECK-LABEL: mo.graph @attribute(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant 0.000000e+00 : !mo.tensor<[], f32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @attribute() -> !mo.tensor<[], f32> {
  %a = mo.constant 0.0 : !mo.tensor<[], f32>
  %r = mo.gelu %a approximate = tanh : !mo.tensor<[], f32>
  mo.output %r : !mo.tensor<[], f32>
}

// CHECK-LABEL: mo.graph @f8(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant 2.250000e+00 : !mo.tensor<[], f8E4M3FN>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @f8() -> !mo.tensor<[], f8E4M3FN> {
  %a = mo.constant 1.5 : !mo.tensor<[], f8E4M3FN>
  %r = mo.square %a : !mo.tensor<[], f8E4M3FN>
  mo.output %r : !mo.tensor<[], f8E4M3FN>
}

// CHECK-LABEL: mo.graph @test_of_floats(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant true : !mo.tensor<[], i1>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @test_of_floats() -> !mo.tensor<[], i1> {
  %a = mo.constant 0x7FC00000 : !mo.tensor<[], f32>
  %r = mo.is_nan %a : !mo.tensor<[], f32>
  mo.output %r : !mo.tensor<[], i1>
}

// Constants of a commutative operation go to the right; what undoes or repeats itself goes away.

// CHECK-LABEL: mo.graph @traits(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[n], f32>
// CHECK-SAME: %[[B:[^ :]+]]: !mo.tensor<[n], i1>
mo.graph @traits(%x: !mo.tensor<[n], f32>, %b: !mo.tensor<[n], i1>)
    -> (!mo.tensor<[n], f32>, !mo.tensor<[n], i1>, !mo.tensor<[n], f32>) {
  // CHECK-DAG: %[[ONE:[^ ]+]] = mo.constant 1.000000e+00
  // CHECK-DAG: %[[SUM:[^ ]+]] = mo.add %[[X]], %[[ONE]] : !mo.tensor<[n], f32>, !mo.tensor<[], f32>
  %one = mo.constant 1.0 : !mo.tensor<[], f32>
  %0 = mo.add %one, %x : !mo.tensor<[], f32>, !mo.tensor<[n], f32>
  %1 = mo.negative %0 : !mo.tensor<[n], f32>
  %2 = mo.negative %1 : !mo.tensor<[n], f32>
  %3 = mo.not %b : !mo.tensor<[n], i1>
  %4 = mo.not %3 : !mo.tensor<[n], i1>
  %5 = mo.abs %x : !mo.tensor<[n], f32>
  %6 = mo.abs %5 : !mo.tensor<[n], f32>
  // CHECK-NOT: mo.not
  // CHECK: %[[ABS:[^ ]+]] = mo.abs
  // CHECK-NOT: mo.abs
  // CHECK: mo.output %[[SUM]], %[[B]], %[[ABS]]
  mo.output %2, %4, %6 : !mo.tensor<[n], f32>, !mo.tensor<[n], i1>, !mo.tensor<[n], f32>
}
