// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verification of ops declared in Python. Attaching a trait or an interface to a run-time op does not bring its verifier: they are
// called here, after the shape of the op (counts, regions, terminators) is known to be right, since upstream's verifiers rely on it.
#include "kit/constraints.h"
#include "kit/hooks.h"
#include "kit/op.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace mograph::kit;

//===-- Traits -----------------------------------------------------------------------------------------------------===//

namespace {
struct Trait {
  std::optional<TypeID> id;
  LogicalResult (*verify)(Operation *) = nullptr;
};
LogicalResult noRegionArguments(Operation *op) { return OpTrait::impl::verifyNoRegionArguments(op); }
const llvm::StringMap<Trait> &traitTable() {
  static const llvm::StringMap<Trait> table = {
      {"Terminator", {TypeID::get<OpTrait::IsTerminator>(), OpTrait::impl::verifyIsTerminator}},
      {"ReturnLike", {TypeID::get<OpTrait::ReturnLike>()}},
      {"IsolatedFromAbove", {TypeID::get<OpTrait::IsIsolatedFromAbove>()}},     // verified with the regions
      {"SymbolTable", {TypeID::get<OpTrait::SymbolTable>()}},          // verified with the regions
      {"Symbol", {}},
      {"ConstantLike", {TypeID::get<OpTrait::ConstantLike>()}},
      {"Commutative", {TypeID::get<OpTrait::IsCommutative>()}},
      {"Idempotent", {TypeID::get<OpTrait::IsIdempotent>()}},
      {"Involution", {TypeID::get<OpTrait::IsInvolution>()}},
      {"Elementwise", {TypeID::get<OpTrait::Elementwise>(), OpTrait::impl::verifyElementwise}},
      {"Scalarizable", {TypeID::get<OpTrait::Scalarizable>()}},
      {"Vectorizable", {TypeID::get<OpTrait::Vectorizable>()}},
      {"Tensorizable", {TypeID::get<OpTrait::Tensorizable>()}},
      {"SameOperandsAndResultType", {TypeID::get<OpTrait::SameOperandsAndResultType>(), OpTrait::impl::verifySameOperandsAndResultType}},
      {"SameTypeOperands", {TypeID::get<OpTrait::SameTypeOperands>(), OpTrait::impl::verifySameTypeOperands}},
      {"SameOperandsShape", {TypeID::get<OpTrait::SameOperandsShape>(), OpTrait::impl::verifySameOperandsShape}},
      {"SameOperandsElementType", {TypeID::get<OpTrait::SameOperandsElementType>(), OpTrait::impl::verifySameOperandsElementType}},
      {"SameOperandsAndResultShape", {TypeID::get<OpTrait::SameOperandsAndResultShape>(), OpTrait::impl::verifySameOperandsAndResultShape}},
      {"SameOperandsAndResultElementType", {TypeID::get<OpTrait::SameOperandsAndResultElementType>(), OpTrait::impl::verifySameOperandsAndResultElementType}},
      {"AllTypesMatch", {}},
      {"AttrSizedOperandSegments", {TypeID::get<OpTrait::AttrSizedOperandSegments>()}},
      {"AttrSizedResultSegments", {TypeID::get<OpTrait::AttrSizedResultSegments>()}},
      {"NoTerminator", {TypeID::get<OpTrait::NoTerminator>()}},
      {"SingleBlock", {TypeID::get<OpTrait::SingleBlock>()}},
      {"SingleBlockImplicitTerminator", {TypeID::get<OpTrait::SingleBlock>()}},
      {"NoRegionArguments", {std::nullopt, noRegionArguments}},
      {"RecursiveMemoryEffects", {TypeID::get<OpTrait::HasRecursiveMemoryEffects>()}},
      {"RecursivelySpeculatable", {}},
      {"AlwaysSpeculatable", {}},
      {"Pure", {}},
      {"AutomaticAllocationScope", {TypeID::get<OpTrait::AutomaticAllocationScope>()}},
      {"AffineScope", {TypeID::get<OpTrait::AffineScope>()}},
      {"HasParent", {}},
      {"ParentOneOf", {}},
      {"GraphRegion", {}},
  };
  return table;
}
} // namespace

