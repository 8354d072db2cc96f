// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Each starts at its identity and has its operation; axes count from the end, all of them by default.
// CHECK: #[[MIDDLE:.*]] = affine_map<(d0, d1, d2) -> (d1)>
// CHECK-LABEL: mogg.kernel private @reduce_add_f32(
// CHECK: arith.constant 0.000000e+00 : f32
// CHECK: linalg.generic {indexing_maps = [#{{.*}}, #[[MIDDLE]]], iterator_types = ["reduction", "parallel", "reduction"]}
// CHECK: ^bb0(%[[X:.*]]: f32, %[[SUM:.*]]: f32):
// CHECK-NEXT: arith.addf %[[SUM]], %[[X]] : f32
// CHECK-LABEL: mogg.kernel private @reduce_mul_f32(
// CHECK-SAME: -> f32
// CHECK: arith.constant 1.000000e+00 : f32
// CHECK: iterator_types = ["reduction", "reduction", "reduction"]
// CHECK: arith.mulf
// CHECK: tensor.extract
// CHECK-LABEL: mogg.kernel private @reduce_max_f32(
// CHECK: arith.constant 0xFF800000 : f32
// CHECK: iterator_types = ["parallel", "reduction", "parallel"]
// CHECK: arith.maximumf
// CHECK: tensor.expand_shape %{{.*}} {{.*}} : tensor<?x4xf32> into tensor<?x1x4xf32>
// CHECK-LABEL: mogg.kernel private @reduce_min_f32(
// CHECK: arith.constant 0x7F800000 : f32
// CHECK: arith.minimumf
mo.graph @float(%x: !mo.tensor<[n, 3, 4], f32>) -> (!mo.tensor<[3], f32>, !mo.tensor<[], f32>, !mo.tensor<[n, 1, 4], f32>, !mo.tensor<[n, 3], f32>) {
  %0 = mo.reduce.add %x axes = [0, -1] : !mo.tensor<[n, 3, 4], f32>
  %1 = mo.reduce.mul %x : !mo.tensor<[n, 3, 4], f32>
  %2 = mo.reduce.max %x axes = [1] keepdims : !mo.tensor<[n, 3, 4], f32>
  %3 = mo.reduce.min %x axes = [2] : !mo.tensor<[n, 3, 4], f32>
  mo.output %0, %1, %2, %3 : !mo.tensor<[3], f32>, !mo.tensor<[], f32>, !mo.tensor<[n, 1, 4], f32>, !mo.tensor<[n, 3], f32>
}

// -----

// The identities of integers are their ends, as their sign has it.
// CHECK-LABEL: mogg.kernel private @reduce_max_si32(
// CHECK: arith.constant -2147483648 : i32
// CHECK: arith.maxsi
// CHECK-LABEL: mogg.kernel private @reduce_max_ui32(
// CHECK: arith.constant 0 : i32
// CHECK: arith.maxui
// CHECK-LABEL: mogg.kernel private @reduce_min_ui32(
// CHECK: arith.constant -1 : i32
// CHECK: arith.minui
mo.graph @integers(%x: !mo.tensor<[n, 4], si32>, %y: !mo.tensor<[n, 4], ui32>) -> (!mo.tensor<[n], si32>, !mo.tensor<[n], ui32>, !mo.tensor<[n], ui32>) {
  %0 = mo.reduce.max %x axes = [1] : !mo.tensor<[n, 4], si32>
  %1 = mo.reduce.max %y axes = [1] : !mo.tensor<[n, 4], ui32>
  %2 = mo.reduce.min %y axes = [1] : !mo.tensor<[n, 4], ui32>
  mo.output %0, %1, %2 : !mo.tensor<[n], si32>, !mo.tensor<[n], ui32>, !mo.tensor<[n], ui32>
}

// -----

// 16-bit floats are added in f32 and rounded once.
// CHECK-LABEL: mogg.kernel private @reduce_add_f16(
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<?x4xf16>) outs(%{{.*}} : tensor<?xf32>)
// CHECK: %[[WIDE:.*]] = arith.extf %{{.*}} : f16 to f32
// CHECK-NEXT: arith.addf %{{.*}}, %[[WIDE]] : f32
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<?xf32>) outs(%{{.*}} : tensor<?xf16>)
// CHECK: arith.truncf
mo.graph @half(%x: !mo.tensor<[n, 4], f16>) -> !mo.tensor<[n], f16> {
  %0 = mo.reduce.add %x axes = [1] : !mo.tensor<[n, 4], f16>
  mo.output %0 : !mo.tensor<[n], f16>
}

