// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-to-linalg)' | FileCheck %s
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-to-linalg{inline=-1})' | FileCheck %s --check-prefix=NONE
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-to-linalg{inline=0})' | FileCheck %s --check-prefix=ONCE

// The one that is launched once is moved, the small one copied.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:.*]]: f32) -> f32 attributes {mogg.signature = {name = "main"}}
// CHECK-NEXT: %[[A:.*]] = math.exp %[[X]]
// CHECK-NEXT: %[[B:.*]] = math.exp %[[A]]
// CHECK-NEXT: %[[C:.*]] = math.log %[[B]]
// CHECK-NEXT: return %[[C]]
// CHECK-NOT: func.func

// NONE-LABEL: func.func @main(
// NONE: call @exp(
// NONE: call @exp(
// NONE: call @log(
// NONE: func.func private @exp(
// NONE: func.func private @log(

// ONCE-LABEL: func.func @main(
// ONCE: call @exp(
// ONCE: call @exp(
// ONCE: math.log
// ONCE: func.func private @exp(
// ONCE-NOT: @log
mogg.program @main(%x: f32) -> f32 attributes {signature = {name = "main"}} {
  %0 = mogg.launch @exp(%x) : (f32) -> f32
  %1 = mogg.launch @exp(%0) : (f32) -> f32
  %2 = mogg.launch @log(%1) : (f32) -> f32
  mogg.return %2 : f32
}
mogg.kernel private @exp(%x: f32) -> f32 {
  %0 = math.exp %x : f32
  mogg.return %0 : f32
}
mogg.kernel private @log(%x: f32) -> f32 {
  %0 = math.log %x : f32
  mogg.return %0 : f32
}
