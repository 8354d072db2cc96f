// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Philox4x32-10. The constants are its own, as signed numbers: multipliers 0xD2511F53 = -766435501 and 0xCD9E8D57 =
// -845247145, key increments 0x9E3779B9 = -1640531527 and 0xBB67AE85 = -1150833019.
// CHECK-LABEL: mogg.kernel private @static_random_normal_f32(
// CHECK-SAME: %[[MEAN:[a-z0-9]*]]: f32, %[[STD:[a-z0-9]*]]: f32, %[[SEED:[a-z0-9]*]]: i64, %{{.*}}: tensor<3x4xf32>) -> tensor<3x4xf32>
// The element's index, and the block of four that it is in.
// What hangs on the seed alone is computed once: it and its keys, as words of 32 bits in 64.
// CHECK: %[[LOW:.*]] = arith.andi %[[SEED]], %{{.*}} : i64
// CHECK: %[[UPPER:.*]] = arith.shrui %[[SEED]], %{{.*}} : i64
// CHECK: %[[W0:.*]] = arith.constant 2654435769 : i64
// CHECK-NEXT: arith.addi %[[LOW]], %[[W0]] : i64
// CHECK: %[[W1:.*]] = arith.constant 3144134277 : i64
// CHECK-NEXT: arith.addi %[[UPPER]], %[[W1]] : i64

// A block of four elements is one point of the first loop; the others choose from it.
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel"]} outs(%{{.*}} : tensor<3x2x2xf32>)
// CHECK: %[[BLOCK:.*]] = linalg.index 0 : index
// CHECK: %[[PAIR:.*]] = linalg.index 1 : index
// CHECK: %[[SIDE:.*]] = linalg.index 2 : index
// CHECK: %[[COUNTER:.*]] = arith.index_cast %[[BLOCK]] : index to i64
// The first round of ten.
// CHECK: %[[M0:.*]] = arith.constant 3528531795 : i64
// CHECK-NEXT: arith.muli %{{.*}}, %[[M0]] : i64
// CHECK: %[[M1:.*]] = arith.constant 3449720151 : i64
// CHECK-NEXT: arith.muli %{{.*}}, %[[M1]] : i64
// CHECK: arith.xori %{{.*}}, %[[LOW]] : i64
// CHECK: arith.xori %{{.*}}, %[[UPPER]] : i64
// CHECK: arith.constant 3528531795 : i64
// CHECK: arith.constant 3528531795 : i64
// CHECK: arith.constant 3528531795 : i64
// CHECK: arith.constant 3528531795 : i64
// CHECK: arith.constant 3528531795 : i64
// CHECK: arith.constant 3528531795 : i64
// CHECK: arith.constant 3528531795 : i64
// CHECK: arith.constant 3528531795 : i64
// CHECK: arith.constant 3528531795 : i64
// CHECK-NOT: arith.constant 3528531795 : i64
// Box and Muller: the odd one of a pair has the cosine.
// CHECK: %[[ODD:.*]] = arith.cmpi eq, %[[SIDE]],
// CHECK: arith.cmpi eq, %[[PAIR]],
// CHECK: %[[RADIUS:.*]] = math.sqrt
// CHECK: %[[TURN:.*]] = arith.select %[[ODD]],
// CHECK-NEXT: %[[DRAWN:.*]] = arith.mulf %[[RADIUS]], %[[TURN]] : f32
// CHECK-NEXT: %[[WIDE:.*]] = arith.mulf %[[STD]], %[[DRAWN]] : f32
// CHECK-NEXT: arith.addf %[[MEAN]], %[[WIDE]] : f32
mo.graph @static(%mean: !mo.tensor<[], f32>, %std: !mo.tensor<[], f32>, %seed: !mo.tensor<[], si64>) -> !mo.tensor<[3, 4], f32> {
  %0 = mo.static.random.normal %mean, %std, %seed : (!mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>) -> !mo.tensor<[3, 4], f32>
  mo.output %0 : !mo.tensor<[3, 4], f32>
}

// -----

// The shape operand binds new names and is compared with what is known; the rest is the same.
// CHECK-LABEL: mogg.program @normal(
// CHECK: %[[DRAWN:.*]] = mogg.launch @random_normal_f64(
// CHECK: tensor.dim %[[DRAWN]],
// CHECK-LABEL: mogg.kernel private @random_normal_f64(
// CHECK-SAME: %[[SHAPE:[a-z0-9]*]]: tensor<2xi64>
// CHECK: %[[WORD:.*]] = tensor.extract %[[SHAPE]]
// CHECK: %[[N:.*]] = arith.index_cast %[[WORD]] : i64 to index
// CHECK: arith.cmpi sge, %[[N]],
// CHECK: cf.assert %{{.*}}, "mo.random.normal: expected extent 0 of the shape operand, which 'n' is bound to, to be 0 or more, found less"
// CHECK: cf.assert %{{.*}}, "mo.random.normal: expected extent 1 of the shape operand to be 4"
// CHECK: tensor.empty(%[[N]]) : tensor<?x2x2xf64>
// CHECK: arith.constant 3528531795 : i64
// CHECK: arith.uitofp %{{.*}} : i32 to f64
// CHECK: math.log %{{.*}} : f64
// CHECK-NOT: arith.truncf
mo.graph @normal(%shape: !mo.tensor<[2], si64>, %mean: !mo.tensor<[], f64>, %std: !mo.tensor<[], f64>, %seed: !mo.tensor<[], si64>) -> (!mo.tensor<[n, 4], f64>, !mo.tensor<[2], si64>) {
  %0 = mo.random.normal %shape, %mean, %std, %seed : (!mo.tensor<[2], si64>, !mo.tensor<[], f64>, !mo.tensor<[], f64>, !mo.tensor<[], si64>) -> !mo.tensor<[n, 4], f64>
  %1 = mo.shape_of %0 : !mo.tensor<[n, 4], f64>
  mo.output %0, %1 : !mo.tensor<[n, 4], f64>, !mo.tensor<[2], si64>
}

// -----

// Half open: what is rounded up to the end becomes the value below it, in the dtype itself. No logarithm, no angle.
// CHECK-LABEL: mogg.kernel private @random_uniform_f16(
// CHECK-SAME: %{{.*}}: tensor<1xi64>, %{{.*}}: f16, %[[HIGH:[a-z0-9]*]]: f16, %{{.*}}: i64)
// CHECK: arith.bitcast %[[HIGH]] : f16 to i16
// CHECK: arith.subi
// CHECK: arith.bitcast %{{.*}} : i16 to f16
// CHECK: arith.constant 3528531795 : i64
// CHECK: %[[LAST:.*]] = arith.constant 2.32830644E-10 : f32
// CHECK: arith.mulf %{{.*}}, %[[LAST]] : f32
// CHECK: arith.truncf %{{.*}} : f32 to f16
// CHECK: arith.minimumf
// CHECK-NOT: math.
mo.graph @uniform(%shape: !mo.tensor<[1], si64>, %low: !mo.tensor<[], f16>, %high: !mo.tensor<[], f16>, %seed: !mo.tensor<[], si64>) -> !mo.tensor<[n], f16> {
  %0 = mo.random.uniform %shape, %low, %high, %seed : (!mo.tensor<[1], si64>, !mo.tensor<[], f16>, !mo.tensor<[], f16>, !mo.tensor<[], si64>) -> !mo.tensor<[n], f16>
  mo.output %0 : !mo.tensor<[n], f16>
}
