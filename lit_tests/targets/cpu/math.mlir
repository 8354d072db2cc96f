// RUN: %python -m mograph.targets.cpu %s --until math --features avx512f | FileCheck %s --check-prefixes=ALL,V4
// RUN: %python -m mograph.targets.cpu %s --until math --bits 256 --no-masks | FileCheck %s --check-prefixes=ALL,V3
// RUN: %python -m mograph.targets.cpu %s --until math --bits 128 --no-masks --no-fma | FileCheck %s --check-prefixes=ALL,SSE

// One source for all machines: fused arithmetic where there is some, powers of two by one instruction with AVX-512.
// ALL-LABEL: func.func @exp
// V4-COUNT-9: math.fma
// V4-NOT: math.fma
// V4: llvm.call_intrinsic "llvm.ldexp"(%{{.*}}, %{{.*}}) : (f32, i32) -> f32
// V3-COUNT-9: math.fma
// V3-NOT: call_intrinsic
// V3: arith.shli
// V3: arith.mulf
// V3-NEXT: arith.mulf
// V3: linalg.yield
// SSE-NOT: math.fma
// SSE: linalg.yield
// ALL-NOT: math.exp
func.func @exp(%x: tensor<?xf32>) -> tensor<?xf32> {
  %r = math.exp %x : tensor<?xf32>
  return %r : tensor<?xf32>
}

// ALL-LABEL: func.func @tanh
// ALL: arith.divf
// ALL-NOT: arith.divf
// ALL: math.copysign
// ALL-NOT: math.tanh
func.func @tanh(%x: tensor<?xf32>) -> tensor<?xf32> {
  %r = math.tanh %x : tensor<?xf32>
  return %r : tensor<?xf32>
}

// ALL-LABEL: func.func @erf
// ALL-NOT: arith.divf
// ALL: math.copysign
// ALL-NOT: math.erf
func.func @erf(%x: tensor<?xf32>) -> tensor<?xf32> {
  %r = math.erf %x : tensor<?xf32>
  return %r : tensor<?xf32>
}

// The exact function is computed in f64, the approximate one is not.
// ALL-LABEL: func.func @erfc
// ALL: f64
// ALL-LABEL: func.func @erfc_about
// ALL-NOT: f64
// ALL: return
func.func @erfc(%x: tensor<?xf32>) -> tensor<?xf32> {
  %r = math.erfc %x : tensor<?xf32>
  return %r : tensor<?xf32>
}

func.func @erfc_about(%x: tensor<?xf32>) -> tensor<?xf32> {
  %r = math.erfc %x fastmath<afn> : tensor<?xf32>
  return %r : tensor<?xf32>
}

// Functions of f64 are ours as well, on every machine. Those that take long for large arguments only stay until it is
// known what is computed in vectors (late-math.mlir).
// ALL-LABEL: func.func @wide
// ALL: math.sin
// V4: math.fma
// V3: math.fma
// SSE-NOT: math.fma
// ALL-NOT: math.powf
// ALL: return
func.func @wide(%x: tensor<?xf64>, %y: tensor<?xf64>) -> tensor<?xf64> {
  %s = math.sin %x : tensor<?xf64>
  %r = math.powf %s, %y : tensor<?xf64>
  return %r : tensor<?xf64>
}
