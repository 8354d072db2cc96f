// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The extension module `mograph._native`.
#include "bindings.h"

NB_MODULE(_native, m) {
  m.doc() = "What mograph does in C++: dialects declared in Python, passes in MLIR's registry, the tools.";
  nb::set_leak_warnings(false); // what Python declares lives as long as the process, on purpose
  bindKit(m);
  bindPasses(m);
  bindTools(m);
}
