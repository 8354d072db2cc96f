// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Data is data, of the type without sign; where all elements are equal it is one number, filled in where memory is
// asked for.
// CHECK-LABEL: mogg.program @data(
// CHECK: arith.constant dense<{{\[\[}}1, 2], [3, -1]]> : tensor<2x2xi8>
// CHECK: arith.constant dense<[true, false]> : tensor<2xi1>
// CHECK: arith.constant dense<> : tensor<0x3xf32>
// CHECK: %[[SEVEN:.*]] = arith.constant 7 : i64
// CHECK: linalg.fill ins(%[[SEVEN]] : i64) outs(%{{.*}} : tensor<2x2xi64>)
// CHECK: %[[HALVES:.*]] = arith.constant 1.500000e+00 : bf16
// CHECK: linalg.fill ins(%[[HALVES]] : bf16) outs(%{{.*}} : tensor<4xbf16>)
mo.graph @data() -> (!mo.tensor<[2, 2], ui8>, !mo.tensor<[2], i1>, !mo.tensor<[0, 3], f32>, !mo.tensor<[2, 2], si64>, !mo.tensor<[4], bf16>) {
  %0 = mo.constant dense<[[1, 2], [3, 255]]> : !mo.tensor<[2, 2], ui8>
  %1 = mo.constant dense<[true, false]> : !mo.tensor<[2], i1>
  %2 = mo.constant dense<> : !mo.tensor<[0, 3], f32>
  %3 = mo.constant dense<7> : !mo.tensor<[2, 2], si64>
  %4 = mo.constant 1.5 : !mo.tensor<[4], bf16>
  mo.output %0, %1, %2, %3, %4 : !mo.tensor<[2, 2], ui8>, !mo.tensor<[2], i1>, !mo.tensor<[0, 3], f32>, !mo.tensor<[2, 2], si64>, !mo.tensor<[4], bf16>
}

// -----

// A number goes into the kernel, whatever its shape, and takes no memory.
// CHECK-LABEL: mogg.program @inside(
// CHECK-NOT: linalg.fill
// CHECK: mogg.launch @mul_f32(%arg0, %{{.*}}) : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
// CHECK-LABEL: mogg.kernel private @mul_f32(
// CHECK: %[[HALF:.*]] = arith.constant 5.000000e-01 : f32
// CHECK-NEXT: arith.mulf %{{.*}}, %[[HALF]] : f32
mo.graph @inside(%x: !mo.tensor<[n, 4], f32>) -> !mo.tensor<[n, 4], f32> {
  %0 = mo.constant 0.5 : !mo.tensor<[4], f32>
  %1 = mo.mul %x, %0 : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>
  mo.output %1 : !mo.tensor<[n, 4], f32>
}
