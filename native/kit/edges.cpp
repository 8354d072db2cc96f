// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kit/edges.h"
#include "kit/dialect.h"
#include "kit/dims.h"

using namespace mlir;
using namespace mograph::kit;

namespace {
const Def *defOf(Type type) {
  auto dynamic = dyn_cast<DynamicType>(type);
  return dynamic ? findTypeDef(type.getContext(), dynamic.getDialect().getNamespace(), dynamic.getTypeDef()->getName()) : nullptr;
}
bool isName(Attribute dim) {
  auto text = dyn_cast<StringAttr>(dim);
  return text && Dim::names(text.getValue().str()) == std::vector<std::string>{text.getValue().str()};
}
bool dimsFlowInto(ArrayAttr source, ArrayAttr target) {
  return source.size() == target.size() &&
         llvm::all_of(llvm::zip_equal(source, target), [](auto pair) { return std::get<0>(pair) == std::get<1>(pair) || isName(std::get<1>(pair)); });
}
} // namespace

bool mograph::kit::flowsInto(Type source, Type target) {
  if (source == target) return true;
  const Def *def = defOf(target);
  if (!def || def != defOf(source)) return false;
  for (auto [parameter, from, to] : llvm::zip_equal(def->spec->parameters, cast<DynamicType>(source).getParams(), cast<DynamicType>(target).getParams())) {
    if (from == to) continue;
    if (parameter.constraint->kind != "dims" || !dimsFlowInto(cast<ArrayAttr>(from), cast<ArrayAttr>(to))) return false;
  }
  return true;
}

bool mograph::kit::flowsExactly(RegionBranchOpInterface op) {
  for (RegionBranchPoint point : op.getAllRegionBranchPoints()) {
    SmallVector<RegionSuccessor> successors;
    op.getSuccessorRegions(point, successors);
    for (RegionSuccessor successor : successors)
      if (TypeRange(op.getSuccessorOperands(point, successor)) != TypeRange(successor.getSuccessorInputs())) return false;
  }
  return true;
}