std::optional<TypeID> mograph::kit::traitId(StringRef name) {
  auto it = traitTable().find(name);
  return it == traitTable().end() ? std::nullopt : it->second.id;
}
bool mograph::kit::isKnownTrait(const std::string &name) { return traitTable().count(name); }

std::vector<std::vector<std::string>> mograph::kit::sameTypes(const OpSpec &spec) {
  std::vector<std::vector<std::string>> sets;
  std::vector<std::string> operands, all;
  for (const Field &f : spec.operands) operands.push_back(f.name);
  all = operands;
  for (const Field &f : spec.results) all.push_back(f.name);
  if (spec.hasTrait("SameTypeOperands")) sets.push_back(operands);
  if (spec.hasTrait("SameOperandsAndResultType")) sets.push_back(all);
  if (auto it = spec.traits.find("AllTypesMatch"); it != spec.traits.end()) { // one argument a set: "lhs,rhs"
    for (const std::string &set : it->second) {
      SmallVector<StringRef> names;
      StringRef(set).split(names, ',');
      sets.emplace_back(names.begin(), names.end());
    }
  }
  return sets;
}
bool mograph::kit::canInferTypes(const OpSpec &spec) {
  if (spec.infer) return true;
  if (spec.results.empty()) return false;
  auto sets = sameTypes(spec);
  return llvm::all_of(spec.results, [&](const Field &result) {
    if (result.arity != Arity::One) return false;
    if (isBuildable(*result.constraint)) return true;
    return llvm::any_of(sets, [&](const auto &set) { // an operand ahead of any variadic one, so that its index is its position
      if (!llvm::is_contained(set, result.name)) return false;
      for (const Field &f : spec.operands) {
        if (f.arity != Arity::One) return false;
        if (llvm::is_contained(set, f.name)) return true;
      }
      return false;
    });
  });
}

LogicalResult RuntimeOp::verifyTraits(Operation *op) {
  for (const auto &[name, arguments] : specification->traits) {
    if (auto *verify = traitTable().lookup(name).verify; verify && failed(verify(op))) return failure();
    if (name == "HasParent" || name == "ParentOneOf") {
      Operation *parent = op->getParentOp();
      if (parent && llvm::is_contained(arguments, parent->getName().getStringRef().str())) continue;
      InFlightDiagnostic diag = op->emitOpError("expects parent op ");
      if (arguments.size() > 1) diag << "to be one of ";
      llvm::interleaveComma(arguments, diag, [&](const std::string &a) { diag << "'" << a << "'"; });
      return diag;
    }
  }
  return success();
}

//===-- Attributes and types ---------------------------------------------------------------------------------------===//

LogicalResult RuntimeOp::verifyAttrs(DictionaryAttr attrs, bool complete, function_ref<InFlightDiagnostic()> emit) const {
  for (auto [attr, name] : llvm::zip_equal(specification->attributes, names)) {
    Attribute value = attrs.get(name);
    if (!value && complete && !attr.optional && !attr.defaultText) return emit() << "requires attribute '" << attr.name << "'";
    if (value && !satisfies(*attr.constraint, value))
      return emit() << "attribute '" << attr.name << "' must be " << attr.constraint->summary << ", but got " << value;
  }
  return success();
}
LogicalResult RuntimeOp::verifyInherentAttrs(OperationName, NamedAttrList &attrs, function_ref<InFlightDiagnostic()> emit) {
  return verifyAttrs(attrs.getDictionary(dialect->getContext()), /*complete=*/false, emit);
}

