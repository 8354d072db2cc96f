// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kit/effects.h"
#include "mlir/CAPI/IR.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

std::optional<std::vector<std::pair<std::string, std::string>>> mograph::kit::effectsOf(MlirOperation op) {
  auto effects = getEffectsRecursively(unwrap(op));
  if (!effects) return std::nullopt;
  std::vector<std::pair<std::string, std::string>> found;
  for (MemoryEffects::EffectInstance &effect : *effects) {
    const char *kind = isa<MemoryEffects::Read>(effect.getEffect())       ? "read"
                       : isa<MemoryEffects::Write>(effect.getEffect())    ? "write"
                       : isa<MemoryEffects::Allocate>(effect.getEffect()) ? "allocate"
                                                                          : "free";
    found.emplace_back(kind, effect.getResource()->getName().str());
  }
  return found;
}

bool mograph::kit::isSpeculatable(MlirOperation op) { return mlir::isSpeculatable(unwrap(op)); }
