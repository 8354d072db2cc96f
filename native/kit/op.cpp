// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Groups, inherent attributes, folding and inference of ops declared in Python. Verification is in verify.cpp.
#include "kit/op.h"
#include "kit/assembly.h"
#include "kit/attr_text.h"
#include "kit/constraints.h"
#include "kit/edges.h"
#include "kit/hooks.h"
#include "kit/names.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "passes/patterns.h"

using namespace mlir;
using namespace mograph::kit;

Hooks &mograph::kit::hooks() {
  static Hooks table;
  return table;
}

namespace {
/// A trait that all ops of this kind have, and no other.
struct DeclaredInPython {};
} // namespace

static detail::InterfaceMap interfacesOf(const std::shared_ptr<OpSpec> &spec) {
  detail::InterfaceMap map;
  addInterfaces(map, spec, canInferTypes(*spec));
  return map;
}

RuntimeOp::RuntimeOp(std::shared_ptr<OpSpec> spec, RuntimeDialect *dialect)
    : Impl(spec->name, dialect, newTypeId(), interfacesOf(spec)), specification(spec) {
  traitIds.push_back(TypeID::get<DeclaredInPython>());
  for (const auto &[trait, arguments] : spec->traits)
    if (auto id = traitId(trait)) traitIds.push_back(*id);
  // What ODS adds by itself, since upstream's matchers and drivers ask for it.
  auto fixed = [](const std::vector<Field> &fields, size_t n) {
    return fields.size() == n && llvm::all_of(fields, [](const Field &f) { return f.arity == Arity::One; });
  };
  if (fixed(spec->operands, 0)) traitIds.push_back(TypeID::get<OpTrait::ZeroOperands>());
  if (fixed(spec->operands, 1)) traitIds.push_back(TypeID::get<OpTrait::OneOperand>());
  if (fixed(spec->results, 0)) traitIds.push_back(TypeID::get<OpTrait::ZeroResults>());
  if (fixed(spec->results, 1)) traitIds.push_back(TypeID::get<OpTrait::OneResult>());
  if (fixed(spec->regions, 0)) traitIds.push_back(TypeID::get<OpTrait::ZeroRegions>());
  if (fixed(spec->regions, 1)) traitIds.push_back(TypeID::get<OpTrait::OneRegion>());
  if (fixed(spec->successors, 0)) traitIds.push_back(TypeID::get<OpTrait::ZeroSuccessors>());
  infers = canInferTypes(*spec);
  MLIRContext *context = dialect->getContext();
  for (const AttrField &attr : spec->attributes) {
    names.push_back(StringAttr::get(context, attr.name));
    hasDefaults |= attr.defaultText.has_value();
  }
  defaults.resize(names.size());
  attributeNames = names;
}

void RuntimeOp::resolveDefaults() {
  for (auto [attr, value] : llvm::zip_equal(specification->attributes, defaults)) value = defaultOf(attr, dialect->getContext());
}

RuntimeOp *RuntimeOp::of(OperationName name) {
  if (!name.isRegistered() || !name.hasTrait(TypeID::get<DeclaredInPython>())) return nullptr;
  return static_cast<RuntimeOp *>(static_cast<OperationName::Impl *>(const_cast<void *>(name.getAsOpaquePointer())));
}

//===-- Groups -----------------------------------------------------------------------------------------------------===//

