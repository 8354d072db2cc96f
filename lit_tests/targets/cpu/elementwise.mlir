// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks | FileCheck %s --check-prefix=AVX2

// Two dims without a broadcast are one loop, which the pool may share: four registers at a time, the rest by masks.
// CHECK-LABEL: func.func @dynamic
// CHECK: call @mograph_parallel
// CHECK-LABEL: func.func @static
// CHECK-NOT: mograph_parallel
// CHECK: %[[V:.*]] = arith.addf %{{.*}}, %{{.*}} : vector<16xf32>
// CHECK-NEXT: llvm.store %[[V]]
// CHECK-NOT: scf.for
// CHECK: return
// CHECK-LABEL: func.func private @kernel_0
// CHECK: scf.for
// CHECK-NOT: scf.for
// CHECK: arith.addf %{{.*}}, %{{.*}} : vector<64xf32>
// CHECK: scf.for
// CHECK: llvm.intr.masked.load
// CHECK: arith.addf %{{.*}}, %{{.*}} : vector<16xf32>
// CHECK: llvm.intr.masked.store

// AVX2-LABEL: func.func private @kernel_0
// AVX2: arith.addf %{{.*}}, %{{.*}} : vector<32xf32>
// AVX2-NOT: llvm.intr.masked
// AVX2: arith.addf %{{.*}}, %{{.*}} : vector<8xf32>
func.func @dynamic(%a: tensor<?x?xf32>, %b: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %s = arith.addf %a, %b : tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @static(%a: tensor<2x8xf32>, %b: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %s = arith.addf %a, %b : tensor<2x8xf32>
  return %s : tensor<2x8xf32>
}
