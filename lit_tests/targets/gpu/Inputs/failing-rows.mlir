// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
func.func @rows(%x: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %m = memref.dim %x, %c0 : memref<?xf32>
  scf.forall (%i) in (%m) {
    %v = memref.load %x[%i] : memref<?xf32>
    %right = arith.cmpf ogt, %v, %zero : f32
    cf.assert %right, "expected something"
  }
  return
}
