// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kit/dialect.h"
#include "kit/attr_text.h"
#include "kit/api.h"
#include "kit/constraints.h"
#include "kit/hooks.h"
#include "kit/names.h"
#include "kit/op.h"
#include "registry.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Transforms/InliningUtils.h"
#include <mutex>

using namespace mlir;
using namespace mograph::kit;

TypeID mograph::kit::newTypeId() {
  static TypeIDAllocator allocator;
  static std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  return allocator.allocate();
}

//===-- What is declared -------------------------------------------------------------------------------------------===//

namespace {
struct Declared {
  TypeID id;
  Callable loader;
  std::shared_ptr<DialectSpec> spec;                   // null until the loader has run
  std::string error;                                   // why it did not
};
std::mutex declaredMutex;
std::map<std::string, Declared> &declared() {
  static std::map<std::string, Declared> all;
  return all;
}

/// Inlining is legal everywhere, but for calls that say otherwise, for bodies of several blocks (leaving them takes a branch, and which op
/// is one is not ours to know), and for bodies that bind names of dimensions, which mean nothing outside of their function. (Where a call
/// has other names or extents than its function declares, upstream asks for a conversion of values, and there is none.)
struct Inliner : DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;
  bool isLegalToInline(Operation *call, Operation *callable, bool) const final {
    if (RuntimeOp::of(callable) && (!callable->getRegion(0).hasOneBlock() || bringsNamesInside(callable))) return false;
    RuntimeOp *op = RuntimeOp::of(call);
    return !op || !op->spec().call || op->spec().call->blocksInlining.empty() || !call->hasAttr(op->spec().call->blocksInlining);
  }
  bool isLegalToInline(Region *, Region *, bool, IRMapping &) const final { return true; }
  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final { return true; }
  void handleTerminator(Operation *op, ValueRange results) const final {
    for (auto [from, to] : llvm::zip_equal(results, op->getOperands())) from.replaceAllUsesWith(to);
  }
};

/// Marks the dialects made here, so that one can be told from a Dialect pointer (there is no RTTI).
struct Marker : DialectInterface::Base<Marker> {
  Marker(Dialect *dialect) : Base(dialect) {}
};

/// A dialect that could not be loaded: its ops are unknown, and the reason has been said.
struct EmptyDialect : Dialect {
  EmptyDialect(StringRef name, MLIRContext *context, TypeID id) : Dialect(name, context, id) {}
};

Dialect *load(const std::string &name, MLIRContext *context) {
  TypeID id;
  Callable loader = nullptr;
  std::shared_ptr<DialectSpec> spec;
  {
    std::lock_guard<std::mutex> lock(declaredMutex);
    Declared &entry = declared()[name];
    id = entry.id;
    spec = entry.spec;
    if (!spec && entry.error.empty()) loader = entry.loader;
  }
  if (loader) { // without the lock: Python may take its time, and calls defineDialect
    HookError problem;
    bool loaded = hooks().load(loader, problem);
    std::lock_guard<std::mutex> lock(declaredMutex);
    Declared &entry = declared()[name];
    if (!loaded) entry.error = problem.error;
    else if (!entry.spec) entry.error = "its module was imported, but declared no such dialect";
    spec = entry.spec;
  }
  if (!spec) {
    std::string error;
    {
      std::lock_guard<std::mutex> lock(declaredMutex);
      error = declared()[name].error;
    }
    emitError(UnknownLoc::get(context)) << "dialect '" << name << "' cannot be loaded: " << error; // may call Python: hold no lock
    return context->getOrLoadDialect(name, id, [&]() -> std::unique_ptr<Dialect> { return std::make_unique<EmptyDialect>(name, context, id); });
  }
  RuntimeDialect *dialect = nullptr;
  Dialect *loaded = context->getOrLoadDialect(spec->name, id, [&]() -> std::unique_ptr<Dialect> {
    auto made = std::make_unique<RuntimeDialect>(spec, context, id);
    dialect = made.get();
    return made;
  });
  // Only now: dependencies may lead back here, and default values may be of this dialect.
  for (const std::string &dependency : spec->dependencies) context->getOrLoadDialect(dependency);
  if (dialect) dialect->resolveDefaults();
  return loaded;
}
} // namespace

bool mograph::kit::declareDialect(const std::string &name, Callable loader) {
  TypeID id;
  {
    std::lock_guard<std::mutex> lock(declaredMutex);
    if (!declared().count(name) && mograph::registry().getDialectAllocator(name)) return false;
    auto [it, fresh] = declared().try_emplace(name, Declared{newTypeId(), loader, nullptr, ""});
    if (!fresh) return true;
    id = it->second.id;
  }
  mograph::registry().insert(id, name, [name](MLIRContext *context) -> Dialect * { return load(name, context); });
  return true;
}

bool mograph::kit::defineDialect(std::shared_ptr<DialectSpec> spec, std::string &error) {
  std::lock_guard<std::mutex> lock(declaredMutex);
  auto it = declared().find(spec->name);
  if (it == declared().end()) return error = "dialect '" + spec->name + "' has not been declared", false;
  if (it->second.spec) return error = "dialect '" + spec->name + "' is defined already", false;
  it->second.spec = std::move(spec);
  return true;
}

//===-- RuntimeDialect ---------------------------------------------------------------------------------------------===//

