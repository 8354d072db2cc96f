// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What upstream's interfaces say of an op's effects, for passes written in Python.
#ifndef MOGRAPH_KIT_EFFECTS_H
#define MOGRAPH_KIT_EFFECTS_H
#include "mlir-c/IR.h"
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mograph::kit {

/// The kind ("read", "write", "allocate", "free") and resource of each effect of the op and of what is inside; none when unknown.
std::optional<std::vector<std::pair<std::string, std::string>>> effectsOf(MlirOperation op);
/// Whether the op may run where it would not have.
bool isSpeculatable(MlirOperation op);
} // namespace mograph::kit
#endif
