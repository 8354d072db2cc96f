// RUN: mo-opt %s --split-input-file --verify-diagnostics --pass-pipeline='builtin.module(mogg-verify-stage{stage=buffers})'

// expected-error@+1 {{stage 'buffers': expected no operation of mo, found mo.graph}}
mo.graph @f() {
  // expected-error@+1 {{stage 'buffers': expected no operation of mo, found mo.output}}
  mo.output
}

// -----

// expected-error@+1 {{stage 'buffers': expected functions without a body beside programs and kernels, found one with a body}}
func.func @f() {
  return
}

// -----

mogg.program @f(%x: memref<4xf32>) {
  // expected-error@+1 {{stage 'buffers': expected the symbol of a mogg.kernel, found @f}}
  mogg.launch @f(%x) : (memref<4xf32>) -> ()
  mogg.return
}

// -----

// expected-error@+1 {{stage 'buffers': expected no tensor, found tensor<4xf32>}}
mogg.program @f(%x: tensor<4xf32>) {
  mogg.return
}

// -----

mogg.program @kept() -> memref<4xf32> {
  %0 = mogg.alloc() : memref<4xf32>
  mogg.return %0 : memref<4xf32>
}
mogg.program @lost(%x: memref<4xf32>) {
  // expected-error@+1 {{stage 'buffers': expected a buffer that is given back by mogg.dealloc, or returned; it is neither}}
  %0 = mogg.alloc() : memref<4xf32>
  mogg.copy %x to %0 : memref<4xf32> to memref<4xf32>
  mogg.return
}
