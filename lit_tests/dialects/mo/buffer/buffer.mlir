// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// CHECK-LABEL: mo.graph @state(%{{[^ ]+}}: !mo.buffer<[n, 4], f32>, %{{[^ ]+}}: !mo.tensor<[2], si64>) -> !mo.buffer<[k, 4], f32>
mo.graph @state(%b: !mo.buffer<[n, 4], f32>, %shape: !mo.tensor<[2], si64>) -> !mo.buffer<[k, 4], f32> {
  // CHECK: %[[C:.*]] = mo.chain.create
  %c = mo.chain.create
  // CHECK: %[[L:.*]]:2 = mo.buffer.load %{{[^ ]+}}, %[[C]] : !mo.buffer<[n, 4], f32>
  %x, %c1 = mo.buffer.load %b, %c : !mo.buffer<[n, 4], f32>
  // CHECK: mo.buffer.create : !mo.buffer<[2], i1, gpu:0>
  %0 = mo.buffer.create : !mo.buffer<[2], i1, gpu:0>
  // CHECK: %[[K:.*]] = mo.buffer.create shape %{{[^ ]+}} : !mo.tensor<[2], si64> : !mo.buffer<[k, 4], f32>
  %new = mo.buffer.create shape %shape : !mo.tensor<[2], si64> : !mo.buffer<[k, 4], f32>
  // CHECK: %[[D:.*]] = mo.buffer.store %[[L]]#0, %{{[^ ]+}}, %[[L]]#1 : !mo.tensor<[n, 4], f32>, !mo.buffer<[n, 4], f32>
  %c2 = mo.buffer.store %x, %b, %c1 : !mo.tensor<[n, 4], f32>, !mo.buffer<[n, 4], f32>
  // CHECK: %[[E:.*]] = mo.buffer.store_slice %[[L]]#0, %[[K]][%{{[^ ]+}}], %[[D]] : !mo.tensor<[n, 4], f32>, !mo.buffer<[k, 4], f32>, !mo.tensor<[2], si64>
  %c3 = mo.buffer.store_slice %x, %new[%shape], %c2 : !mo.tensor<[n, 4], f32>, !mo.buffer<[k, 4], f32>, !mo.tensor<[2], si64>
  // CHECK: mo.buffer.store_slice %[[L]]#0, %[[K]][%{{[^ ]+}}], %[[E]] steps = [2, 1] : !mo.tensor
  %c4 = mo.buffer.store_slice %x, %new[%shape], %c3 steps = [2, 1] : !mo.tensor<[n, 4], f32>, !mo.buffer<[k, 4], f32>, !mo.tensor<[2], si64>
  // CHECK: mo.output %[[K]] : !mo.buffer<[k, 4], f32>
  mo.output %new : !mo.buffer<[k, 4], f32>
}