template <typename Fields>
std::pair<unsigned, unsigned> RuntimeOp::group(const Fields &fields, unsigned total, const char *segments, Operation *op, unsigned index) const {
  unsigned open = 0, start = 0;
  for (const Field &field : fields) open += field.arity != Arity::One;
  if (open > 1 && segments) {
    auto sizes = dyn_cast_or_null<DenseI32ArrayAttr>(dictionary(op).get(segments));
    if (!sizes || sizes.size() != int64_t(fields.size())) return {0, 0};
    for (unsigned i = 0; i < index; ++i) start += sizes[i];
    return {start, unsigned(sizes[index])};
  }
  unsigned rest = total - std::min(total, unsigned(fields.size()) - open); // what the one open group holds
  for (unsigned i = 0; i < index; ++i) start += fields[i].arity == Arity::One ? 1 : rest;
  return {start, fields[index].arity == Arity::One ? 1 : rest};
}
std::pair<unsigned, unsigned> RuntimeOp::operandGroup(Operation *op, unsigned i) const {
  return group(specification->operands, op->getNumOperands(), "operandSegmentSizes", op, i);
}
std::pair<unsigned, unsigned> RuntimeOp::resultGroup(Operation *op, unsigned i) const {
  return group(specification->results, op->getNumResults(), "resultSegmentSizes", op, i);
}
std::pair<unsigned, unsigned> RuntimeOp::regionGroup(Operation *op, unsigned i) const {
  return group(specification->regions, op->getNumRegions(), nullptr, op, i);
}
std::pair<unsigned, unsigned> RuntimeOp::successorGroup(Operation *op, unsigned i) const {
  return group(specification->successors, op->getNumSuccessors(), nullptr, op, i);
}
static int indexOf(const std::vector<Field> &fields, StringRef name) {
  auto it = llvm::find_if(fields, [&](const Field &f) { return f.name == name; });
  return it == fields.end() ? -1 : int(it - fields.begin());
}
int RuntimeOp::operandIndex(StringRef field) const { return indexOf(specification->operands, field); }
int RuntimeOp::resultIndex(StringRef field) const { return indexOf(specification->results, field); }
int RuntimeOp::regionIndex(StringRef field) const { return indexOf(specification->regions, field); }
OperandRange RuntimeOp::operands(Operation *op, StringRef field) const {
  auto [start, size] = operandGroup(op, operandIndex(field));
  return op->getOperands().slice(start, size);
}
MutableOperandRange RuntimeOp::mutableOperands(Operation *op, StringRef field) const {
  unsigned index = operandIndex(field);
  auto [start, size] = operandGroup(op, index);
  SmallVector<MutableOperandRange::OperandSegment, 1> segments;
  for (StringAttr name : names) // an erased operand must be taken off its group's size too
    if (name.getValue() == "operandSegmentSizes") segments.emplace_back(index, NamedAttribute(name, dictionary(op).get(name)));
  return MutableOperandRange(op, start, size, segments);
}
Region *RuntimeOp::region(Operation *op, StringRef field) const {
  auto [start, size] = regionGroup(op, regionIndex(field));
  return size ? &op->getRegion(start) : nullptr;
}

std::string RuntimeOp::groupError(Operation *op) const {
  auto check = [&](const char *what, const std::vector<Field> &fields, unsigned total, const char *segments) -> std::string {
    unsigned fixed = llvm::count_if(fields, [](const Field &f) { return f.arity == Arity::One; });
    unsigned open = fields.size() - fixed, variadic = llvm::count_if(fields, [](const Field &f) { return f.arity == Arity::Variadic; });
    auto expected = [&](const std::string &count) { return "expected " + count + " " + what + (count == "1" ? "" : "s") + ", but found " + std::to_string(total); };
    if (!open) return total == fixed ? "" : expected(std::to_string(fixed));
    if (total < fixed) return expected(std::to_string(fixed) + " or more");
    if (!variadic && total > fixed + open) return expected(std::to_string(fixed + open) + " or fewer");
    if (open == 1 || !segments) return "";
    auto sizes = dyn_cast_or_null<DenseI32ArrayAttr>(dictionary(op).get(segments));
    if (!sizes || sizes.size() != int64_t(fields.size()))
      return std::string("requires attribute '") + segments + "' with " + std::to_string(fields.size()) + " elements";
    int64_t sum = 0;
    for (auto [field, size] : llvm::zip_equal(fields, sizes.asArrayRef())) {
      if (size < 0 || (field.arity == Arity::One && size != 1) || (field.arity == Arity::Optional && size > 1))
        return std::string(what) + " group '" + field.name + "' cannot have " + std::to_string(size) + " element(s)";
      sum += size;
    }
    return sum == total ? "" : std::string("'") + segments + "' adds up to " + std::to_string(sum) + ", but the op has " + std::to_string(total) + " " + what + "s";
  };
  std::string error = check("operand", specification->operands, op->getNumOperands(), "operandSegmentSizes");
  if (error.empty()) error = check("result", specification->results, op->getNumResults(), "resultSegmentSizes");
  if (error.empty()) error = check("region", specification->regions, op->getNumRegions(), nullptr);
  if (error.empty()) error = check("successor", specification->successors, op->getNumSuccessors(), nullptr);
  return error;
}

