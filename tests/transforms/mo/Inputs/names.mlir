// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
mo.graph @f(%x: !mo.tensor<[n], f32>, %c: !mo.tensor<[], f32>) -> (!mo.tensor<[k, 2], f32>, !mo.tensor<[k], f32>) {
  %d = mo.concat %x, %x axis = 0 : !mo.tensor<[n], f32>
  %e = mo.rebind %d : !mo.tensor<[n * 2], f32> to !mo.tensor<[m], f32>
  %0 = mo.reshape %e : !mo.tensor<[m], f32> to !mo.tensor<[k, 2], f32>
  %unused = mo.reshape %x : !mo.tensor<[n], f32> to !mo.tensor<[j, 1], f32>
  %1 = mo.broadcast_to %c : !mo.tensor<[], f32> to !mo.tensor<[j], f32>
  %2 = mo.rebind %1 : !mo.tensor<[j], f32> to !mo.tensor<[k], f32>
  mo.output %0, %2 : !mo.tensor<[k, 2], f32>, !mo.tensor<[k], f32>
}