// -----

// A mean divides by the count of this run, which f64 holds exactly; the quotient of 16-bit floats is what is rounded.
// CHECK-LABEL: mogg.kernel private @reduce_mean_f16(
// CHECK: arith.addf
// CHECK: %[[N:.*]] = tensor.dim
// CHECK: %[[COUNT:.*]] = arith.muli %[[N]],
// CHECK-NEXT: %[[WORD:.*]] = arith.index_cast %[[COUNT]] : index to i64
// CHECK-NEXT: %[[WIDE:.*]] = arith.sitofp %[[WORD]] : i64 to f64
// CHECK-NEXT: %[[NARROW:.*]] = arith.truncf %[[WIDE]] : f64 to f32
// CHECK-NEXT: %[[MEAN:.*]] = arith.divf %{{.*}}, %[[NARROW]] : f32
// CHECK-NEXT: arith.truncf %[[MEAN]] : f32 to f16
mo.graph @mean(%x: !mo.tensor<[n, 3], f16>) -> !mo.tensor<[], f16> {
  %0 = mo.reduce.mean %x : !mo.tensor<[n, 3], f16>
  mo.output %0 : !mo.tensor<[], f16>
}

// -----

// CHECK-LABEL: mogg.kernel private @reduce_any_bool(
// CHECK: %[[FALSE:.*]] = arith.constant false
// CHECK: linalg.fill ins(%[[FALSE]] : i1)
// CHECK: arith.ori
// CHECK-LABEL: mogg.kernel private @reduce_all_bool(
// CHECK: %[[TRUE:.*]] = arith.constant true
// CHECK: linalg.fill ins(%[[TRUE]] : i1)
// CHECK: arith.andi
mo.graph @bool(%x: !mo.tensor<[n, 4], i1>) -> (!mo.tensor<[n], i1>, !mo.tensor<[1, 4], i1>) {
  %0 = mo.reduce.any %x axes = [-1] : !mo.tensor<[n, 4], i1>
  %1 = mo.reduce.all %x axes = [0] keepdims : !mo.tensor<[n, 4], i1>
  mo.output %0, %1 : !mo.tensor<[n], i1>, !mo.tensor<[1, 4], i1>
}

// -----

// The best element first, then the least place that has it. Where the best is a NaN, that is the place of a NaN.
// CHECK-LABEL: mogg.kernel private @reduce_arg_max_si64(
// CHECK: arith.constant 0xFF800000 : f32
// CHECK: %[[BEST:.*]] = linalg.generic {{.*}}iterator_types = ["parallel", "reduction"]} ins(%{{.*}} : tensor<?x4xf32>) outs(%{{.*}} : tensor<?xf32>)
// CHECK: arith.maximumf
// CHECK: %[[PLACES:.*]] = linalg.generic {{.*}}iterator_types = ["parallel", "reduction"]} ins(%{{.*}}, %[[BEST]] : tensor<?x4xf32>, tensor<?xf32>) outs(%{{.*}} : tensor<?xi32>)
// CHECK: ^bb0(%[[X:.*]]: f32, %[[TOP:.*]]: f32, %[[PLACE:.*]]: i32):
// CHECK: arith.cmpf oeq, %[[X]], %[[TOP]] : f32
// CHECK: arith.cmpf une, %[[TOP]], %[[TOP]] : f32
// CHECK: arith.cmpf une, %[[X]], %[[X]] : f32
// CHECK: %[[HERE:.*]] = linalg.index 1 : index
// CHECK: arith.minsi %[[PLACE]], %{{.*}} : i32
// CHECK: linalg.generic {{.*}} ins(%[[PLACES]] : tensor<?xi32>) outs(%{{.*}} : tensor<?xi64>)
// CHECK-LABEL: mogg.kernel private @reduce_arg_min_si64(
// CHECK: arith.constant -1 : i32
// CHECK: linalg.index 0 : index
// CHECK: arith.cmpi ult
// CHECK-NOT: arith.cmpf
// CHECK: tensor.expand_shape
mo.graph @position(%x: !mo.tensor<[n, 4], f32>, %y: !mo.tensor<[n, 4], ui32>) -> (!mo.tensor<[n], si64>, !mo.tensor<[1, 4], si64>) {
  %0 = mo.reduce.arg_max %x axis = -1 : !mo.tensor<[n, 4], f32>
  %1 = mo.reduce.arg_min %y axis = 0 keepdims : !mo.tensor<[n, 4], ui32>
  mo.output %0, %1 : !mo.tensor<[n], si64>, !mo.tensor<[1, 4], si64>
}
