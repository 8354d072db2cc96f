// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <nanobind/nanobind.h>

namespace mograph {

// Defines the types of devices: Kernel, Commands, Queue, Memory and Program.
void define_devices(nanobind::module_ &module);

}  // namespace mograph