RuntimeDialect::RuntimeDialect(std::shared_ptr<DialectSpec> s, MLIRContext *context, TypeID id)
    : ExtensibleDialect(s->name, context, id), spec(std::move(s)) {
  auto define = [&](const std::shared_ptr<DefSpec> &defSpec, llvm::StringMap<Def> &into) -> Def * {
    Def *def = &into[defSpec->name];                   // StringMap entries stay where they are
    def->spec = defSpec;
    def->defaults.resize(defSpec->parameters.size());
    return def;
  };
  auto verifier = [this](Def *def) {
    return [this, def](function_ref<InFlightDiagnostic()> emit, ArrayRef<Attribute> parameters) -> LogicalResult {
      // The same few types are written again and again in a module.
      Memo::Key key;
      for (Attribute parameter : parameters) key.push_back(parameter.getAsOpaquePointer());
      if (def->verified.lookup(key)) return success();
      if (failed(verifyParameters(*def->spec, getNamespace(), parameters, emit))) return failure();
      return def->verified.insert(key), success();
    };
  };
  auto parser = [](Def *def) { return [def](AsmParser &p, SmallVectorImpl<Attribute> &out) { return parseParameters(p, *def, out); }; };
  auto printer = [](Def *def) { return [def](AsmPrinter &p, ArrayRef<Attribute> parameters) { printParameters(p, *def, parameters); }; };
  for (const auto &attribute : spec->attributes) {
    Def *def = define(attribute, attributes);
    auto definition = DynamicAttrDefinition::get(attribute->name, this, verifier(def), parser(def), printer(def));
    def->attr = definition.get();
    registerDynamicAttr(std::move(definition));
  }
  for (const auto &type : spec->types) {
    Def *def = define(type, types);
    auto definition = DynamicTypeDefinition::get(type->name, this, verifier(def), parser(def), printer(def));
    def->type = definition.get();
    registerDynamicType(std::move(definition));
  }
  for (const auto &opSpec : spec->ops) {
    auto op = std::make_unique<RuntimeOp>(opSpec, this);
    ops[opSpec->name] = op.get();
    SmallVector<StringRef> names;
    for (StringAttr name : op->attrNames()) names.push_back(name.getValue());
    RegisteredOperationName::insert(std::move(op), names);
  }
  if (llvm::any_of(spec->ops, [](const auto &op) { return op->patterns; })) // while passes run, dialects cannot be loaded
    for (StringRef name : {"pdl", "pdl_interp"}) context->getOrLoadDialect(name);
  addInterfaces<Inliner, Marker>();
}

void RuntimeDialect::resolveDefaults() {
  for (auto *defs : {&attributes, &types})
    for (auto &entry : *defs)
      for (auto [field, value] : llvm::zip_equal(entry.second.spec->parameters, entry.second.defaults)) value = defaultOf(field, getContext());
  for (auto &entry : ops) entry.second->resolveDefaults();
}

const RuntimeDialect *RuntimeDialect::from(Dialect *dialect) {
  bool marked = dialect && dialect->getRegisteredInterface(TypeID::get<Marker>());
  return marked ? static_cast<const RuntimeDialect *>(dialect) : nullptr;
}

Operation *RuntimeDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type, Location loc) {
  if (spec->constant.empty()) return nullptr;
  // A tensor of ours holds elements of the builtin tensor type of its shape; any other type, an attribute of that type.
  auto typed = dyn_cast<TypedAttr>(value);
  Type expected = type;
  if (RankedTensorType tensor = asBuiltinTensor(type)) expected = tensor;
  if (!typed || typed.getType() != expected) return nullptr;
  for (const AttrField &field : op(spec->constant)->spec().attributes)
    if (field.name == "value" && !satisfies(*field.constraint, value)) return nullptr;
  OperationState state(loc, spec->constant);
  state.addAttribute("value", value);
  state.addTypes(type);
  return builder.create(state);
}

/// Upstream's parser goes on after the symbol, whatever the dialect left of it.
static ParseResult parseEnd(DialectAsmParser &parser) {
  SMLoc loc = parser.getCurrentLocation();
  if (loc.getPointer() >= parser.getFullSymbolSpec().end()) return success();
  return parser.emitError(loc, "unexpected text after the parameters");
}
Type RuntimeDialect::parseType(DialectAsmParser &parser) const {
  StringRef name;
  Type type;
  if (parser.parseKeyword(&name)) return {};
  OptionalParseResult result = parseOptionalDynamicType(name, parser, type);
  if (result.has_value()) return succeeded(*result) && succeeded(parseEnd(parser)) ? type : Type();
  parser.emitError(parser.getNameLoc()) << "unknown type '" << name << "' in dialect '" << getNamespace() << "'";
  return {};
}
void RuntimeDialect::printType(Type type, DialectAsmPrinter &printer) const { (void)printIfDynamicType(type, printer); }
Attribute RuntimeDialect::parseAttribute(DialectAsmParser &parser, Type) const {
  StringRef name;
  Attribute attribute;
  if (parser.parseKeyword(&name)) return {};
  OptionalParseResult result = parseOptionalDynamicAttr(name, parser, attribute);
  if (result.has_value()) return succeeded(*result) && succeeded(parseEnd(parser)) ? attribute : Attribute();
  parser.emitError(parser.getNameLoc()) << "unknown attribute '" << name << "' in dialect '" << getNamespace() << "'";
  return {};
}
void RuntimeDialect::printAttribute(Attribute attribute, DialectAsmPrinter &printer) const { (void)printIfDynamicAttr(attribute, printer); }

std::vector<std::string> mograph::kit::declaredDialects() {
  std::lock_guard<std::mutex> lock(declaredMutex);
  std::vector<std::string> names;
  for (const auto &[name, entry] : declared()) names.push_back(name);
  return names;
}
