// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
mo.graph @f(%x: !mo.tensor<[2, n, 4], f32>, %s: !mo.tensor<[1], f32>) -> (!mo.tensor<[4, n, 2], f32>, !mo.tensor<[n, 4], f32>, !mo.tensor<[2, n, 4], f32>, !mo.tensor<[n * 4, 2], f32>) {
  %0 = mo.transpose %x perm = [2, 1, 0] : !mo.tensor<[2, n, 4], f32>
  %b = mo.broadcast_to %s : !mo.tensor<[1], f32> to !mo.tensor<[4, n, 2], f32>
  %1 = mo.mul %0, %b : !mo.tensor<[4, n, 2], f32>
  %2 = mo.transpose %1 perm = [2, 1, 0] : !mo.tensor<[4, n, 2], f32>
  %3 = mo.transpose %2 perm = [2, 1, 0] : !mo.tensor<[2, n, 4], f32>
  %4 = mo.slice %x starts = [0, 0, 0] stops = [1, 9223372036854775807, 4] steps = [1, 1, 1] : !mo.tensor<[2, n, 4], f32>
  %5 = mo.reshape %4 : !mo.tensor<[1, n, 4], f32> to !mo.tensor<[n * 4], f32>
  %6 = mo.reshape %5 : !mo.tensor<[n * 4], f32> to !mo.tensor<[n, 4], f32>
  %7 = mo.slice %x starts = [1, 0, 0] stops = [2, 9223372036854775807, 4] steps = [1, 1, 1] : !mo.tensor<[2, n, 4], f32>
  %8 = mo.concat %4, %7 axis = 0 : !mo.tensor<[1, n, 4], f32>
  %9 = mo.transpose %x perm = [1, 2, 0] : !mo.tensor<[2, n, 4], f32>
  %10 = mo.reshape %9 : !mo.tensor<[n, 4, 2], f32> to !mo.tensor<[n * 4, 2], f32>
  mo.output %3, %6, %8, %10 : !mo.tensor<[4, n, 2], f32>, !mo.tensor<[n, 4], f32>, !mo.tensor<[2, n, 4], f32>, !mo.tensor<[n * 4, 2], f32>
}
