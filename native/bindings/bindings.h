// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the parts of `_native` share. Files in this folder have RTTI and exceptions and see MLIR through its C API only; they
// call the rest of native/ through functions declared with C API types.
#ifndef MOGRAPH_BINDINGS_H
#define MOGRAPH_BINDINGS_H
#include "mlir/Bindings/Python/NanobindAdaptors.h"
#include <nanobind/nanobind.h>

namespace nb = nanobind;

void bindKit(nb::module_ &m);
void bindPasses(nb::module_ &m);
void bindTools(nb::module_ &m);
#endif
