// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
mo.graph @f(%x: !mo.tensor<[n], f32>, %c: !mo.tensor<[], i1>) -> (!mo.tensor<[n], f32>, !mo.tensor<[n, k], f32>) {
  %0:2 = mo.call @layer(%x, %c) : (!mo.tensor<[n], f32>, !mo.tensor<[], i1>) -> (!mo.tensor<[n], f32>, !mo.tensor<[], i1>)
  %1:2 = mo.call @layer(%0#0, %c) : (!mo.tensor<[n], f32>, !mo.tensor<[], i1>) -> (!mo.tensor<[n], f32>, !mo.tensor<[], i1>)
  %two = mo.constant 2.0 : !mo.tensor<[], f32>
  %2 = mo.concat %x, %x axis = 0 : !mo.tensor<[n], f32>
  %3 = mo.call @names(%x, %2, %two) : (!mo.tensor<[n], f32>, !mo.tensor<[n * 2], f32>, !mo.tensor<[], f32>) -> !mo.tensor<[n, j], f32>
  %4 = mo.rebind %3 : !mo.tensor<[n, j], f32> to !mo.tensor<[n, k], f32>
  mo.output %1#0, %4 : !mo.tensor<[n], f32>, !mo.tensor<[n, k], f32>
}
mo.graph private @layer(%x: !mo.tensor<[n], f32>, %c: !mo.tensor<[], i1>) -> (!mo.tensor<[n], f32>, !mo.tensor<[], i1>) {
  %0 = mo.abs %x : !mo.tensor<[n], f32>
  %1 = mo.not %c : !mo.tensor<[], i1>
  mo.output %0, %1 : !mo.tensor<[n], f32>, !mo.tensor<[], i1>
}
mo.graph private @names(%x: !mo.tensor<[a], f32>, %y: !mo.tensor<[b], f32>, %v: !mo.tensor<[], f32>) -> !mo.tensor<[a, j], f32> {
  %0 = mo.reshape %y : !mo.tensor<[b], f32> to !mo.tensor<[j, 2], f32>
  %1 = mo.broadcast_to %v : !mo.tensor<[], f32> to !mo.tensor<[a, j], f32>
  mo.output %1 : !mo.tensor<[a, j], f32>
}
mo.graph private @never(%x: !mo.tensor<[a], f32>) -> !mo.tensor<[a], f32> {
  mo.output %x : !mo.tensor<[a], f32>
}
