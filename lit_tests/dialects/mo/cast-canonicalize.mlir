// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: mo.graph @kept_values(
// CHECK-SAME: %[[X:[^ ]+]]: !mo.tensor<[n], si8>, %[[Y:[^ ]+]]: !mo.tensor<[n], bf16>, %[[B:[^ ]+]]: !mo.tensor<[n], i1>
mo.graph @kept_values(%x: !mo.tensor<[n], si8>, %y: !mo.tensor<[n], bf16>, %b: !mo.tensor<[n], i1>)
    -> (!mo.tensor<[n], ui8>, !mo.tensor<[n], f8E5M2>, !mo.tensor<[n], bf16>, !mo.tensor<[n], f32>) {
  // CHECK-NEXT: %[[R0:.*]] = mo.cast %[[X]] : !mo.tensor<[n], si8> to !mo.tensor<[n], ui8>
  %0 = mo.cast %x : !mo.tensor<[n], si8> to !mo.tensor<[n], si64>
  %1 = mo.cast %0 : !mo.tensor<[n], si64> to !mo.tensor<[n], ui8>
  // CHECK-NEXT: %[[R1:.*]] = mo.cast %[[Y]] saturate = false : !mo.tensor<[n], bf16> to !mo.tensor<[n], f8E5M2>
  %2 = mo.cast %y : !mo.tensor<[n], bf16> to !mo.tensor<[n], f32>
  %3 = mo.cast %2 saturate = false : !mo.tensor<[n], f32> to !mo.tensor<[n], f8E5M2>
  %4 = mo.cast %2 : !mo.tensor<[n], f32> to !mo.tensor<[n], bf16>
  // CHECK-NEXT: %[[R3:.*]] = mo.cast %[[B]] : !mo.tensor<[n], i1> to !mo.tensor<[n], f32>
  %5 = mo.cast %b : !mo.tensor<[n], i1> to !mo.tensor<[n], si32>
  %6 = mo.cast %5 : !mo.tensor<[n], si32> to !mo.tensor<[n], f32>
  // CHECK-NEXT: mo.output %[[R0]], %[[R1]], %[[Y]], %[[R3]]
  mo.output %1, %3, %4, %6 : !mo.tensor<[n], ui8>, !mo.tensor<[n], f8E5M2>, !mo.tensor<[n], bf16>, !mo.tensor<[n], f32>
}

// Low bits of low bits; and integers that a float holds.

// CHECK-LABEL: mo.graph @integers(
// CHECK-SAME: %[[X:[^ ]+]]: !mo.tensor<[n], si64>, %[[Y:[^ ]+]]: !mo.tensor<[n], si16>
mo.graph @integers(%x: !mo.tensor<[n], si64>, %y: !mo.tensor<[n], si16>)
    -> (!mo.tensor<[n], si4>, !mo.tensor<[n], bf16>, !mo.tensor<[n], si32>) {
  // CHECK-NEXT: %[[R0:.*]] = mo.cast %[[X]] : !mo.tensor<[n], si64> to !mo.tensor<[n], si4>
  %0 = mo.cast %x : !mo.tensor<[n], si64> to !mo.tensor<[n], ui8>
  %1 = mo.cast %0 : !mo.tensor<[n], ui8> to !mo.tensor<[n], si4>
  // CHECK-NEXT: %[[R1:.*]] = mo.cast %[[Y]] : !mo.tensor<[n], si16> to !mo.tensor<[n], bf16>
  %2 = mo.cast %y : !mo.tensor<[n], si16> to !mo.tensor<[n], f32>
  %3 = mo.cast %2 : !mo.tensor<[n], f32> to !mo.tensor<[n], bf16>
  // CHECK-NEXT: %[[R2:.*]] = mo.cast %[[Y]] : !mo.tensor<[n], si16> to !mo.tensor<[n], si32>
  %4 = mo.cast %2 : !mo.tensor<[n], f32> to !mo.tensor<[n], si32>
  // CHECK-NEXT: mo.output %[[R0]], %[[R1]], %[[R2]]
  mo.output %1, %3, %4 : !mo.tensor<[n], si4>, !mo.tensor<[n], bf16>, !mo.tensor<[n], si32>
}

// What loses values, or would be cast by another rule, stays.

// CHECK-LABEL: mo.graph @lost_values(
// CHECK-COUNT-10: mo.cast
// CHECK: mo.output
mo.graph @lost_values(%x: !mo.tensor<[n], si32>, %y: !mo.tensor<[n], f8E5M2>, %b: !mo.tensor<[n], i1>)
    -> (!mo.tensor<[n], si64>, !mo.tensor<[n], si8>, !mo.tensor<[n], f8E5M2>, !mo.tensor<[n], f32>, !mo.tensor<[n], f64>) {
  %0 = mo.cast %x : !mo.tensor<[n], si32> to !mo.tensor<[n], ui32>
  %1 = mo.cast %0 : !mo.tensor<[n], ui32> to !mo.tensor<[n], si64>
  %2 = mo.cast %x : !mo.tensor<[n], si32> to !mo.tensor<[n], f64>
  %3 = mo.cast %2 : !mo.tensor<[n], f64> to !mo.tensor<[n], si8>
  %4 = mo.cast %y : !mo.tensor<[n], f8E5M2> to !mo.tensor<[n], f32>
  %5 = mo.cast %4 : !mo.tensor<[n], f32> to !mo.tensor<[n], f8E5M2>
  %6 = mo.cast %b : !mo.tensor<[n], i1> to !mo.tensor<[n], f8E8M0FNU>
  %7 = mo.cast %6 : !mo.tensor<[n], f8E8M0FNU> to !mo.tensor<[n], f32>
  %8 = mo.cast %y : !mo.tensor<[n], f8E5M2> to !mo.tensor<[n], f8E4M3FN>
  %9 = mo.cast %8 : !mo.tensor<[n], f8E4M3FN> to !mo.tensor<[n], f64>
  mo.output %1, %3, %5, %7, %9 : !mo.tensor<[n], si64>, !mo.tensor<[n], si8>, !mo.tensor<[n], f8E5M2>, !mo.tensor<[n], f32>, !mo.tensor<[n], f64>
}
