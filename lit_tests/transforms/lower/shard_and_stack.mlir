// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// What each device gets of each input is written once, where it goes.
// CHECK-LABEL: mogg.kernel private @shard_and_stack_f32(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<4x6xf32>, %[[Y:[a-z0-9]*]]: tensor<4x6xf32>, %[[OUT0:[a-z0-9]*]]: tensor<2x2x6xf32>, %[[OUT1:[a-z0-9]*]]: tensor<2x2x6xf32>) -> (tensor<2x2x6xf32>, tensor<2x2x6xf32>)
// CHECK-NOT: cf.assert
// CHECK: %[[X0:.*]] = tensor.extract_slice %[[X]][0, 0] [2, 6] [1, 1]
// CHECK-NEXT: %[[A:.*]] = tensor.insert_slice %[[X0]] into %{{.*}}[0, 0, 0] [1, 2, 6] [1, 1, 1]
// CHECK-NEXT: %[[Y0:.*]] = tensor.extract_slice %[[Y]][0, 0] [2, 6] [1, 1]
// CHECK-NEXT: %[[FIRST:.*]] = tensor.insert_slice %[[Y0]] into %[[A]][1, 0, 0] [1, 2, 6] [1, 1, 1]
// CHECK: %[[X1:.*]] = tensor.extract_slice %[[X]][2, 0] [2, 6] [1, 1]
// CHECK-NEXT: %[[B:.*]] = tensor.insert_slice %[[X1]] into %{{.*}}[0, 0, 0] [1, 2, 6] [1, 1, 1]
// CHECK-NEXT: %[[Y1:.*]] = tensor.extract_slice %[[Y]][2, 0] [2, 6] [1, 1]
// CHECK-NEXT: %[[SECOND:.*]] = tensor.insert_slice %[[Y1]] into %[[B]][1, 0, 0] [1, 2, 6] [1, 1, 1]
// CHECK-NEXT: %[[R0:.*]] = bufferization.materialize_in_destination %[[FIRST]] in %[[OUT0]]
// CHECK-NEXT: %[[R1:.*]] = bufferization.materialize_in_destination %[[SECOND]] in %[[OUT1]]
// CHECK-NEXT: mogg.return %[[R0]], %[[R1]]
mo.graph @known(%x: !mo.tensor<[4, 6], f32>, %y: !mo.tensor<[4, 6], f32>) -> (!mo.tensor<[2, 2, 6], f32>, !mo.tensor<[2, 2, 6], f32>) {
  %0:2 = mo.shard_and_stack(%x, %y) axis = 0 devices = [cpu, cpu] : !mo.tensor<[4, 6], f32>
  mo.output %0#0, %0#1 : !mo.tensor<[2, 2, 6], f32>, !mo.tensor<[2, 2, 6], f32>
}

// -----

// An axis counts from the end.
// CHECK-LABEL: mogg.kernel private @shard_and_stack_f32(
// CHECK: tensor.extract_slice %{{.*}}[0, 0] [%{{.*}}, 2] [1, 1]
// CHECK: tensor.extract_slice %{{.*}}[0, 2] [%{{.*}}, 2] [1, 1]
// CHECK: tensor.extract_slice %{{.*}}[0, 4] [%{{.*}}, 2] [1, 1]
mo.graph @last(%x: !mo.tensor<[n, 6], f32>) -> (!mo.tensor<[1, n, 2], f32>, !mo.tensor<[1, n, 2], f32>, !mo.tensor<[1, n, 2], f32>) {
  %0:3 = mo.shard_and_stack(%x) axis = -1 devices = [cpu, cpu, cpu] : !mo.tensor<[n, 6], f32>
  mo.output %0#0, %0#1, %0#2 : !mo.tensor<[1, n, 2], f32>, !mo.tensor<[1, n, 2], f32>, !mo.tensor<[1, n, 2], f32>
}

// -----

// Whether the devices divide an extent is asked at run time where its expression leaves it open, and there alone.
// CHECK-LABEL: mogg.kernel private @shard_and_stack_f32(
// CHECK: %[[EVEN:.*]] = arith.cmpi eq
// CHECK: cf.assert %[[EVEN]], "mo.shard_and_stack: expected an extent on axis 0 that the 2 devices divide, found n"
// CHECK: %[[PART:.*]] = arith.floordivsi
// CHECK: tensor.extract_slice %{{.*}}[0] [%[[PART]]] [1]
// CHECK: %[[START:.*]] = arith.muli %[[PART]],
// CHECK: tensor.extract_slice %{{.*}}[%[[START]]] [%[[PART]]] [1]
// CHECK-LABEL: mogg.kernel private @shard_and_stack_f32_1(
// CHECK-NOT: cf.assert
// CHECK: mogg.return
mo.graph @open(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[n * 4], f32>) -> (!mo.tensor<[1, n floordiv 2], f32>, !mo.tensor<[1, n floordiv 2], f32>, !mo.tensor<[1, n * 2], f32>, !mo.tensor<[1, n * 2], f32>) {
  %0:2 = mo.shard_and_stack(%x) axis = 0 devices = [cpu, cpu] : !mo.tensor<[n], f32>
  %1:2 = mo.shard_and_stack(%y) axis = 0 devices = [cpu, cpu] : !mo.tensor<[n * 4], f32>
  mo.output %0#0, %0#1, %1#0, %1#1 : !mo.tensor<[1, n floordiv 2], f32>, !mo.tensor<[1, n floordiv 2], f32>, !mo.tensor<[1, n * 2], f32>, !mo.tensor<[1, n * 2], f32>
}
