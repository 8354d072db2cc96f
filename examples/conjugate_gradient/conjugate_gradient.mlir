// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Solves a x = b for a symmetric positive definite matrix by conjugate gradients, from x = 0, until the residual is at most
// `tolerance` times as long as b. Gives x and the number of steps.
mo.graph @conjugate_gradient(%a: !mo.tensor<[n, n], f64>, %b: !mo.tensor<[n], f64>, %tolerance: !mo.tensor<[], f64>)
    -> (!mo.tensor<[n], f64>, !mo.tensor<[], si64>) {
  %none = mo.constant 0 : !mo.tensor<[], si64>
  %one = mo.constant 1 : !mo.tensor<[], si64>
  %zero = mo.constant 0.0 : !mo.tensor<[], f64>
  %x0 = mo.broadcast_to %zero : !mo.tensor<[], f64> to !mo.tensor<[n], f64>
  %bb = mo.matmul %b, %b : !mo.tensor<[n], f64>
  %tt = mo.mul %tolerance, %tolerance : !mo.tensor<[], f64>
  %limit = mo.mul %tt, %bb : !mo.tensor<[], f64>

  // What goes from step to step: the solution so far, its residual, the squared length of that, the direction, the count.
  %x, %r, %rr, %p, %steps = mo.while (%x0, %b, %bb, %b, %none
      : !mo.tensor<[n], f64>, !mo.tensor<[n], f64>, !mo.tensor<[], f64>, !mo.tensor<[n], f64>, !mo.tensor<[], si64>)
      -> !mo.tensor<[n], f64>, !mo.tensor<[n], f64>, !mo.tensor<[], f64>, !mo.tensor<[n], f64>, !mo.tensor<[], si64> {
  ^bb0(%x: !mo.tensor<[n], f64>, %r: !mo.tensor<[n], f64>, %rr: !mo.tensor<[], f64>, %p: !mo.tensor<[n], f64>,
       %k: !mo.tensor<[], si64>):
    %more = mo.greater %rr, %limit : !mo.tensor<[], f64>
    mo.condition %more, %x, %r, %rr, %p, %k
      : !mo.tensor<[n], f64>, !mo.tensor<[n], f64>, !mo.tensor<[], f64>, !mo.tensor<[n], f64>, !mo.tensor<[], si64>
  } do {
  ^bb0(%x: !mo.tensor<[n], f64>, %r: !mo.tensor<[n], f64>, %rr: !mo.tensor<[], f64>, %p: !mo.tensor<[n], f64>,
       %k: !mo.tensor<[], si64>):
    %ap = mo.matmul %a, %p : !mo.tensor<[n, n], f64>, !mo.tensor<[n], f64>
    %pap = mo.matmul %p, %ap : !mo.tensor<[n], f64>
    %alpha = mo.div %rr, %pap : !mo.tensor<[], f64>
    %dx = mo.mul %p, %alpha : !mo.tensor<[n], f64>, !mo.tensor<[], f64>
    %dr = mo.mul %ap, %alpha : !mo.tensor<[n], f64>, !mo.tensor<[], f64>
    %x1 = mo.add %x, %dx : !mo.tensor<[n], f64>
    %r1 = mo.sub %r, %dr : !mo.tensor<[n], f64>
    %rr1 = mo.matmul %r1, %r1 : !mo.tensor<[n], f64>
    %beta = mo.div %rr1, %rr : !mo.tensor<[], f64>
    %kept = mo.mul %p, %beta : !mo.tensor<[n], f64>, !mo.tensor<[], f64>
    %p1 = mo.add %r1, %kept : !mo.tensor<[n], f64>
    %k1 = mo.add %k, %one : !mo.tensor<[], si64>
    mo.yield %x1, %r1, %rr1, %p1, %k1
      : !mo.tensor<[n], f64>, !mo.tensor<[n], f64>, !mo.tensor<[], f64>, !mo.tensor<[n], f64>, !mo.tensor<[], si64>
  }
  mo.output %x, %steps : !mo.tensor<[n], f64>, !mo.tensor<[], si64>
}
