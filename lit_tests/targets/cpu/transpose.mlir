// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s

// A square of sixteen vectors is transposed in four steps of sixteen shuffles.
// CHECK-LABEL: func.func private @kernel_0
// CHECK-COUNT-16: llvm.load %{{.*}} -> vector<16xf32>
// CHECK-COUNT-64: vector.shuffle
// CHECK-NOT: vector.shuffle
// CHECK-COUNT-16: llvm.store %{{.*}} : vector<16xf32>
func.func @transpose(%a: tensor<2000x1000xf32>, %b: tensor<1000x2000xf32>) -> tensor<1000x2000xf32> {
  %r = linalg.transpose ins(%a : tensor<2000x1000xf32>) outs(%b : tensor<1000x2000xf32>) permutation = [1, 0]
  return %r : tensor<1000x2000xf32>
}
