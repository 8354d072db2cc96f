// RUN: %python -m mograph.targets.cpu %s --until kernels --features avx512f --bits 512 | FileCheck %s --check-prefixes=ALL,V4
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks | FileCheck %s --check-prefixes=ALL,V3
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --no-fma | FileCheck %s --check-prefixes=ALL,SSE

// A number is looked at by itself.
// ALL-LABEL: func.func @one
// ALL: %[[IS:.*]] = arith.cmpf oge, %{{.*}} : f32
// ALL: scf.if %[[IS]]
func.func @one(%x: f32) -> f32 {
  %r = math.cos %x : f32
  return %r : f32
}

func.func @sine(%x: tensor<65536xf32>) -> tensor<65536xf32> {
  %r = math.sin %x : tensor<65536xf32>
  return %r : tensor<65536xf32>
}

func.func @tangent(%x: tensor<65536xf64>) -> tensor<65536xf64> {
  %r = math.tan %x : tensor<65536xf64>
  return %r : tensor<65536xf64>
}

// All lanes go the short way, in f32; if one of them is large, all go the long way, in f64, and each takes its own.
// ALL-LABEL: func.func private @kernel_0
// ALL: scf.for
// V4-COUNT-6: math.fma %{{.*}} : vector<64xf32>
// V3-COUNT-6: math.fma %{{.*}} : vector<32xf32>
// SSE-NOT: math.fma
// ALL: %[[LARGE:.*]] = arith.cmpf oge
// ALL: %[[SOME:.*]] = vector.reduction <or>, %[[LARGE]]
// ALL: scf.if %[[SOME]]
// ALL: arith.extf
// ALL-COUNT-3: arith.select %[[LARGE]]
// ALL: } else {
// ALL-NEXT: scf.yield
// ALL-NEXT: }
// ALL-NOT: math.sin

// Of f64 by Payne and Hanek.
// ALL-LABEL: func.func private @kernel_1
// ALL: vector.reduction <or>
// ALL: scf.if
// ALL: arith.muli
// ALL: } else {
// ALL-NOT: math.tan
