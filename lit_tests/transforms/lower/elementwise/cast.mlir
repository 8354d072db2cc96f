// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Every conversion is rounded once; integers wrap, floats saturate.
!f32 = !mo.tensor<[n], f32>
!bool = !mo.tensor<[n], i1>
!si32 = !mo.tensor<[n], si32>
!ui8 = !mo.tensor<[n], ui8>
!f64 = !mo.tensor<[n], f64>
!bf16 = !mo.tensor<[n], bf16>
!e4 = !mo.tensor<[n], f8E4M3FN>
!f16 = !mo.tensor<[n], f16>
!e5 = !mo.tensor<[n], f8E5M2>
!si8 = !mo.tensor<[n], si8>
!ui32 = !mo.tensor<[n], ui32>
!si64 = !mo.tensor<[n], si64>

// What is beyond the integers becomes the nearest of them, NaN 0.
mo.graph @from_f32(%x: !f32) -> (!bool, !si32, !ui8, !f64, !bf16, !e4) {
  // CHECK-LABEL: mogg.kernel private @cast_bool(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: i1):
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-NEXT: %[[R:.*]] = arith.cmpf une, %[[X]], %[[ZERO]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %0 = mo.cast %x : !f32 to !bool
  // CHECK-LABEL: mogg.kernel private @cast_si32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: i32):
  // CHECK-NEXT: %[[K:.*]] = arith.constant -2.14748365E+9 : f32
  // CHECK-NEXT: %[[A:.*]] = arith.cmpf ogt, %[[X]], %[[K]] : f32
  // CHECK-NEXT: %[[K2:.*]] = arith.constant 2.14748365E+9 : f32
  // CHECK-NEXT: %[[B:.*]] = arith.cmpf olt, %[[X]], %[[K2]] : f32
  // CHECK-NEXT: %[[C:.*]] = arith.andi %[[A]], %[[B]] : i1
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-NEXT: %[[D:.*]] = arith.select %[[C]], %[[X]], %[[ZERO]] : f32
  // CHECK-NEXT: %[[E:.*]] = arith.fptosi %[[D]] : f32 to i32
  // CHECK-NEXT: %[[K3:.*]] = arith.constant -2.14748365E+9 : f32
  // CHECK-NEXT: %[[F:.*]] = arith.cmpf ole, %[[X]], %[[K3]] : f32
  // CHECK-NEXT: %[[K4:.*]] = arith.constant -2147483648 : i32
  // CHECK-NEXT: %[[G:.*]] = arith.select %[[F]], %[[K4]], %[[E]] : i32
  // CHECK-NEXT: %[[K5:.*]] = arith.constant 2.14748365E+9 : f32
  // CHECK-NEXT: %[[H:.*]] = arith.cmpf oge, %[[X]], %[[K5]] : f32
  // CHECK-NEXT: %[[K6:.*]] = arith.constant 2147483647 : i32
  // CHECK-NEXT: %[[R:.*]] = arith.select %[[H]], %[[K6]], %[[G]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %1 = mo.cast %x : !f32 to !si32
  // CHECK-LABEL: mogg.kernel private @cast_ui8(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: i8):
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-NEXT: %[[A:.*]] = arith.cmpf ogt, %[[X]], %[[ZERO]] : f32
  // CHECK-NEXT: %[[K:.*]] = arith.constant 2.560000e+02 : f32
  // CHECK-NEXT: %[[B:.*]] = arith.cmpf olt, %[[X]], %[[K]] : f32
  // CHECK-NEXT: %[[C:.*]] = arith.andi %[[A]], %[[B]] : i1
  // CHECK-NEXT: %[[ZERO2:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-NEXT: %[[D:.*]] = arith.select %[[C]], %[[X]], %[[ZERO2]] : f32
  // CHECK-NEXT: %[[E:.*]] = arith.fptoui %[[D]] : f32 to i8
  // CHECK-NEXT: %[[ZERO3:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-NEXT: %[[F:.*]] = arith.cmpf ole, %[[X]], %[[ZERO3]] : f32
  // CHECK-NEXT: %[[ZERO4:.*]] = arith.constant 0 : i8
  // CHECK-NEXT: %[[G:.*]] = arith.select %[[F]], %[[ZERO4]], %[[E]] : i8
  // CHECK-NEXT: %[[K2:.*]] = arith.constant 2.560000e+02 : f32
  // CHECK-NEXT: %[[H:.*]] = arith.cmpf oge, %[[X]], %[[K2]] : f32
  // CHECK-NEXT: %[[MINUS_ONE:.*]] = arith.constant -1 : i8
  // CHECK-NEXT: %[[R:.*]] = arith.select %[[H]], %[[MINUS_ONE]], %[[G]] : i8
  // CHECK-NEXT: linalg.yield %[[R]] : i8
  %2 = mo.cast %x : !f32 to !ui8
  // CHECK-LABEL: mogg.kernel private @cast_f64(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f64):
  // CHECK-NEXT: %[[R:.*]] = arith.extf %[[X]] : f32 to f64
  // CHECK-NEXT: linalg.yield %[[R]] : f64
  %3 = mo.cast %x : !f32 to !f64
  // CHECK-LABEL: mogg.kernel private @cast_bf16(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: bf16):
  // CHECK-NEXT: %[[R:.*]] = arith.truncf %[[X]] : f32 to bf16
  // CHECK-NEXT: linalg.yield %[[R]] : bf16
  %4 = mo.cast %x : !f32 to !bf16
  // Nothing on a CPU converts to 8-bit floats: integers do it on their bits.
  // CHECK-LABEL: mogg.kernel private @cast_f8E4M3FN(
  // CHECK: arith.bitcast %{{.*}} : f32 to i32
  // CHECK: arith.trunci %{{.*}} : i32 to i8
  // CHECK: arith.bitcast %{{.*}} : i8 to f8E4M3FN
  // CHECK-NOT: arith.truncf
  // CHECK: linalg.yield
  %5 = mo.cast %x : !f32 to !e4
  mo.output %0, %1, %2, %3, %4, %5 : !bool, !si32, !ui8, !f64, !bf16, !e4
}

// On the way to 16 bits an inexact f32 is made odd, so that only the last rounding counts.
mo.graph @from_f64(%x: !f64) -> (!f32, !f16) {
  // CHECK-LABEL: mogg.kernel private @cast_f32(
  // CHECK: ^bb0(%[[X:.*]]: f64, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = arith.truncf %[[X]] : f64 to f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %0 = mo.cast %x : !f64 to !f32
  // CHECK-LABEL: mogg.kernel private @cast_f16(
  // CHECK: arith.truncf %{{.*}} : f64 to f32
  // CHECK: arith.ori
  // CHECK: %[[ODD:.*]] = arith.bitcast %{{.*}} : i32 to f32
  // CHECK-NEXT: arith.truncf %[[ODD]] : f32 to f16
  %1 = mo.cast %x : !f64 to !f16
  mo.output %0, %1 : !f32, !f16
}

mo.graph @from_narrow(%x: !f16) -> (!f32, !bf16, !si32) {
  // CHECK-LABEL: mogg.kernel private @cast_f32_1(
  // CHECK: ^bb0(%[[X:.*]]: f16, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = arith.extf %[[X]] : f16 to f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %0 = mo.cast %x : !f16 to !f32
  // CHECK-LABEL: mogg.kernel private @cast_bf16_1(
  // CHECK: ^bb0(%[[X:.*]]: f16, %{{.*}}: bf16):
  // CHECK-NEXT: %[[A:.*]] = arith.extf %[[X]] : f16 to f32
  // CHECK-NEXT: %[[R:.*]] = arith.truncf %[[A]] : f32 to bf16
  // CHECK-NEXT: linalg.yield %[[R]] : bf16
  %1 = mo.cast %x : !f16 to !bf16
  // CHECK-LABEL: mogg.kernel private @cast_si32_1(
  // CHECK: arith.extf %{{.*}} : f16 to f32
  // CHECK: arith.fptosi %{{.*}} : f32 to i32
  %2 = mo.cast %x : !f16 to !si32
  mo.output %0, %1, %2 : !f32, !bf16, !si32
}

// An f8E5M2 is the upper half of an f16.
mo.graph @from_float8(%x: !e5) -> (!f32) {
  // CHECK-LABEL: mogg.kernel private @cast_f32_2(
  // CHECK: ^bb0(%[[X:.*]]: f8E5M2, %{{.*}}: f32):
  // CHECK-NEXT: %[[A:.*]] = arith.bitcast %[[X]] : f8E5M2 to i8
  // CHECK-NEXT: %[[B:.*]] = arith.extui %[[A]] : i8 to i16
  // CHECK-NEXT: %[[K:.*]] = arith.constant 8 : i16
  // CHECK-NEXT: %[[C:.*]] = arith.shli %[[B]], %[[K]] : i16
  // CHECK-NEXT: %[[D:.*]] = arith.bitcast %[[C]] : i16 to f16
  // CHECK-NEXT: %[[R:.*]] = arith.extf %[[D]] : f16 to f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %0 = mo.cast %x : !e5 to !f32
  mo.output %0 : !f32
}

mo.graph @from_signed(%x: !si8) -> (!si32, !ui32, !f32, !f16, !bool) {
  // CHECK-LABEL: mogg.kernel private @cast_si32_2(
  // CHECK: ^bb0(%[[X:.*]]: i8, %{{.*}}: i32):
  // CHECK-NEXT: %[[R:.*]] = arith.extsi %[[X]] : i8 to i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %0 = mo.cast %x : !si8 to !si32
  // CHECK-LABEL: mogg.kernel private @cast_ui32(
  // CHECK: ^bb0(%[[X:.*]]: i8, %{{.*}}: i32):
  // CHECK-NEXT: %[[R:.*]] = arith.extsi %[[X]] : i8 to i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %1 = mo.cast %x : !si8 to !ui32
  // CHECK-LABEL: mogg.kernel private @cast_f32_3(
  // CHECK: ^bb0(%[[X:.*]]: i8, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = arith.sitofp %[[X]] : i8 to f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %2 = mo.cast %x : !si8 to !f32
  // CHECK-LABEL: mogg.kernel private @cast_f16_1(
  // CHECK: ^bb0(%[[X:.*]]: i8, %{{.*}}: f16):
  // CHECK-NEXT: %[[A:.*]] = arith.sitofp %[[X]] : i8 to f32
  // CHECK-NEXT: %[[R:.*]] = arith.truncf %[[A]] : f32 to f16
  // CHECK-NEXT: linalg.yield %[[R]] : f16
  %3 = mo.cast %x : !si8 to !f16
  // CHECK-LABEL: mogg.kernel private @cast_bool_1(
  // CHECK: ^bb0(%[[X:.*]]: i8, %{{.*}}: i1):
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0 : i8
  // CHECK-NEXT: %[[R:.*]] = arith.cmpi ne, %[[X]], %[[ZERO]] : i8
  // CHECK-NEXT: linalg.yield %[[R]] : i1
  %4 = mo.cast %x : !si8 to !bool
  mo.output %0, %1, %2, %3, %4 : !si32, !ui32, !f32, !f16, !bool
}

mo.graph @from_unsigned(%x: !ui8) -> (!si32, !si8, !f32) {
  // CHECK-LABEL: mogg.kernel private @cast_si32_3(
  // CHECK: ^bb0(%[[X:.*]]: i8, %{{.*}}: i32):
  // CHECK-NEXT: %[[R:.*]] = arith.extui %[[X]] : i8 to i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %0 = mo.cast %x : !ui8 to !si32
  // CHECK-LABEL: mogg.kernel private @cast_si8(
  // CHECK: ^bb0(%[[X:.*]]: i8, %{{.*}}: i8):
  // CHECK-NEXT: linalg.yield %[[X]] : i8
  %1 = mo.cast %x : !ui8 to !si8
  // CHECK-LABEL: mogg.kernel private @cast_f32_4(
  // CHECK: ^bb0(%[[X:.*]]: i8, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = arith.uitofp %[[X]] : i8 to f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %2 = mo.cast %x : !ui8 to !f32
  mo.output %0, %1, %2 : !si32, !si8, !f32
}

// 64 bits go to 16 by way of f64, with one bit for all that it has no room for.
mo.graph @from_wide(%x: !si64) -> (!si8, !f32, !bf16) {
  // CHECK-LABEL: mogg.kernel private @cast_si8_1(
  // CHECK: ^bb0(%[[X:.*]]: i64, %{{.*}}: i8):
  // CHECK-NEXT: %[[R:.*]] = arith.trunci %[[X]] : i64 to i8
  // CHECK-NEXT: linalg.yield %[[R]] : i8
  %0 = mo.cast %x : !si64 to !si8
  // CHECK-LABEL: mogg.kernel private @cast_f32_5(
  // CHECK: ^bb0(%[[X:.*]]: i64, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = arith.sitofp %[[X]] : i64 to f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %1 = mo.cast %x : !si64 to !f32
  // CHECK-LABEL: mogg.kernel private @cast_bf16_2(
  // CHECK: arith.shrsi
  // CHECK: arith.andi
  // CHECK: arith.ori
  // CHECK: arith.sitofp %{{.*}} : i64 to f64
  // CHECK: arith.select %{{.*}} : f64
  // CHECK: arith.truncf %{{.*}} : f32 to bf16
  %2 = mo.cast %x : !si64 to !bf16
  mo.output %0, %1, %2 : !si8, !f32, !bf16
}

mo.graph @from_bool(%x: !bool) -> (!si32, !f32) {
  // CHECK-LABEL: mogg.kernel private @cast_si32_4(
  // CHECK: ^bb0(%[[X:.*]]: i1, %{{.*}}: i32):
  // CHECK-NEXT: %[[R:.*]] = arith.extui %[[X]] : i1 to i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %0 = mo.cast %x : !bool to !si32
  // CHECK-LABEL: mogg.kernel private @cast_f32_6(
  // CHECK: ^bb0(%[[X:.*]]: i1, %{{.*}}: f32):
  // CHECK-NEXT: %[[R:.*]] = arith.uitofp %[[X]] : i1 to f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %1 = mo.cast %x : !bool to !f32
  mo.output %0, %1 : !si32, !f32
}
