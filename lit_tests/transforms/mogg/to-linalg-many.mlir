// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-to-linalg{inline=1})' | FileCheck %s
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-to-linalg{inline=2})' | FileCheck %s --check-prefix=FEW

// Small, but launched so often that its copies would be more than 32 times the kernel of the most operations.
// CHECK-LABEL: func.func @main(
// CHECK-COUNT-33: call @exp(
// CHECK: func.func private @exp(

// FEW-LABEL: func.func @main(
// FEW-COUNT-33: math.exp
// FEW-NOT: func.func private
mogg.program @main(%x0: f32) -> f32 attributes {signature = {name = "main"}} {
  %x1 = mogg.launch @exp(%x0) : (f32) -> f32
  %x2 = mogg.launch @exp(%x1) : (f32) -> f32
  %x3 = mogg.launch @exp(%x2) : (f32) -> f32
  %x4 = mogg.launch @exp(%x3) : (f32) -> f32
  %x5 = mogg.launch @exp(%x4) : (f32) -> f32
  %x6 = mogg.launch @exp(%x5) : (f32) -> f32
  %x7 = mogg.launch @exp(%x6) : (f32) -> f32
  %x8 = mogg.launch @exp(%x7) : (f32) -> f32
  %x9 = mogg.launch @exp(%x8) : (f32) -> f32
  %x10 = mogg.launch @exp(%x9) : (f32) -> f32
  %x11 = mogg.launch @exp(%x10) : (f32) -> f32
  %x12 = mogg.launch @exp(%x11) : (f32) -> f32
  %x13 = mogg.launch @exp(%x12) : (f32) -> f32
  %x14 = mogg.launch @exp(%x13) : (f32) -> f32
  %x15 = mogg.launch @exp(%x14) : (f32) -> f32
  %x16 = mogg.launch @exp(%x15) : (f32) -> f32
  %x17 = mogg.launch @exp(%x16) : (f32) -> f32
  %x18 = mogg.launch @exp(%x17) : (f32) -> f32
  %x19 = mogg.launch @exp(%x18) : (f32) -> f32
  %x20 = mogg.launch @exp(%x19) : (f32) -> f32
  %x21 = mogg.launch @exp(%x20) : (f32) -> f32
  %x22 = mogg.launch @exp(%x21) : (f32) -> f32
  %x23 = mogg.launch @exp(%x22) : (f32) -> f32
  %x24 = mogg.launch @exp(%x23) : (f32) -> f32
  %x25 = mogg.launch @exp(%x24) : (f32) -> f32
  %x26 = mogg.launch @exp(%x25) : (f32) -> f32
  %x27 = mogg.launch @exp(%x26) : (f32) -> f32
  %x28 = mogg.launch @exp(%x27) : (f32) -> f32
  %x29 = mogg.launch @exp(%x28) : (f32) -> f32
  %x30 = mogg.launch @exp(%x29) : (f32) -> f32
  %x31 = mogg.launch @exp(%x30) : (f32) -> f32
  %x32 = mogg.launch @exp(%x31) : (f32) -> f32
  %x33 = mogg.launch @exp(%x32) : (f32) -> f32
  mogg.return %x33 : f32
}
mogg.kernel private @exp(%x: f32) -> f32 {
  %0 = math.exp %x : f32
  mogg.return %0 : f32
}
