// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kit/renaming.h"
#include "kit/dialect.h"

using namespace mlir;
using namespace mograph::kit;

namespace {
/// The parameters of a declared type, none where it has no dimensions.
ArrayRef<Attribute> parametersOf(Type type, const Def *&def) {
  auto dynamic = dyn_cast<DynamicType>(type);
  def = dynamic ? findTypeDef(type.getContext(), dynamic.getDialect().getNamespace(), dynamic.getTypeDef()->getName()) : nullptr;
  return def ? dynamic.getParams() : ArrayRef<Attribute>();
}
std::string textOf(Attribute dim) {
  if (auto text = dyn_cast<StringAttr>(dim)) return text.getValue().str();
  return std::to_string(cast<IntegerAttr>(dim).getInt());
}
bool isName(Attribute dim) {
  auto text = dyn_cast<StringAttr>(dim);
  return text && Dim::names(text.getValue().str()) == std::vector<std::string>{text.getValue().str()};
}
/// Calls `visit` with the dimensions of both types, parameter by parameter; false where they differ in anything else.
bool visitDims(Type have, Type declared, llvm::function_ref<bool(ArrayAttr, ArrayAttr)> visit) {
  if (have == declared && !isa<DynamicType>(have)) return true;
  const Def *def = nullptr, *other = nullptr;
  auto mine = parametersOf(have, def), theirs = parametersOf(declared, other);
  if (!def || def != other) return have == declared;
  for (auto [parameter, a, b] : llvm::zip_equal(def->spec->parameters, mine, theirs)) {
    if (parameter.constraint->kind == "dims") {
      if (!visit(cast<ArrayAttr>(a), cast<ArrayAttr>(b))) return false;
    } else if (a != b) {
      return false;
    }
  }
  return true;
}
} // namespace

void Renaming::bind(Type have, Type declared) {
  visitDims(have, declared, [&](ArrayAttr mine, ArrayAttr theirs) {
    if (mine.size() != theirs.size()) return false;
    for (auto [a, b] : llvm::zip_equal(mine, theirs)) {
      if (!isName(b) || (closed && !isName(a))) continue;
      std::string error;
      if (auto extent = Dim::parse(textOf(a), error)) extents.try_emplace(textOf(b), *extent);
    }
    return true;
  });
}

bool Renaming::agrees(Type have, Type declared) const {
  return visitDims(have, declared, [&](ArrayAttr mine, ArrayAttr theirs) {
    if (mine.size() != theirs.size()) return false;
    for (auto [a, b] : llvm::zip_equal(mine, theirs)) {
      std::string error;
      auto found = Dim::parse(textOf(a), error), expected = Dim::substitute(textOf(b), extents, error);
      if (!found || !expected || !(*found == *expected)) return false;
    }
    return true;
  });
}

std::string Renaming::str() const {
  std::string text;
  for (const auto &[name, extent] : extents)
    if (extent.str() != name) text += (text.empty() ? " where " : ", ") + name + " is " + extent.str();
  return text;
}
