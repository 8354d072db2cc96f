// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// The largest, the exponentials, their sum, the quotients. 16-bit floats are read once more, not rounded on the way.
// CHECK-LABEL: mogg.kernel private @softmax_f16(
// CHECK: arith.constant 0xFF800000 : f32
// CHECK: %[[MAX:.*]] = linalg.generic {{.*}}iterator_types = ["parallel", "reduction"]}
// CHECK: arith.maxnumf
// CHECK-NOT: arith.truncf
// CHECK: %[[EXP:.*]] = linalg.generic {{.*}} ins(%{{.*}}, %[[MAX]] : tensor<?x8xf16>, tensor<?xf32>) outs(%{{.*}} : tensor<?x8xf32>)
// CHECK: %[[SHIFTED:.*]] = arith.subf
// CHECK-NEXT: math.exp %[[SHIFTED]] : f32
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}} ins(%[[EXP]] : tensor<?x8xf32>)
// CHECK: arith.addf
// CHECK: linalg.generic {{.*}} ins(%[[EXP]], %[[SUM]] : tensor<?x8xf32>, tensor<?xf32>) outs(%{{.*}} : tensor<?x8xf16>)
// CHECK: %[[SHARE:.*]] = arith.divf
// CHECK-NEXT: %[[PRODUCT:.*]] = arith.mulf %{{.*}}, %[[SHARE]] : f32
// CHECK-NEXT: arith.truncf %[[PRODUCT]] : f32 to f16
mo.graph @main(%x: !mo.tensor<[n, 8], f16>) -> !mo.tensor<[n, 8], f16> {
  %0 = mo.softmax %x : !mo.tensor<[n, 8], f16>
  mo.output %0 : !mo.tensor<[n, 8], f16>
}

// -----

// The logarithm of the sum is taken off: no quotient is.
// CHECK: #[[COLUMNS:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-LABEL: mogg.kernel private @log_softmax_f32(
// CHECK: %[[MAX:.*]] = linalg.generic {indexing_maps = [#{{.*}}, #[[COLUMNS]]], iterator_types = ["reduction", "parallel"]}
// CHECK: arith.maxnumf
// CHECK: %[[SHIFTED:.*]] = linalg.generic {{.*}} ins(%{{.*}}, %[[MAX]] : tensor<?x8xf32>, tensor<8xf32>)
// CHECK: arith.subf
// CHECK: linalg.generic {{.*}} ins(%[[SHIFTED]] : tensor<?x8xf32>)
// CHECK: math.exp
// CHECK: %[[SUM:.*]] = linalg.generic
// CHECK: arith.addf
// CHECK: linalg.generic {{.*}} ins(%[[SHIFTED]], %[[SUM]] : tensor<?x8xf32>, tensor<8xf32>)
// CHECK: %[[LOG:.*]] = math.log
// CHECK-NEXT: arith.subf %{{.*}}, %[[LOG]] : f32
// CHECK-NOT: arith.divf
mo.graph @main(%x: !mo.tensor<[n, 8], f32>) -> !mo.tensor<[n, 8], f32> {
  %0 = mo.log_softmax %x axis = 0 : !mo.tensor<[n, 8], f32>
  mo.output %0 : !mo.tensor<[n, 8], f32>
}
