// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Models of upstream's interfaces for ops declared in Python. Two bases exist for a model: FallbackModel<M> has no default methods;
// ExternalModel<M, I> has them, written in terms of cast<I>(operation), so giving the interface itself as the op makes them work here.
// InterfaceMap default-constructs a model and frees it with free(): data is set after insertion, and points to what the spec owns.
#include "kit/op.h"
#include "kit/edges.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "kit/hooks.h"
#include "kit/names.h"
#include "kit/renaming.h"
#include "mlir/CAPI/IR.h"
#include "llvm/ADT/StringMap.h"
#include <mutex>

using namespace mlir;
using namespace mograph::kit;

namespace {
/// The bytecode writer asserts that a registered op with properties has this interface.
struct BytecodeProperties : BytecodeOpInterface::FallbackModel<BytecodeProperties> {
  static LogicalResult readProperties(DialectBytecodeReader &reader, OperationState &state) {
    // Bytecode comes from anywhere, and the op is made without further questions.
    Attribute properties;
    if (failed(reader.readAttribute(properties))) return failure();
    if (failed(RuntimeOp::of(state.name)->verifyProperties(properties, [&] { return reader.emitError(); }))) return failure();
    state.propertiesAttr = properties;
    return success();
  }
  void writeProperties(Operation *op, DialectBytecodeWriter &writer) const {
    writer.writeAttribute(*op->getPropertiesStorage().as<Attribute *>());
  }
};

//===-- Effects ----------------------------------------------------------------------------------------------------===//

/// A resource known by name. SideEffects::Resource::Base gives one a C++ class; the plain base takes any TypeID.
struct NamedResource : SideEffects::Resource {
  NamedResource(StringRef name) : Resource(newTypeId()), name(name.str()) {}
  StringRef getName() override { return name; }
  std::string name;
  static SideEffects::Resource *get(StringRef name) {
    if (name.empty()) return SideEffects::DefaultResource::get();
    static std::mutex mutex;
    static llvm::StringMap<std::unique_ptr<NamedResource>> all;
    std::lock_guard<std::mutex> lock(mutex);
    auto &entry = all[name];
    if (!entry) entry = std::make_unique<NamedResource>(name);
    return entry.get();
  }
};
MemoryEffects::Effect *effectOf(StringRef kind) {
  if (kind == "read") return MemoryEffects::Read::get();
  if (kind == "write") return MemoryEffects::Write::get();
  if (kind == "allocate") return MemoryEffects::Allocate::get();
  return MemoryEffects::Free::get();
}
struct Effects : MemoryEffectOpInterface::FallbackModel<Effects> {
  void getEffects(Operation *op, SmallVectorImpl<MemoryEffects::EffectInstance> &out) const {
    RuntimeOp *runtime = RuntimeOp::of(op);
    if (!runtime->canInfer() && bringsNames(op)) out.emplace_back(MemoryEffects::Write::get(), NamedResource::get(namesResource));
    if (!runtime->spec().effects) return;
    for (const Effect &effect : *runtime->spec().effects) {
      auto *resource = NamedResource::get(effect.resource);
      if (effect.field.empty()) {
        out.emplace_back(effectOf(effect.kind), resource);
      } else if (int index = runtime->operandIndex(effect.field); index >= 0) {
        auto [start, size] = runtime->operandGroup(op, index);
        for (unsigned i = start; i < start + size; ++i) out.emplace_back(effectOf(effect.kind), &op->getOpOperand(i), resource);
      } else {
        for (auto [i, field] : llvm::enumerate(runtime->spec().results)) {
          if (field.name != effect.field) continue;
          auto [start, size] = runtime->resultGroup(op, i);
          for (unsigned r = start; r < start + size; ++r) out.emplace_back(effectOf(effect.kind), op->getOpResult(r), resource);
        }
      }
    }
  }
};

struct AlwaysSpeculatable : ConditionallySpeculatable::FallbackModel<AlwaysSpeculatable> {
  Speculation::Speculatability getSpeculatability(Operation *) const { return Speculation::Speculatable; }
};
struct RecursivelySpeculatable : ConditionallySpeculatable::FallbackModel<RecursivelySpeculatable> {
  Speculation::Speculatability getSpeculatability(Operation *) const { return Speculation::RecursivelySpeculatable; }
};
struct AskedSpeculatable : ConditionallySpeculatable::FallbackModel<AskedSpeculatable> {
  Speculation::Speculatability getSpeculatability(Operation *op) const {
    HookError problem;
    bool answer = false; // an op whose hook fails stays where it is
    if (!hooks().speculatable(RuntimeOp::of(op)->spec().speculatable, wrap(op), answer, problem))
      op->emitWarning() << "speculatable failed: " << problem.error;
    return answer ? Speculation::Speculatable : Speculation::NotSpeculatable;
  }
};

//===-- Symbols, functions, calls ----------------------------------------------------------------------------------===//

// Several defaults of SymbolOpInterface are written with this->getOperation(), which a model does not have: override those.
struct Symbol : SymbolOpInterface::ExternalModel<Symbol, SymbolOpInterface> {
  StringAttr getNameAttr(Operation *op) const { return SymbolTable::getSymbolName(op); }
  void setName(Operation *op, StringAttr name) const { op->setAttr(SymbolTable::getSymbolAttrName(), name); }
  SymbolTable::Visibility getVisibility(Operation *op) const { return SymbolTable::getSymbolVisibility(op); }
  void setVisibility(Operation *op, SymbolTable::Visibility v) const { SymbolTable::setSymbolVisibility(op, v); }
  std::optional<SymbolTable::UseRange> getSymbolUses(Operation *op, Operation *from) const { return SymbolTable::getSymbolUses(op, from); }
  bool symbolKnownUseEmpty(Operation *op, Operation *from) const { return SymbolTable::symbolKnownUseEmpty(op, from); }
  LogicalResult replaceAllSymbolUses(Operation *op, StringAttr name, Operation *from) const {
    return SymbolTable::replaceAllSymbolUses(op, name, from);
  }
  bool isDeclaration(Operation *op) const { return RuntimeOp::of(op)->spec().function && op->getRegion(0).empty(); }
};

/// arg_attrs and res_attrs, for both the callable and the call. An op that declares none keeps none.
struct ArgResAttrs : ArgAndResultAttrsOpInterface::FallbackModel<ArgResAttrs> {
  ArrayAttr getArgAttrsAttr(Operation *op) const { return op->getAttrOfType<ArrayAttr>("arg_attrs"); }
  ArrayAttr getResAttrsAttr(Operation *op) const { return op->getAttrOfType<ArrayAttr>("res_attrs"); }
  void setArgAttrsAttr(Operation *op, ArrayAttr a) const { op->setAttr("arg_attrs", a); }
  void setResAttrsAttr(Operation *op, ArrayAttr a) const { op->setAttr("res_attrs", a); }
  Attribute removeArgAttrsAttr(Operation *op) const { return op->removeAttr("arg_attrs"); }
  Attribute removeResAttrsAttr(Operation *op) const { return op->removeAttr("res_attrs"); }
};
FunctionType functionType(Operation *op) { return cast<FunctionType>(op->getAttrOfType<TypeAttr>("function_type").getValue()); }
struct CallableModel : CallableOpInterface::FallbackModel<CallableModel> {
  Region *getCallableRegion(Operation *op) const { return op->getRegion(0).empty() ? nullptr : &op->getRegion(0); }
  ArrayRef<Type> getArgumentTypes(Operation *op) const { return functionType(op).getInputs(); }
  ArrayRef<Type> getResultTypes(Operation *op) const { return functionType(op).getResults(); }
};
struct Function : FunctionOpInterface::ExternalModel<Function, FunctionOpInterface> {
  Type getFunctionType(Operation *op) const { return functionType(op); }
  void setFunctionTypeAttr(Operation *op, TypeAttr type) const { op->setAttr("function_type", type); }
  Type cloneTypeWith(Operation *op, TypeRange inputs, TypeRange results) const { return FunctionType::get(op->getContext(), inputs, results); }
};
struct CallModel : CallOpInterface::ExternalModel<CallModel, CallOpInterface> {
  static const Call &call(Operation *op) { return *RuntimeOp::of(op)->spec().call; }
  CallInterfaceCallable getCallableForCallee(Operation *op) const { return op->getAttrOfType<SymbolRefAttr>(call(op).callee); }
  void setCalleeFromCallable(Operation *op, CallInterfaceCallable callee) const { op->setAttr(call(op).callee, cast<SymbolRefAttr>(callee)); }
  Operation::operand_range getArgOperands(Operation *op) const { return RuntimeOp::of(op)->operands(op, call(op).arguments); }
  MutableOperandRange getArgOperandsMutable(Operation *op) const { return RuntimeOp::of(op)->mutableOperands(op, call(op).arguments); }
};
struct CallSymbolUser : SymbolUserOpInterface::FallbackModel<CallSymbolUser> {
  LogicalResult verifySymbolUses(Operation *op, SymbolTableCollection &tables) const {
    RuntimeOp *runtime = RuntimeOp::of(op);
    auto callee = op->getAttrOfType<SymbolRefAttr>(runtime->spec().call->callee);
    if (!callee) return success();                     // the op's own verifier says so
    auto function = dyn_cast_or_null<FunctionOpInterface>(tables.lookupNearestSymbolFrom(op, callee));
    if (!function) return op->emitOpError() << callee << " does not name a function";
    auto arguments = runtime->operands(op, runtime->spec().call->arguments).getTypes();
    Renaming renaming;
    auto compare = [&](const char *what, TypeRange have, TypeRange want) -> LogicalResult {
      if (have.size() != want.size())
        return op->emitOpError() << "has " << have.size() << " " << what << "(s), but " << callee << " has " << want.size();
      for (auto [a, b] : llvm::zip_equal(have, want)) renaming.bind(a, b);
      for (auto [i, a, b] : llvm::enumerate(have, want))
        if (!renaming.agrees(a, b)) return op->emitOpError() << what << " #" << i << " has type " << a << ", but " << callee << " has " << b << renaming.str();
      renaming.close();
      return success();
    };
    if (failed(compare("argument", arguments, function.getArgumentTypes()))) return failure();
    return compare("result", op->getResultTypes(), function.getResultTypes());
  }
};

//===-- Control flow -----------------------------------------------------------------------------------------------===//

std::optional<bool> constantBool(Attribute value) {
  if (auto flag = dyn_cast_or_null<BoolAttr>(value)) return flag.getValue();
  if (auto elements = dyn_cast_or_null<DenseElementsAttr>(value); elements && elements.isSplat() && elements.getElementType().isInteger(1))
    return elements.getSplatValue<bool>();
  return std::nullopt;
}
/// The successor of this name: a region, or the op's results for "parent" and for an optional region that is not there.
RegionSuccessor successor(Operation *op, StringRef name) {
  Region *region = name == "parent" ? nullptr : RuntimeOp::of(op)->region(op, name);
  if (!region || region->empty()) return {op, op->getResults()};
  return {region, region->getArguments()};
}
void addSuccessors(Operation *op, ArrayRef<std::string> names, std::optional<bool> choice, SmallVectorImpl<RegionSuccessor> &out) {
  for (auto [i, name] : llvm::enumerate(names))
    if (!choice || names.size() != 2 || *choice == (i == 0)) out.push_back(successor(op, name));
}
StringRef regionName(Operation *op, Region *region) {
  RuntimeOp *runtime = RuntimeOp::of(op);
  for (auto [i, field] : llvm::enumerate(runtime->spec().regions)) {
    auto [start, size] = runtime->regionGroup(op, i);
    if (region->getRegionNumber() >= start && region->getRegionNumber() < start + size) return field.name;
  }
  return "";
}
ArrayRef<std::string> successorsOf(Operation *op, Region *region) {
  const auto &next = RuntimeOp::of(op)->spec().branches->next;
  auto it = next.find(regionName(op, region).str());
  return it == next.end() ? ArrayRef<std::string>() : ArrayRef<std::string>(it->second);
}

struct Branch : RegionBranchOpInterface::ExternalModel<Branch, RegionBranchOpInterface> {
  OperandRange getEntrySuccessorOperands(Operation *op, RegionSuccessor) const {
    RuntimeOp *runtime = RuntimeOp::of(op);
    const std::string &field = runtime->spec().branches->operands;
    return field.empty() ? OperandRange(op->operand_end(), op->operand_end()) : runtime->operands(op, field);
  }
  void getSuccessorRegions(Operation *op, RegionBranchPoint point, SmallVectorImpl<RegionSuccessor> &next) const {
    Operation *terminator = point.getTerminatorPredecessorOrNull();
    if (!terminator) return addSuccessors(op, RuntimeOp::of(op)->spec().branches->entry, std::nullopt, next);
    addSuccessors(op, successorsOf(op, terminator->getParentRegion()), std::nullopt, next);
  }
  void getEntrySuccessorRegions(Operation *op, ArrayRef<Attribute> operands, SmallVectorImpl<RegionSuccessor> &next) const {
    RuntimeOp *runtime = RuntimeOp::of(op);
    std::optional<bool> choice;
    if (int index = runtime->operandIndex(runtime->spec().branches->selector); index >= 0) choice = constantBool(operands[runtime->operandGroup(op, index).first]);
    addSuccessors(op, runtime->spec().branches->entry, choice, next);
  }
  bool areTypesCompatible(Operation *op, Type from, Type to) const {
    return from == to || (RuntimeOp::of(op)->spec().branches->bindsNames && flowsInto(from, to));
  }
  void getRegionInvocationBounds(Operation *op, ArrayRef<Attribute>, SmallVectorImpl<InvocationBounds> &bounds) const {
    // Regions that lead straight back to the parent run at most once.
    for (Region &region : op->getRegions())
      bounds.push_back(successorsOf(op, &region) == ArrayRef<std::string>("parent") ? InvocationBounds(0, 1) : InvocationBounds::getUnknown());
  }
};
/// A terminator whose operands all go to whatever follows the region.
struct ReturnLike : RegionBranchTerminatorOpInterface::ExternalModel<ReturnLike, RegionBranchTerminatorOpInterface> {
  MutableOperandRange getMutableSuccessorOperands(Operation *op, RegionSuccessor) const { return MutableOperandRange(op); }
};
/// One that keeps an operand back, to choose where to go.
struct Forwarding : RegionBranchTerminatorOpInterface::ExternalModel<Forwarding, RegionBranchTerminatorOpInterface> {
  MutableOperandRange getMutableSuccessorOperands(Operation *op, RegionSuccessor) const {
    RuntimeOp *runtime = RuntimeOp::of(op);
    return runtime->mutableOperands(op, runtime->spec().forwards->operands);
  }
  void getSuccessorRegions(Operation *op, ArrayRef<Attribute> operands, SmallVectorImpl<RegionSuccessor> &next) const {
    RuntimeOp *runtime = RuntimeOp::of(op);
    Operation *parent = op->getParentOp();
    RuntimeOp *owner = RuntimeOp::of(parent);
    if (!owner || !owner->spec().branches) return;
    std::optional<bool> choice;
    if (int index = runtime->operandIndex(runtime->spec().forwards->selector); index >= 0) choice = constantBool(operands[runtime->operandGroup(op, index).first]);
    addSuccessors(parent, successorsOf(parent, op->getParentRegion()), choice, next);
  }
};
struct Loop : LoopLikeOpInterface::ExternalModel<Loop, LoopLikeOpInterface> {
  static const LoopLike &loop(Operation *op) { return *RuntimeOp::of(op)->spec().loop; }
  SmallVector<Region *> getLoopRegions(Operation *op) const {
    return llvm::map_to_vector(loop(op).regions, [&](const std::string &name) { return RuntimeOp::of(op)->region(op, name); });
  }
  MutableArrayRef<OpOperand> getInitsMutable(Operation *op) const {
    RuntimeOp *runtime = RuntimeOp::of(op);
    auto [start, size] = runtime->operandGroup(op, runtime->operandIndex(loop(op).inits));
    return op->getOpOperands().slice(start, size);
  }
  Block::BlockArgListType getRegionIterArgs(Operation *op) const { return RuntimeOp::of(op)->region(op, loop(op).arguments)->getArguments(); }
  std::optional<MutableArrayRef<OpOperand>> getYieldedValuesMutable(Operation *op) const {
    return RuntimeOp::of(op)->region(op, loop(op).yields)->front().getTerminator()->getOpOperands();
  }
  std::optional<ResultRange> getLoopResults(Operation *op) const { return op->getResults(); }
};
struct GraphRegion : RegionKindInterface::FallbackModel<GraphRegion> {
  static RegionKind getRegionKind(unsigned) { return RegionKind::Graph; }
  static bool hasSSADominance(unsigned) { return false; }
};
} // namespace

