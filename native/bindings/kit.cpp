// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bindings.h"
void bindKit(nb::module_ &m) {}