//===-- Assembly ---------------------------------------------------------------------------------------------------===//

OperationName::ParseAssemblyFn RuntimeOp::getParseAssemblyFn() {
  return [this](OpAsmParser &parser, OperationState &state) { return parseOp(*this, parser, state); };
}
void RuntimeOp::printAssembly(Operation *op, OpAsmPrinter &printer, StringRef defaultDialect) {
  StringRef name = op->getName().getStringRef();
  if (!defaultDialect.empty() && name.starts_with((defaultDialect + ".").str())) name = name.drop_front(defaultDialect.size() + 1);
  printer << name;
  printOp(*this, op, printer);
}

//===-- Folding, canonicalisation, inference -----------------------------------------------------------------------===//

LogicalResult RuntimeOp::foldHook(Operation *op, ArrayRef<Attribute> operands, SmallVectorImpl<OpFoldResult> &results) {
  if (hasTraitNamed("ConstantLike"))
    if (Attribute value = dictionary(op).get("value")) return results.push_back(value), success();
  auto known = [](Attribute operand) { return bool(operand); };
  bool all = !operands.empty() && llvm::all_of(operands, known), some = llvm::any_of(operands, known);
  if (specification->fold && (all || !specification->foldsConstants) && (some || !specification->foldsWithConstants)) {
    std::vector<MlirAttribute> inputs, attributes;
    std::vector<MlirValue> values;
    for (Attribute operand : operands) inputs.push_back(wrap(operand));
    HookError problem;
    if (!hooks().fold(specification->fold, wrap(op), inputs, attributes, values, problem)) {
      // Folding may not fail, but a broken folder must not pass unseen.
      InFlightDiagnostic diag = op->emitWarning() << "fold failed: " << problem.error;
      if (!problem.note.empty()) diag.attachNote() << problem.note;
    }
    for (MlirAttribute attribute : attributes) results.push_back(unwrap(attribute));
    for (MlirValue value : values) results.push_back(unwrap(value));
    // Upstream relies on what comes from here.
    auto fits = [](OpFoldResult result, OpResult of) { auto value = dyn_cast<Value>(result); return !value || value.getType() == of.getType(); };
    if (results.size() == op->getNumResults() && llvm::all_of(llvm::zip_equal(results, op->getResults()), [&](auto pair) { return std::apply(fits, pair); }))
      return success(!results.empty());
    if (!results.empty()) op->emitWarning() << "fold failed: it gave " << results.size() << " value(s) that do not fit the result type(s) " << op->getResultTypes();
    results.clear();
  }
  if (hasTraitNamed("Commutative") && succeeded(OpTrait::impl::foldCommutative(op, operands, results))) return success();
  for (auto [name, fold] : {std::pair{"Involution", &OpTrait::impl::foldInvolution}, std::pair{"Idempotent", &OpTrait::impl::foldIdempotent}})
    if (hasTraitNamed(name))
      if (OpFoldResult result = fold(op); result && cast<Value>(result).getType() == op->getResult(0).getType()) return results.push_back(result), success();
  return failure();
}

namespace {
/// A pattern of upstream's that is not tried on an op whose results or block arguments may bind names, which it would drop, or differ
/// from what arrives there, which it would put in their place.
class KeepingNames : public RewritePattern {
public:
  KeepingNames(std::unique_ptr<RewritePattern> given, StringRef root, MLIRContext *context)
      : RewritePattern(root, given->getBenefit(), context), pattern(std::move(given)) {
    setHasBoundedRewriteRecursion(pattern->hasBoundedRewriteRecursion());
  }
  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    if (bringsNamesAnywhere(op)) return rewriter.notifyMatchFailure(op, "it may bind names");
    if (!flowsExactly(cast<RegionBranchOpInterface>(op))) return rewriter.notifyMatchFailure(op, "types differ along its edges");
    return pattern->matchAndRewrite(op, rewriter);
  }

private:
  std::unique_ptr<RewritePattern> pattern;
};
} // namespace

void RuntimeOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  // Upstream's own: drops loop variables, results and operands that are dead, constant or duplicated. Not of a loop that binds names: its
  // regions take as many values as it gives, and upstream drops one where one region alone can do without.
  if (specification->branches && !(specification->loop && specification->branches->bindsNames)) {
    RewritePatternSet upstream(context);
    populateRegionBranchOpInterfaceCanonicalizationPatterns(upstream, getName().getValue());
    for (std::unique_ptr<RewritePattern> &pattern : upstream.getNativePatterns())
      patterns.add(std::make_unique<KeepingNames>(std::move(pattern), getName().getValue(), context));
  }
  if (!specification->patterns) return;
  HookError problem;
  auto set = hooks().patterns(specification->patterns, problem);
  if (set && addPatterns(set, patterns)) return;
  InFlightDiagnostic diag = mlir::emitWarning(UnknownLoc::get(dialect->getContext())) << "canonicalization patterns of '" << specification->name << "' are left out";
  if (!problem.error.empty()) diag << ": " << problem.error;
  if (!problem.note.empty()) diag.attachNote() << problem.note;
}

LogicalResult RuntimeOp::infer(MLIRContext *context, std::optional<Location> loc, TypeRange operands, DictionaryAttr attributes,
                               SmallVectorImpl<Type> &types) {
  // Discardable attributes have no say.
  NamedAttrList own;
  for (StringAttr name : names)
    if (Attribute value = attributes.get(name)) own.set(name, value);
  for (auto [name, value] : llvm::zip_equal(names, defaults))
    if (value && !own.get(name)) own.set(name, value);
  DictionaryAttr dict = own.getDictionary(context);
  Memo::Key key{dict.getAsOpaquePointer()};
  for (Type type : operands) key.push_back(type.getAsOpaquePointer());
  SmallVector<const void *, 4> known;
  if (inferred.lookup(key, &known)) {
    for (const void *type : known) types.push_back(Type::getFromOpaquePointer(type));
    return success();
  }
  auto emit = [&] { return mlir::emitError(loc ? *loc : UnknownLoc::get(context)) << "'" << specification->name << "' op "; };
  if (specification->infer) {
    // `infer` may rely on what the declaration promises.
    if (failed(verifyAttrs(dict, true, emit))) return failure();
    unsigned fixed = llvm::count_if(specification->operands, [](const Field &f) { return f.arity == Arity::One; });
    if (operands.size() < fixed || (fixed == specification->operands.size() && operands.size() > fixed))
      return emit() << "expected " << fixed << " operands, but found " << operands.size();
    if (fixed == specification->operands.size())
      for (auto [i, field, type] : llvm::enumerate(specification->operands, operands))
        if (!satisfies(*field.constraint, type))
          return emit() << "operand #" << i << " ('" << field.name << "') must be " << field.constraint->summary << ", but got " << type;
    std::vector<MlirType> inputs, outputs;
    for (Type type : operands) inputs.push_back(wrap(type));
    HookError problem;
    if (!hooks().infer(specification->infer, wrap(context), inputs, wrap(Attribute(dict)), outputs, problem)) {
      InFlightDiagnostic diag = emit() << problem.error;
      if (!problem.note.empty()) diag.attachNote() << problem.note;
      return diag;
    }
    for (MlirType type : outputs) types.push_back(unwrap(type));
    unsigned results = llvm::count_if(specification->results, [](const Field &f) { return f.arity == Arity::One; });
    if (types.size() < results || (results == specification->results.size() && types.size() > results))
      return emit() << "expected `infer` to give " << results << " result type(s), but it gave " << types.size();
  } else {
    // One type a result: from its constraint, or shared with an operand (canInferTypes made sure of one of these).
    std::vector<std::vector<std::string>> sets = sameTypes(*specification);
    for (const Field &result : specification->results) {
      Type type = buildableType(*result.constraint, context);
      for (const auto &set : sets)
        if (!type && llvm::is_contained(set, result.name))
          for (auto [i, field] : llvm::enumerate(specification->operands))
            if (!type && llvm::is_contained(set, field.name) && i < operands.size()) type = operands[i];
      if (!type) return emit() << "cannot infer the type of result '" << result.name << "'";
      types.push_back(type);
    }
  }
  known.clear();
  for (Type type : types) known.push_back(type.getAsOpaquePointer());
  inferred.insert(key, known);
  return success();
}

