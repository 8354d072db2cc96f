// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// InferTypeOpInterface for ops declared in Python.
//
// Its methods are static: the interface's function pointers get no model and no op, so one C++ function cannot tell which op it
// works for. Each op name therefore takes one slot of a pool of functions, compiled once as a template.
#include "kit/op.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include <array>
#include <mutex>

using namespace mlir;
using namespace mograph::kit;

namespace {
constexpr size_t kSlots = 1024;                        // op names that infer, in the whole process
std::array<std::string, kSlots> slots;

RuntimeOp *lookup(size_t slot, MLIRContext *context) {
  auto name = RegisteredOperationName::lookup(slots[slot], context);
  return name ? RuntimeOp::of(*name) : nullptr;
}
LogicalResult inferAt(size_t slot, MLIRContext *context, std::optional<Location> loc, ValueRange operands, DictionaryAttr attrs,
                      OpaqueProperties properties, SmallVectorImpl<Type> &types) {
  RuntimeOp *op = lookup(slot, context);
  if (!op) return failure();
  // Callers give inherent attributes in the dictionary, as properties, or both; here properties are a dictionary too.
  NamedAttrList all(attrs);
  if (properties)
    if (auto dict = dyn_cast_or_null<DictionaryAttr>(*properties.as<Attribute *>()))
      for (NamedAttribute entry : dict) all.set(entry.getName(), entry.getValue());
  return op->infer(context, loc, TypeRange(operands), all.getDictionary(context), types);
}

template <size_t N> struct Infer : InferTypeOpInterface::FallbackModel<Infer<N>> {
  static LogicalResult inferReturnTypes(MLIRContext *context, std::optional<Location> loc, ValueRange operands, DictionaryAttr attrs,
                                        OpaqueProperties properties, RegionRange, SmallVectorImpl<Type> &types) {
    return inferAt(N, context, loc, operands, attrs, properties, types);
  }
  /// `types` holds the op's result types.
  static LogicalResult refineReturnTypes(MLIRContext *context, std::optional<Location> loc, ValueRange operands, DictionaryAttr attrs,
                                         OpaqueProperties properties, RegionRange, SmallVectorImpl<Type> &types) {
    SmallVector<Type> inferred;
    if (failed(inferAt(N, context, loc, operands, attrs, properties, inferred))) return failure();
    if (isCompatibleReturnTypes(inferred, types)) return success();
    return emitOptionalError(loc, "inferred type(s) ", inferred, " are incompatible with return type(s) of operation ", types);
  }
  static bool isCompatibleReturnTypes(TypeRange a, TypeRange b) { return a == b; }
};
template <size_t... Ns> constexpr auto makeTable(std::index_sequence<Ns...>) {
  using Insert = void (*)(detail::InterfaceMap &);
  return std::array<Insert, kSlots>{[](detail::InterfaceMap &map) { map.insertModels<Infer<Ns>>(); }...};
}
constexpr auto table = makeTable(std::make_index_sequence<kSlots>());
} // namespace

void mograph::kit::addInferTypes(detail::InterfaceMap &map, const OpSpec &spec) {
  static std::mutex mutex;
  static size_t used = 0;
  std::lock_guard<std::mutex> lock(mutex);             // contexts may be made on several threads
  size_t slot = std::find(slots.begin(), slots.begin() + used, spec.name) - slots.begin();
  if (slot == used) {
    if (used == kSlots) return;                        // the op still infers in its own syntax and its verifier
    slots[used++] = spec.name;
  }
  table[slot](map);
}
