// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
mo.graph @f(%x: !mo.tensor<[n], f32>) -> (!mo.tensor<[n], f32>, !mo.tensor<[g], f32>) {
  %zero = mo.constant 0 : !mo.tensor<[], si32>
  %one = mo.constant 1 : !mo.tensor<[], si32>
  %three = mo.constant 3 : !mo.tensor<[], si32>
  %i, %y, %grown, %dead, %same = mo.while(%zero, %x, %x, %x, %x : !mo.tensor<[], si32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>) -> !mo.tensor<[], si32>, !mo.tensor<[n], f32>, !mo.tensor<[k], f32>, !mo.tensor<[n], f32>, !mo.tensor<[s], f32> {
  ^bb0(%j: !mo.tensor<[], si32>, %v: !mo.tensor<[n], f32>, %g: !mo.tensor<[k], f32>, %d: !mo.tensor<[n], f32>, %e: !mo.tensor<[s], f32>):
    %more = mo.less %j, %three : !mo.tensor<[], si32>
    mo.condition %more, %j, %v, %g, %d, %e : !mo.tensor<[], si32>, !mo.tensor<[n], f32>, !mo.tensor<[k], f32>, !mo.tensor<[n], f32>, !mo.tensor<[s], f32>
  } do {
  ^bb0(%j: !mo.tensor<[], si32>, %v: !mo.tensor<[n], f32>, %g: !mo.tensor<[k], f32>, %d: !mo.tensor<[n], f32>, %e: !mo.tensor<[s], f32>):
    %next = mo.add %j, %one : !mo.tensor<[], si32>
    %a = mo.abs %x : !mo.tensor<[n], f32>
    %u = mo.add %v, %a : !mo.tensor<[n], f32>
    %h = mo.concat %g, %x axis = 0 : !mo.tensor<[k], f32>, !mo.tensor<[n], f32>
    %t = mo.negative %d : !mo.tensor<[n], f32>
    mo.yield %next, %u, %h, %t, %e : !mo.tensor<[], si32>, !mo.tensor<[n], f32>, !mo.tensor<[k + n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[s], f32>
  }
  %q = mo.rebind %same : !mo.tensor<[s], f32> to !mo.tensor<[n], f32>
  %r = mo.add %y, %q : !mo.tensor<[n], f32>
  %w = mo.rebind %grown : !mo.tensor<[k], f32> to !mo.tensor<[g], f32>
  mo.output %r, %w : !mo.tensor<[n], f32>, !mo.tensor<[g], f32>
}