//===-- Inherent attributes ----------------------------------------------------------------------------------------===//

static Attribute &slot(Operation *op) { return *op->getPropertiesStorage().as<Attribute *>(); }

DictionaryAttr RuntimeOp::dictionary(Operation *op) const {
  return names.empty() ? DictionaryAttr::get(op->getContext()) : cast<DictionaryAttr>(slot(op));
}
void RuntimeOp::initProperties(OperationName name, OpaqueProperties storage, OpaqueProperties init) {
  new (storage.as<Attribute *>()) Attribute(init ? *init.as<Attribute *>() : Attribute());
  populateDefaultProperties(name, storage);
}
void RuntimeOp::populateDefaultProperties(OperationName, OpaqueProperties storage) {
  Attribute &dict = *storage.as<Attribute *>();
  if (dict && !hasDefaults) return;
  NamedAttrList list(dyn_cast_or_null<DictionaryAttr>(dict));
  bool changed = !dict;
  for (auto [name, value] : llvm::zip_equal(names, defaults))
    if (value && !list.get(name)) list.set(name, value), changed = true;
  if (changed) dict = list.getDictionary(dialect->getContext());
}
std::optional<Attribute> RuntimeOp::getInherentAttr(Operation *op, StringRef name) {
  for (StringAttr known : names)
    if (known.getValue() == name) return dictionary(op).get(known); // null when absent: still an inherent name
  return std::nullopt;
}
void RuntimeOp::setInherentAttr(Operation *op, StringAttr name, Attribute value) {
  NamedAttrList list(dictionary(op));
  if (value) list.set(name, value);
  else list.erase(name);
  slot(op) = list.getDictionary(op->getContext());
}
void RuntimeOp::populateInherentAttrs(Operation *op, NamedAttrList &attrs) { attrs.append(dictionary(op).getValue()); }
LogicalResult RuntimeOp::verifyProperties(Attribute properties, function_ref<InFlightDiagnostic()> emit) const {
  auto dict = dyn_cast_or_null<DictionaryAttr>(properties);
  if (!dict) return emit() << "expected a dictionary of properties";
  for (NamedAttribute entry : dict)
    if (!llvm::is_contained(names, entry.getName())) return emit() << "'" << specification->name << "' has no property '" << entry.getName().getValue() << "'";
  return verifyAttrs(dict, /*complete=*/false, emit);
}
LogicalResult RuntimeOp::setPropertiesFromAttr(OperationName name, OpaqueProperties storage, Attribute attr,
                                               function_ref<InFlightDiagnostic()> emit) {
  auto dict = dyn_cast_or_null<DictionaryAttr>(attr);
  if (emit ? failed(verifyProperties(attr, emit)) : !dict) return failure();
  if (names.empty()) return success();                 // no storage either
  *storage.as<Attribute *>() = dict;
  populateDefaultProperties(name, storage);
  return success();
}
Attribute RuntimeOp::getPropertiesAsAttr(Operation *op) {
  DictionaryAttr dict = dictionary(op);
  return dict.empty() ? Attribute() : dict; // null: generic assembly then prints no <{}>
}
void RuntimeOp::copyProperties(OpaqueProperties to, OpaqueProperties from) {
  if (to && from) *to.as<Attribute *>() = *from.as<Attribute *>();
}
bool RuntimeOp::compareProperties(OpaqueProperties a, OpaqueProperties b) {
  return !a || !b || *a.as<Attribute *>() == *b.as<Attribute *>();
}
llvm::hash_code RuntimeOp::hashProperties(OpaqueProperties p) {
  return p ? hash_value(*p.as<Attribute *>()) : llvm::hash_code(0);
}