LogicalResult RuntimeOp::verifyTypesAndAttributes(Operation *op) {
  if (failed(verifyAttrs(dictionary(op), /*complete=*/true, [&] { return op->emitOpError(); }))) return failure();
  auto checkFields = [&](const char *what, const std::vector<Field> &fields, auto range, auto group) -> LogicalResult {
    for (auto [index, field] : llvm::enumerate(fields)) {
      auto [start, size] = group(index);
      for (unsigned i = start; i < start + size; ++i)
        if (!satisfies(*field.constraint, range[i].getType()))
          return op->emitOpError() << what << " #" << i << " ('" << field.name << "') must be " << field.constraint->summary << ", but got " << range[i].getType();
    }
    return success();
  };
  if (failed(checkFields("operand", specification->operands, op->getOperands(), [&](unsigned i) { return operandGroup(op, i); })) ||
      failed(checkFields("result", specification->results, op->getResults(), [&](unsigned i) { return resultGroup(op, i); })))
    return failure();
  if (specification->hasTrait("AllTypesMatch"))
    for (const auto &set : sameTypes(*specification)) {
      Type first;
      std::string firstName;
      auto visit = [&](const std::vector<Field> &fields, auto range, auto group) -> LogicalResult {
        for (auto [index, field] : llvm::enumerate(fields)) {
          if (!llvm::is_contained(set, field.name)) continue;
          auto [start, size] = group(index);
          for (unsigned i = start; i < start + size; ++i) {
            if (first && first != range[i].getType())
              return op->emitOpError() << "'" << firstName << "' and '" << field.name << "' must have one type, but have " << first << " and " << range[i].getType();
            first = range[i].getType();
            firstName = field.name;
          }
        }
        return success();
      };
      if (failed(visit(specification->operands, op->getOperands(), [&](unsigned i) { return operandGroup(op, i); })) ||
          failed(visit(specification->results, op->getResults(), [&](unsigned i) { return resultGroup(op, i); })))
        return failure();
    }
  if (infers) {
    SmallVector<Type> types;
    if (failed(infer(op->getContext(), op->getLoc(), op->getOperandTypes(), dictionary(op), types))) return failure();
    if (TypeRange(types) != TypeRange(op->getResultTypes()))
      return op->emitOpError() << "has result type(s) " << op->getResultTypes() << ", but its operands and attributes give " << types;
  }
  if (specification->check) {
    std::vector<MlirType> operands, results;
    for (Type type : op->getOperandTypes()) operands.push_back(wrap(type));
    for (Type type : op->getResultTypes()) results.push_back(wrap(type));
    HookError problem;
    if (!hooks().check(specification->check, wrap(op->getContext()), operands, results, wrap(Attribute(dictionary(op))), problem)) {
      InFlightDiagnostic diag = op->emitOpError() << problem.error;
      if (!problem.note.empty()) diag.attachNote() << problem.note;
      return diag;
    }
  }
  for (const Element &e : specification->format) // or the op could not be read again
    if (e.kind == Element::Custom && e.text == "Elements") {
      Type type = op->getResult(0).getType(), held = cast<ElementsAttr>(dictionary(op).get(names[e.children[0].index])).getShapedType();
      if (held != asBuiltinTensor(type)) return op->emitOpError() << "'" << e.children[0].text << "' has type " << held << ", which is not that of a " << type;
    }
  return success();
}

//===-- Regions ----------------------------------------------------------------------------------------------------===//

LogicalResult RuntimeOp::verifyRegions(Operation *op) {
  for (auto [index, field] : llvm::enumerate(specification->regions)) {
    auto [start, size] = regionGroup(op, index);
    for (Region &region : op->getRegions().slice(start, size)) {
      unsigned number = region.getRegionNumber();
      if (region.empty()) {
        if (field.mayBeEmpty || specification->function || !field.singleBlock) continue;
        return op->emitOpError() << "region #" << number << " ('" << field.name << "') must have one block, but is empty";
      }
      if (field.singleBlock && !region.hasOneBlock())
        return op->emitOpError() << "region #" << number << " ('" << field.name << "') must have one block, but has " << std::distance(region.begin(), region.end());
      if (field.arguments) {
        SmallVector<Type> expected;
        if (int results = resultIndex(*field.arguments); results >= 0) {
          auto [first, count] = resultGroup(op, results);
          llvm::append_range(expected, op->getResults().slice(first, count).getTypes());
        } else if (!field.arguments->empty()) {
          llvm::append_range(expected, operands(op, *field.arguments).getTypes());
        }
        Block &entry = region.front();
        if (entry.getNumArguments() != expected.size())
          return op->emitOpError() << "region #" << number << " ('" << field.name << "') must have " << expected.size() << " argument(s)"
                                   << (field.arguments->empty() ? "" : ", one for each of '" + *field.arguments + "'") << ", but has " << entry.getNumArguments();
        for (auto [i, type, argument] : llvm::enumerate(expected, entry.getArgumentTypes()))
          if (type != argument)
            return op->emitOpError() << "argument #" << i << " of region #" << number << " ('" << field.name << "') must have the type of '" << *field.arguments << "', "
                                     << type << ", but has " << argument;
      }
      // Interfaces look at the terminators, and abort where a block has none.
      bool needsTerminator = !field.terminators.empty() || specification->branches || specification->loop;
      if (!needsTerminator) continue;
      for (Block &block : region) {
        Operation *last = block.empty() ? nullptr : &block.back();
        StringRef name = last ? last->getName().getStringRef() : "";
        bool fits = last && (field.terminators.empty() ? last->hasTrait<OpTrait::IsTerminator>() : llvm::is_contained(field.terminators, name.str()));
        if (fits) continue;
        InFlightDiagnostic diag = op->emitOpError() << "region #" << number << " ('" << field.name << "') must end in ";
        if (field.terminators.empty()) diag << "a terminator";
        else llvm::interleave(field.terminators, diag, [&](const std::string &t) { diag << "'" << t << "'"; }, " or ");
        if (!last) return diag << ", but its block is empty";
        diag << ", but ends in '" << name << "'";
        diag.attachNote(last->getLoc()) << "the last op is here";
        return diag;
      }
    }
  }
  return success();
}

