// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks | FileCheck %s --check-prefix=AVX2
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --no-fma | FileCheck %s --check-prefix=FOUR
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --features neon | FileCheck %s --check-prefix=FOUR

// A square of sixteen vectors is transposed in four steps of sixteen shuffles.
// CHECK-LABEL: func.func private @kernel_0
// CHECK-COUNT-16: llvm.load %{{.*}} -> vector<16xf32>
// CHECK-COUNT-64: vector.shuffle
// CHECK-NOT: vector.shuffle
// CHECK-COUNT-16: llvm.store %{{.*}} : vector<16xf32>

// Eight vectors in three steps of eight, and four in two of four.
// AVX2-LABEL: func.func private @kernel_0
// AVX2-COUNT-8: llvm.load %{{.*}} -> vector<8xf32>
// AVX2-COUNT-24: vector.shuffle
// AVX2-NOT: vector.shuffle
// AVX2-COUNT-8: llvm.store %{{.*}} : vector<8xf32>

// FOUR-LABEL: func.func private @kernel_0
// FOUR-COUNT-4: llvm.load %{{.*}} -> vector<4xf32>
// FOUR-COUNT-8: vector.shuffle
// FOUR-NOT: vector.shuffle
// FOUR-COUNT-4: llvm.store %{{.*}} : vector<4xf32>
func.func @transpose(%a: tensor<2000x1000xf32>, %b: tensor<1000x2000xf32>) -> tensor<1000x2000xf32> {
  %r = linalg.transpose ins(%a : tensor<2000x1000xf32>) outs(%b : tensor<1000x2000xf32>) permutation = [1, 0]
  return %r : tensor<1000x2000xf32>
}
