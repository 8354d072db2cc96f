// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s

// A parallel loop becomes a function over a range of its trips, handed to the pool; its bounds and steps are kept.
// CHECK-LABEL: func.func @strided
// CHECK: %[[F:.*]] = constant @rows_0 : (!llvm.ptr, i64, i64) -> ()
// CHECK: %[[P:.*]] = builtin.unrealized_conversion_cast %[[F]]
// CHECK: call @mograph_parallel(%[[P]], %{{.*}}, %[[TRIPS:.*]], %{{.*}}, %{{.*}})
// CHECK-NOT: scf.forall
// CHECK: return
// CHECK: func.func private @rows_0(%{{.*}}: !llvm.ptr, %[[LO:.*]]: i64, %[[HI:.*]]: i64)
// CHECK: scf.for %[[ITEM:.*]] = %[[LO]] to %[[HI]]
// CHECK: %[[SCALED:.*]] = arith.muli %[[ITEM]], %{{.*}} : i64
// CHECK: arith.addi %[[SCALED]], %{{.*}} : i64
// CHECK-NOT: memref.copy
// CHECK: return
func.func @strided(%x: tensor<?x8xf32>, %n: index) -> tensor<?x8xf32> {
  %e = tensor.empty(%n) : tensor<?x8xf32>
  %r = scf.forall (%i) = (1) to (%n) step (2) shared_outs(%o = %e) -> (tensor<?x8xf32>) {
    %row = tensor.extract_slice %x[%i, 0] [1, 8] [1, 1] : tensor<?x8xf32> to tensor<8xf32>
    %out = tensor.extract_slice %o[%i, 0] [1, 8] [1, 1] : tensor<?x8xf32> to tensor<8xf32>
    %exp = linalg.map { math.absf } ins(%row : tensor<8xf32>) outs(%out : tensor<8xf32>)
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %exp into %o[%i, 0] [1, 8] [1, 1] : tensor<8xf32> into tensor<?x8xf32>
    }
  }
  return %r : tensor<?x8xf32>
}
