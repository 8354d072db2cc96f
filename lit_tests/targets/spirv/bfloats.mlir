// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: spirv-val
// RUN: %python -m mograph.targets.spirv %s --chip opencl --until llvm | FileCheck %s --check-prefix=LLVM
// RUN: %python -m mograph.targets.spirv %s --chip opencl --until text | FileCheck %s --check-prefix=TEXT
// RUN: %python -m mograph.targets.spirv %s --chip opencl --output %t.spv
// RUN: spirv-val --target-env spv1.4 %t.spv

// Bfloats are 16 bits, which are the upper half of a float; they are rounded to even, and NaN stays NaN.
// LLVM-NOT: bfloat
// LLVM: %[[X:.*]] = load <8 x i16>
// LLVM: %[[WIDE:.*]] = zext <8 x i16> %[[X]] to <8 x i32>
// LLVM: shl <8 x i32> %[[WIDE]], splat (i32 16)
// LLVM: %[[P:.*]] = fmul <8 x float>
// LLVM: fcmp une <8 x float> %[[P]], %[[P]]
// LLVM: add <8 x i32> %{{.*}}, splat (i32 32767)
// LLVM: select <8 x i1> %{{.*}}, <8 x i16> splat (i16 32704)
// LLVM: store <8 x i16> %{{.*}}, align 16
// TEXT-NOT: BFloat16
// TEXT: OpUConvert
// TEXT: OpSelect
gpu.module @kernels {
  gpu.func @k(%a: !llvm.ptr<1>, %o: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
    %x = llvm.load %a {alignment = 16 : i64} : !llvm.ptr<1> -> vector<8xbf16>
    %w = arith.extf %x : vector<8xbf16> to vector<8xf32>
    %p = arith.mulf %w, %w : vector<8xf32>
    %r = arith.truncf %p : vector<8xf32> to vector<8xbf16>
    llvm.store %r, %o {alignment = 16 : i64} : vector<8xbf16>, !llvm.ptr<1>
    gpu.return
  }
}
