// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kit/api.h"
#include "kit/assembly.h"
#include "kit/constraints.h"
#include "kit/dialect.h"
#include "kit/op.h"
#include "registry.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include <cstring>

using namespace mlir;
using namespace mograph::kit;

void mograph::kit::appendRegistry(MlirContext context) { unwrap(context)->appendDialectRegistry(mograph::registry()); }
bool mograph::kit::loadDialect(MlirContext context, const std::string &name) { return unwrap(context)->getOrLoadDialect(name); }

namespace {
/// Collects what a checked constructor reports instead of a type.
template <typename Make> auto checked(MLIRContext *context, std::string &error, Make make) {
  ScopedDiagnosticHandler handler(context, [&](Diagnostic &diag) {
    if (error.empty()) error = diag.str();
    return success();
  });
  return make([&] { return emitError(UnknownLoc::get(context)); });
}
SmallVector<Attribute> unwrapAll(const std::vector<MlirAttribute> &attributes) {
  return llvm::map_to_vector(attributes, [](MlirAttribute a) { return unwrap(a); });
}
} // namespace

MlirType mograph::kit::getType(MlirContext c, const std::string &name, const std::vector<MlirAttribute> &parameters, std::string &error) {
  MLIRContext *context = unwrap(c);
  auto [dialect, rest] = StringRef(name).split('.');
  context->getOrLoadDialect(dialect);
  const Def *def = findTypeDef(context, dialect, rest);
  if (!def) return error = "unknown type '" + name + "'", MlirType{nullptr};
  return wrap(Type(checked(context, error, [&](auto emit) { return DynamicType::getChecked(emit, def->type, unwrapAll(parameters)); })));
}
MlirAttribute mograph::kit::getAttribute(MlirContext c, const std::string &name, const std::vector<MlirAttribute> &parameters, std::string &error) {
  MLIRContext *context = unwrap(c);
  auto [dialect, rest] = StringRef(name).split('.');
  context->getOrLoadDialect(dialect);
  const Def *def = findAttrDef(context, dialect, rest);
  if (!def) return error = "unknown attribute '" + name + "'", MlirAttribute{nullptr};
  return wrap(Attribute(checked(context, error, [&](auto emit) { return DynamicAttr::getChecked(emit, def->attr, unwrapAll(parameters)); })));
}
std::string mograph::kit::typeParameters(MlirType t, std::vector<MlirAttribute> &parameters) {
  auto type = dyn_cast<DynamicType>(unwrap(t));
  if (!type) return "";
  for (Attribute a : type.getParams()) parameters.push_back(wrap(a));
  return (type.getDialect().getNamespace() + "." + type.getTypeDef()->getName()).str();
}
std::string mograph::kit::attributeParameters(MlirAttribute a, std::vector<MlirAttribute> &parameters) {
  auto attribute = dyn_cast<DynamicAttr>(unwrap(a));
  if (!attribute) return "";
  for (Attribute p : attribute.getParams()) parameters.push_back(wrap(p));
  return (attribute.getDialect().getNamespace() + "." + attribute.getAttrDef()->getName()).str();
}

bool mograph::kit::elementsToBytes(MlirAttribute a, std::string &bytes) {
  Attribute attribute = unwrap(a);
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(attribute)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob || resource.getElementType().isInteger(1)) return false;
    return bytes.assign(blob->getData().data(), blob->getData().size()), true;
  }
  auto elements = dyn_cast<DenseIntOrFPElementsAttr>(attribute);
  if (!elements || isa<ComplexType>(elements.getElementType())) return false;
  int64_t count = elements.getNumElements();
  if (elements.getElementType().isInteger(1)) { // bits in memory
    for (bool value : elements.getValues<bool>()) bytes.push_back(value);
    return true;
  }
  ArrayRef<char> data = elements.getRawData();
  if (!elements.isSplat()) return bytes.assign(data.data(), data.size()), true;
  bytes.reserve(data.size() * count);
  for (int64_t i = 0; i < count; ++i) bytes.append(data.data(), data.size());
  return true;
}
MlirAttribute mograph::kit::elementsFromBytes(MlirType t, const char *data, size_t size, std::string &error) {
  auto type = dyn_cast<RankedTensorType>(unwrap(t));
  if (!type || !type.hasStaticShape() || !type.getElementType().isIntOrFloat()) return error = "needs a tensor type with a static shape", MlirAttribute{nullptr};
  size_t bits = type.getElementTypeBitWidth(), count = type.getNumElements(), each = (bits + 7) / 8;
  if (size != count * each) return error = "needs " + std::to_string(count * each) + " bytes, got " + std::to_string(size), MlirAttribute{nullptr};
  if (bits == 1) {
    SmallVector<bool> values;
    for (size_t i = 0; i < count; ++i) values.push_back(data[i]);
    return wrap(Attribute(DenseElementsAttr::get(type, values)));
  }
  // A constant of equal elements takes no space when it is a splat.
  bool splat = count > 1;
  for (size_t i = 1; splat && i < count; ++i) splat = !std::memcmp(data, data + i * each, each);
  if (bits < 8) { // the low bits of a byte, the others of which upstream wants to be 0
    SmallVector<char> values(data, data + (splat ? 1 : size));
    for (char &value : values) value &= (1 << bits) - 1;
    return wrap(Attribute(DenseElementsAttr::getFromRawBuffer(type, values)));
  }
  return wrap(Attribute(DenseElementsAttr::getFromRawBuffer(type, ArrayRef(data, splat ? each : size))));
}

Groups mograph::kit::groupsOf(MlirOperation operation) {
  Operation *op = unwrap(operation);
  Groups groups;
  RuntimeOp *runtime = RuntimeOp::of(op);
  if (!runtime) return groups;
  const OpSpec &spec = runtime->spec();
  for (unsigned i = 0; i < spec.operands.size(); ++i) groups.operands.push_back(runtime->operandGroup(op, i));
  for (unsigned i = 0; i < spec.results.size(); ++i) groups.results.push_back(runtime->resultGroup(op, i));
  for (unsigned i = 0; i < spec.regions.size(); ++i) groups.regions.push_back(runtime->regionGroup(op, i));
  for (unsigned i = 0; i < spec.successors.size(); ++i) groups.successors.push_back(runtime->successorGroup(op, i));
  return groups;
}
