// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Floats follow IEEE; integers wrap, and what the hardware traps on is defined: what is divided by 0 gives 0, and the
// smallest number divided by -1 is itself.
!f = !mo.tensor<[n], f32>
!i = !mo.tensor<[n], si32>
!u = !mo.tensor<[n], ui32>

mo.graph @float(%x: !f, %y: !f) -> (!f, !f, !f, !f, !f, !f, !f, !f, !f, !f, !f, !f) {
  // CHECK-LABEL: mogg.kernel private @add_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = arith.addf %[[X]], %[[Y]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %0 = mo.add %x, %y : !f
  // CHECK-LABEL: mogg.kernel private @sub_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = arith.subf %[[X]], %[[Y]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %1 = mo.sub %x, %y : !f
  // CHECK-LABEL: mogg.kernel private @mul_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = arith.mulf %[[X]], %[[Y]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %2 = mo.mul %x, %y : !f
  // CHECK-LABEL: mogg.kernel private @div_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = arith.divf %[[X]], %[[Y]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %3 = mo.div %x, %y : !f
  // CHECK-LABEL: mogg.kernel private @fmod_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = arith.remf %[[X]], %[[Y]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %4 = mo.fmod %x, %y : !f
  // CHECK-LABEL: mogg.kernel private @max_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = arith.maximumf %[[X]], %[[Y]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %5 = mo.max %x, %y : !f
  // CHECK-LABEL: mogg.kernel private @min_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = arith.minimumf %[[X]], %[[Y]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %6 = mo.min %x, %y : !f
  // The quotient of what is left without the rest, which is whole but for its rounding.
  // CHECK-LABEL: mogg.kernel private @floor_div_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[REST:.*]] = arith.remf %[[X]], %[[Y]] : f32
  // CHECK-NEXT: %[[EXACT:.*]] = arith.subf %[[X]], %[[REST]] : f32
  // CHECK-NEXT: arith.divf %[[EXACT]], %[[Y]] : f32
  // CHECK: math.floor
  // CHECK: %[[BY_ZERO:.*]] = arith.cmpf oeq, %[[Y]],
  // CHECK-NEXT: %[[R:.*]] = arith.select %[[BY_ZERO]],
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %7 = mo.floor_div %x, %y : !f
  // The rest has the sign of the divisor; one of 0 too.
  // CHECK-LABEL: mogg.kernel private @mod_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[REST:.*]] = arith.remf %[[X]], %[[Y]] : f32
  // CHECK: %[[LEFT:.*]] = arith.cmpf une, %[[REST]],
  // CHECK: %[[XOR:.*]] = arith.xori
  // CHECK: %[[WRONG:.*]] = arith.andi %[[LEFT]], %[[XOR]] : i1
  // CHECK-NEXT: %[[MOVED:.*]] = arith.addf %[[REST]], %[[Y]] : f32
  // CHECK-NEXT: arith.select %[[WRONG]], %[[MOVED]], %[[REST]] : f32
  // CHECK: linalg.yield
  %8 = mo.mod %x, %y : !f
  // CHECK-LABEL: mogg.kernel private @negative_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = arith.negf %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %9 = mo.negative %x : !f
  // CHECK-LABEL: mogg.kernel private @abs_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = math.absf %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %10 = mo.abs %x : !f
  // CHECK-LABEL: mogg.kernel private @sign_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-NEXT: %[[A:.*]] = arith.cmpf oeq, %[[X]], %[[ZERO]] : f32
  // CHECK-NEXT: %[[ZERO2:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-NEXT: %[[B:.*]] = arith.select %[[A]], %[[ZERO2]], %[[X]] : f32
  // CHECK-NEXT: %[[ZERO3:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-NEXT: %[[C:.*]] = arith.cmpf ogt, %[[X]], %[[ZERO3]] : f32
  // CHECK-NEXT: %[[ZERO4:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-NEXT: %[[D:.*]] = arith.cmpf olt, %[[X]], %[[ZERO4]] : f32
  // CHECK-NEXT: %[[MINUS_ONE:.*]] = arith.constant -1.000000e+00 : f32
  // CHECK-NEXT: %[[E:.*]] = arith.select %[[D]], %[[MINUS_ONE]], %[[B]] : f32
  // CHECK-NEXT: %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
  // CHECK-NEXT: %[[R:.*]] = arith.select %[[C]], %[[ONE]], %[[E]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %11 = mo.sign %x : !f
  mo.output %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11 : !f, !f, !f, !f, !f, !f, !f, !f, !f, !f, !f, !f
}