void mograph::kit::addInterfaces(detail::InterfaceMap &map, const std::shared_ptr<OpSpec> &spec, bool infers) {
  if (!spec->attributes.empty()) map.insertModels<BytecodeProperties>();
  // Where results are written, they may bind names: an op whose effects are those of its regions has this one too.
  if (spec->effects || (spec->hasTrait("RecursiveMemoryEffects") && !infers && !spec->results.empty())) map.insertModels<Effects>();
  if (spec->speculatable) map.insertModels<AskedSpeculatable>();
  else if (spec->speculation == "always") map.insertModels<AlwaysSpeculatable>();
  else if (spec->speculation == "recursive") map.insertModels<RecursivelySpeculatable>();
  if (spec->hasTrait("Symbol") || spec->function) map.insertModels<Symbol>();
  if (spec->function) map.insertModels<ArgResAttrs, CallableModel, Function>();
  if (spec->call) map.insertModels<ArgResAttrs, CallModel, CallSymbolUser>();
  if (spec->branches) map.insertModels<Branch>();
  if (spec->forwards) map.insertModels<Forwarding>();
  else if (spec->hasTrait("ReturnLike")) map.insertModels<ReturnLike>();
  if (spec->loop) map.insertModels<Loop>();
  if (spec->hasTrait("GraphRegion")) map.insertModels<GraphRegion>();
  if (infers) addInferTypes(map, *spec);
}