/// What a function returns has the types that it declares: the inliner puts the one in the other's place.
static LogicalResult verifyReturns(Operation *op) {
  ArrayRef<Type> declared = cast<FunctionOpInterface>(op).getResultTypes();
  for (Block &block : op->getRegion(0)) {
    Operation *last = block.empty() ? nullptr : &block.back();
    if (!last || !last->hasTrait<OpTrait::ReturnLike>() || TypeRange(last->getOperandTypes()) == TypeRange(declared)) continue;
    return last->emitOpError() << "gives values of type(s) " << last->getOperandTypes() << ", but the function returns " << TypeRange(declared);
  }
  return success();
}

//===-- The two stages ---------------------------------------------------------------------------------------------===//

LogicalResult RuntimeOp::verifyInvariants(Operation *op) {
  if (std::string error = groupError(op); !error.empty()) return op->emitOpError() << error;
  if (failed(verifyTraits(op))) return failure();
  Memo::Key key{names.empty() ? nullptr : dictionary(op).getAsOpaquePointer()};
  for (Type type : op->getOperandTypes()) key.push_back(type.getAsOpaquePointer());
  key.push_back(nullptr);
  for (Type type : op->getResultTypes()) key.push_back(type.getAsOpaquePointer());
  if (!verified.lookup(key)) {
    if (failed(verifyTypesAndAttributes(op))) return failure();
    verified.insert(key);
  }
  if (!specification->regions.empty() && failed(verifyRegions(op))) return failure();
  if ((hasTraitNamed("Symbol") || specification->function) && failed(detail::verifySymbol(op))) return failure();
  if (specification->function) {
    // Upstream casts these without looking.
    auto function = cast<FunctionOpInterface>(op);
    auto type = dyn_cast<TypeAttr>(dictionary(op).get("function_type"));
    if (!type || !isa<FunctionType>(type.getValue())) return op->emitOpError("requires a function type");
    if (failed(function_interface_impl::verifyTrait(function))) return failure();
  }
  return success();
}

LogicalResult RuntimeOp::verifyRegionInvariants(Operation *op) {
  if (hasTraitNamed("IsolatedFromAbove") && failed(OpTrait::impl::verifyIsIsolatedFromAbove(op))) return failure();
  if (hasTraitNamed("SymbolTable") && failed(detail::verifySymbolTable(op))) return failure();
  if (specification->function && failed(verifyReturns(op))) return failure();
  if (specification->verify) { // ahead of the interfaces: the op's own words are better
    HookError problem;
    if (!hooks().verify(specification->verify, wrap(op), problem)) {
      InFlightDiagnostic diag = op->emitOpError() << problem.error;
      if (!problem.note.empty()) diag.attachNote() << problem.note;
      return diag;
    }
  }
  if (specification->branches && failed(detail::verifyRegionBranchOpInterface(op))) return failure();
  // Where names are bound, initial values have other types than what is carried; the edges were looked at already.
  if (specification->loop && !(specification->branches && specification->branches->bindsNames) && failed(detail::verifyLoopLikeOpInterface(op))) return failure();
  return success();
}