mo.graph @signed(%x: !i, %y: !i) -> (!i, !i, !i, !i, !i, !i, !i, !i, !i, !i, !i, !i) {
  // CHECK-LABEL: mogg.kernel private @add_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[R:.*]] = arith.addi %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %0 = mo.add %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @sub_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[R:.*]] = arith.subi %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %1 = mo.sub %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @mul_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[R:.*]] = arith.muli %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %2 = mo.mul %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @max_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[R:.*]] = arith.maxsi %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %3 = mo.max %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @min_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[R:.*]] = arith.minsi %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %4 = mo.min %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @div_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[A:.*]] = arith.cmpi eq, %[[Y]], %[[ZERO]] : i32
  // CHECK-NEXT: %[[MINUS_ONE:.*]] = arith.constant -1 : i32
  // CHECK-NEXT: %[[B:.*]] = arith.cmpi eq, %[[Y]], %[[MINUS_ONE]] : i32
  // CHECK-NEXT: %[[C:.*]] = arith.ori %[[A]], %[[B]] : i1
  // CHECK-NEXT: %[[ONE:.*]] = arith.constant 1 : i32
  // CHECK-NEXT: %[[D:.*]] = arith.select %[[C]], %[[ONE]], %[[Y]] : i32
  // CHECK-NEXT: %[[E:.*]] = arith.divsi %[[X]], %[[D]] : i32
  // CHECK-NEXT: %[[ZERO2:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[F:.*]] = arith.subi %[[ZERO2]], %[[X]] : i32
  // CHECK-NEXT: %[[G:.*]] = arith.select %[[B]], %[[F]], %[[E]] : i32
  // CHECK-NEXT: %[[ZERO3:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[R:.*]] = arith.select %[[A]], %[[ZERO3]], %[[G]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %5 = mo.div %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @fmod_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[A:.*]] = arith.cmpi eq, %[[Y]], %[[ZERO]] : i32
  // CHECK-NEXT: %[[MINUS_ONE:.*]] = arith.constant -1 : i32
  // CHECK-NEXT: %[[B:.*]] = arith.cmpi eq, %[[Y]], %[[MINUS_ONE]] : i32
  // CHECK-NEXT: %[[C:.*]] = arith.ori %[[A]], %[[B]] : i1
  // CHECK-NEXT: %[[ONE:.*]] = arith.constant 1 : i32
  // CHECK-NEXT: %[[D:.*]] = arith.select %[[C]], %[[ONE]], %[[Y]] : i32
  // CHECK-NEXT: %[[E:.*]] = arith.remsi %[[X]], %[[D]] : i32
  // CHECK-NEXT: %[[F:.*]] = arith.ori %[[A]], %[[B]] : i1
  // CHECK-NEXT: %[[ZERO2:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[R:.*]] = arith.select %[[F]], %[[ZERO2]], %[[E]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %6 = mo.fmod %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @floor_div_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK: %[[DIVISOR:.*]] = arith.select %{{.*}}, %{{.*}}, %[[Y]] : i32
  // CHECK-NEXT: arith.remsi %[[X]], %[[DIVISOR]] : i32
  // CHECK: arith.divsi %[[X]],
  // CHECK: arith.select
  // CHECK: %[[QUOTIENT:.*]] = arith.select
  // CHECK: %[[BELOW:.*]] = arith.subi %[[QUOTIENT]],
  // CHECK-NEXT: %[[R:.*]] = arith.select %{{.*}}, %[[BELOW]], %[[QUOTIENT]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %7 = mo.floor_div %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @mod_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK: %[[DIVISOR:.*]] = arith.select %{{.*}}, %{{.*}}, %[[Y]] : i32
  // CHECK-NEXT: arith.remsi %[[X]], %[[DIVISOR]] : i32
  // CHECK: %[[REST:.*]] = arith.select
  // CHECK: arith.cmpi ne, %[[REST]],
  // CHECK: arith.xori %[[REST]], %[[Y]] : i32
  // CHECK: %[[MOVED:.*]] = arith.addi %[[REST]], %[[Y]] : i32
  // CHECK-NEXT: %[[R:.*]] = arith.select %{{.*}}, %[[MOVED]], %[[REST]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %8 = mo.mod %x, %y : !i
  // CHECK-LABEL: mogg.kernel private @negative_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[R:.*]] = arith.subi %[[ZERO]], %[[X]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %9 = mo.negative %x : !i
  // CHECK-LABEL: mogg.kernel private @abs_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[A:.*]] = arith.subi %[[ZERO]], %[[X]] : i32
  // CHECK-NEXT: %[[R:.*]] = arith.maxsi %[[X]], %[[A]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %10 = mo.abs %x : !i
  // CHECK-LABEL: mogg.kernel private @sign_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[ZERO2:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[A:.*]] = arith.cmpi sgt, %[[X]], %[[ZERO2]] : i32
  // CHECK-NEXT: %[[ZERO3:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[B:.*]] = arith.cmpi slt, %[[X]], %[[ZERO3]] : i32
  // CHECK-NEXT: %[[MINUS_ONE:.*]] = arith.constant -1 : i32
  // CHECK-NEXT: %[[C:.*]] = arith.select %[[B]], %[[MINUS_ONE]], %[[ZERO]] : i32
  // CHECK-NEXT: %[[ONE:.*]] = arith.constant 1 : i32
  // CHECK-NEXT: %[[R:.*]] = arith.select %[[A]], %[[ONE]], %[[C]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %11 = mo.sign %x : !i
  mo.output %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11 : !i, !i, !i, !i, !i, !i, !i, !i, !i, !i, !i, !i
}

