// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kit/names.h"
#include "kit/dialect.h"
#include "kit/dims.h"
#include "kit/op.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mograph::kit;

namespace {
/// Calls `visit` with each dimension of the type that is no number.
void eachSymbolic(Type type, llvm::function_ref<void(StringAttr)> visit) {
  auto dynamic = dyn_cast<DynamicType>(type);
  if (!dynamic) return;
  const Def *def = nullptr;
  for (auto [index, parameter] : llvm::enumerate(dynamic.getParams())) {
    auto dims = dyn_cast<ArrayAttr>(parameter);
    if (!dims || llvm::none_of(dims, [](Attribute dim) { return isa<StringAttr>(dim); })) continue;
    if (!def) def = findTypeDef(type.getContext(), dynamic.getDialect().getNamespace(), dynamic.getTypeDef()->getName());
    if (!def || def->spec->parameters[index].constraint->kind != "dims") continue;
    for (Attribute dim : dims)
      if (auto symbolic = dyn_cast<StringAttr>(dim)) visit(symbolic);
  }
}

/// The names in some types.
struct Names {
  llvm::SmallPtrSet<Attribute, 8> dims; // seen as a whole: most dimensions occur in an operand just as in a result
  llvm::StringSet<> names;
  void add(TypeRange types) {
    for (Type type : types)
      eachSymbolic(type, [&](StringAttr dim) {
        if (dims.insert(dim).second)
          for (const std::string &name : Dim::names(dim.getValue().str())) names.insert(name);
      });
  }
  bool lacks(TypeRange types) const {
    bool found = false;
    for (Type type : types)
      eachSymbolic(type, [&](StringAttr dim) {
        if (found || dims.contains(dim)) return;
        found = llvm::any_of(Dim::names(dim.getValue().str()), [&](const std::string &name) { return !names.contains(name); });
      });
    return found;
  }
};

/// Adds the names of the arguments of the function around `op`, which hold in all of it.
void addFunction(Operation *op, Names &names) {
  for (Operation *parent = op->getParentOp(); parent; parent = parent->getParentOp()) {
    RuntimeOp *runtime = RuntimeOp::of(parent);
    if (!runtime || !runtime->spec().function) continue;
    if (!parent->getRegion(0).empty()) names.add(parent->getRegion(0).getArgumentTypes());
    return;
  }
}
} // namespace

bool mograph::kit::bringsNames(Operation *op) {
  Names names;
  if (!names.lacks(op->getResultTypes())) return false; // all is constant
  names.add(op->getOperandTypes());
  if (!names.lacks(op->getResultTypes())) return false;
  addFunction(op, names);
  return names.lacks(op->getResultTypes());
}

bool mograph::kit::bringsNamesAnywhere(Operation *op) {
  if (bringsNames(op)) return true;
  Names names;
  names.add(op->getOperandTypes());
  addFunction(op, names);
  return llvm::any_of(op->getRegions(), [&](Region &region) {
    return llvm::any_of(region, [&](Block &block) { return names.lacks(block.getArgumentTypes()); });
  });
}

bool mograph::kit::bringsNamesInside(Operation *function) {
  return function->walk([&](Operation *op) { return op != function && bringsNamesAnywhere(op) ? WalkResult::interrupt() : WalkResult::advance(); }).wasInterrupted();
}