mo.graph @unsigned(%x: !u, %y: !u) -> (!u, !u, !u, !u, !u, !u, !u, !u) {
  // CHECK-LABEL: mogg.kernel private @max_ui32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[R:.*]] = arith.maxui %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %0 = mo.max %x, %y : !u
  // CHECK-LABEL: mogg.kernel private @min_ui32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[R:.*]] = arith.minui %[[X]], %[[Y]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %1 = mo.min %x, %y : !u
  // CHECK-LABEL: mogg.kernel private @div_ui32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[A:.*]] = arith.cmpi eq, %[[Y]], %[[ZERO]] : i32
  // CHECK-NEXT: %[[ONE:.*]] = arith.constant 1 : i32
  // CHECK-NEXT: %[[B:.*]] = arith.select %[[A]], %[[ONE]], %[[Y]] : i32
  // CHECK-NEXT: %[[C:.*]] = arith.divui %[[X]], %[[B]] : i32
  // CHECK-NEXT: %[[ZERO2:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[R:.*]] = arith.select %[[A]], %[[ZERO2]], %[[C]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %2 = mo.div %x, %y : !u
  // CHECK-LABEL: mogg.kernel private @fmod_ui32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[A:.*]] = arith.cmpi eq, %[[Y]], %[[ZERO]] : i32
  // CHECK-NEXT: %[[ONE:.*]] = arith.constant 1 : i32
  // CHECK-NEXT: %[[B:.*]] = arith.select %[[A]], %[[ONE]], %[[Y]] : i32
  // CHECK-NEXT: %[[C:.*]] = arith.remui %[[X]], %[[B]] : i32
  // CHECK-NEXT: %[[ZERO2:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[R:.*]] = arith.select %[[A]], %[[ZERO2]], %[[C]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %3 = mo.fmod %x, %y : !u
  // CHECK-LABEL: mogg.kernel private @floor_div_ui32(
  // CHECK: arith.divui
  // CHECK-NOT: arith.subi
  // CHECK: linalg.yield
  %4 = mo.floor_div %x, %y : !u
  // CHECK-LABEL: mogg.kernel private @mod_ui32(
  // CHECK: arith.remui
  // CHECK-NOT: arith.addi
  // CHECK: linalg.yield
  %5 = mo.mod %x, %y : !u
  // CHECK-LABEL: mogg.kernel private @abs_ui32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: linalg.yield %[[X]] : i32
  %6 = mo.abs %x : !u
  // CHECK-LABEL: mogg.kernel private @sign_ui32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[A:.*]] = arith.cmpi eq, %[[X]], %[[ZERO]] : i32
  // CHECK-NEXT: %[[ONE:.*]] = arith.constant 1 : i32
  // CHECK-NEXT: %[[ZERO2:.*]] = arith.constant 0 : i32
  // CHECK-NEXT: %[[R:.*]] = arith.select %[[A]], %[[ZERO2]], %[[ONE]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %7 = mo.sign %x : !u
  mo.output %0, %1, %2, %3, %4, %5, %6, %7 : !u, !u, !u, !u, !u, !u, !u, !u
}
