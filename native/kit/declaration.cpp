// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a declaration must satisfy. Whatever the rest of the kit, or an upstream pass, would otherwise trip over at run time is refused
// here, when the class is made.
#include "kit/api.h"
#include "kit/assembly.h"
#include "kit/constraints.h"
#include "kit/op.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include <mutex>

using namespace mlir;
using namespace mograph::kit;

namespace {
const Field *find(const std::vector<Field> &fields, const std::string &name) {
  for (const Field &f : fields)
    if (f.name == name) return &f;
  return nullptr;
}
const AttrField *find(const std::vector<AttrField> &fields, const std::string &name) {
  for (const AttrField &f : fields)
    if (f.name == name) return &f;
  return nullptr;
}
std::string quoted(const std::string &name) { return "'" + name + "'"; }

/// Reads the texts of types and attributes in declarations, whose own dialect does not exist yet: what it cannot know is opaque.
class Scratch {
public:
  template <typename Parse> auto parse(Parse parse, std::string &reason) {
    std::lock_guard<std::mutex> lock(mutex);
    if (!context) {
      context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
      context->allowUnregisteredDialects();
    }
    ScopedDiagnosticHandler handler(context.get(), [&](Diagnostic &diag) {
      if (reason.empty()) reason = diag.str();
      return success();
    });
    return parse(context.get());
  }

private:
  std::mutex mutex;
  std::unique_ptr<MLIRContext> context;
};
Scratch &scratch() {
  static Scratch one;
  return one;
}

//===-- Constraints ------------------------------------------------------------------------------------------------===//

/// What the children of a constraint constrain, and how many there may be.
struct Shape {
  enum { None, Types, Attributes } children = None;
  size_t least = 0, most = 0;
};
Shape shapeOf(const Constraint &c, bool isType) {
  auto same = isType ? Shape::Types : Shape::Attributes;
  return llvm::StringSwitch<Shape>(c.kind)
      .Cases({"any_of", "all_of"}, {same, 1, SIZE_MAX})
      .Case("not", {same, 1, 1})
      .Case("dynamic", {Shape::Attributes, 0, SIZE_MAX})
      .Cases({"complex", "shaped"}, {Shape::Types, 0, 1})
      .Cases({"integer", "float"}, isType ? Shape() : Shape{Shape::Types, 1, 1})
      .Cases({"type", "elements"}, {Shape::Types, 0, 1})
      .Case("array", {Shape::Attributes, 0, 1})
      .Default(Shape());
}
bool isWord(StringRef text) {
  return !text.empty() && (llvm::isAlpha(text[0]) || text[0] == '_') && llvm::all_of(text, [](char c) { return llvm::isAlnum(c) || c == '_' || c == '$' || c == '.'; });
}
bool checkConstraint(const Constraint &c, bool isType, std::string &error) {
  if (!isKnownKind(c.kind, true) && !isKnownKind(c.kind, false)) return error = "unknown kind of constraint " + quoted(c.kind), false;
  Shape shape = shapeOf(c, isType);
  if (!isKnownKind(c.kind, isType) || c.children.size() < shape.least || c.children.size() > shape.most)
    return error = "expected a constraint of " + std::string(isType ? "types" : "attributes") + ", found " + quoted(c.summary), false;
  for (const ConstraintRef &child : c.children) {
    if (!child && c.kind == "dynamic") continue;       // a parameter that may be anything
    if (!child || !checkConstraint(*child, shape.children == Shape::Types, error)) return false;
  }
  if (c.kind == "enum" && c.names.empty()) return error = "an enumeration needs cases", false;
  if (c.kind == "enum")
    for (const std::string &name : c.names)
      if (!isWord(name)) return error = "case " + quoted(name) + " of an enumeration is no word", false;
  std::string reason;
  if (c.kind == "exact" && !scratch().parse([&](MLIRContext *context) { return bool(parseType(c.text, context)); }, reason))
    return error = quoted(c.text) + " is no type: " + reason, false;
  return true;
}
/// Whether a constraint can be decided where no dialect is known.
bool isBuiltin(const Constraint &c) {
  return c.kind != "exact" && c.kind != "dialect" && c.kind != "dynamic" && llvm::all_of(c.children, [](const ConstraintRef &child) { return child && isBuiltin(*child); });
}
bool checkAttributes(const std::vector<AttrField> &fields, std::string &error) {
  for (const AttrField &field : fields) {
    auto fail = [&] { return error = quoted(field.name) + ": " + error, false; };
    if (!checkConstraint(*field.constraint, /*isType=*/false, error)) return fail();
    if (!field.defaultText) continue;
    std::string reason;
    bool satisfied = false;
    bool parsed = scratch().parse([&](MLIRContext *context) {
      Attribute value = parseAttribute(*field.defaultText, context);
      satisfied = value && (!isBuiltin(*field.constraint) || satisfies(*field.constraint, value));
      return bool(value);
    }, reason);
    if (!parsed) return error = "the default value is no attribute: " + reason, fail();
    if (!satisfied) return error = "the default value must be " + field.constraint->summary + ", but is " + *field.defaultText, fail();
  }
  return true;
}

//===-- Operations -------------------------------------------------------------------------------------------------===//

struct OpCheck {
  OpSpec &op;
  std::string &error;

  bool fail(const std::string &message) { return error = message, false; }
  bool has(const char *trait) const { return op.hasTrait(trait); }

  bool fields() {
    for (const auto *group : {&op.operands, &op.results})
      for (const Field &f : *group)
        if (!checkConstraint(*f.constraint, /*isType=*/true, error)) return fail(quoted(f.name) + ": " + error);
    if (!checkAttributes(op.attributes, error)) return false;
    for (auto [what, group] : {std::pair{"regions", &op.regions}, std::pair{"successors", &op.successors}})
      if (llvm::count_if(*group, [](const Field &f) { return f.arity != Arity::One; }) > 1) return fail(std::string("at most one field may hold any number of ") + what);
    if (!op.successors.empty() && !has("Terminator")) return fail(quoted(op.successors[0].name) + ": only an op with the trait Terminator has successors");
    for (Field &region : op.regions) {
      if (region.arguments && !region.arguments->empty() && !find(op.operands, *region.arguments) && !find(op.results, *region.arguments))
        return fail(quoted(region.name) + ": its arguments are those of '" + *region.arguments + "', which is no operand or result");
      for (const std::string &name : region.terminators)
        if (!StringRef(name).contains('.')) return fail(quoted(region.name) + ": terminator " + quoted(name) + " is no op's full name");
    }
    return true;
  }
  bool traits() {
    for (const auto &[trait, arguments] : op.traits) {
      if (!isKnownTrait(trait)) return fail("unknown trait " + quoted(trait));
      bool names = trait == "HasParent" || trait == "SingleBlockImplicitTerminator";
      if (names && arguments.empty()) return fail("trait " + trait + " names no op");
      if (names)
        for (const std::string &name : arguments)
          if (!StringRef(name).contains('.')) return fail("trait " + trait + ": " + quoted(name) + " is no op's full name");
    }
    for (const auto &set : sameTypes(op))
      for (const std::string &name : set)
        if (!find(op.operands, name) && !find(op.results, name)) return fail("AllTypesMatch names " + quoted(name) + ", which is no operand or result");
    bool single = op.results.size() == 1 && op.results[0].arity == Arity::One;
    if (has("ConstantLike")) { // upstream folds one without operands, and asserts that it gives the value
      const AttrField *value = find(op.attributes, "value");
      if (!value || value->optional || !single || !op.operands.empty() || !op.regions.empty())
        return fail("a ConstantLike op has the attribute 'value', one result, and no operands or regions");
    }
    bool fixed = llvm::all_of(op.operands, [](const Field &f) { return f.arity == Arity::One; });
    if (has("Involution") && !(fixed && op.operands.size() == 1 && single)) return fail("trait Involution needs one operand and one result");
    if (has("Idempotent") && !(fixed && (op.operands.size() == 1 || op.operands.size() == 2) && single))
      return fail("trait Idempotent needs one or two operands, and one result");
    for (const char *trait : {"SameTypeOperands", "SameOperandsShape", "SameOperandsElementType"})
      if (has(trait) && op.operands.empty()) return fail(std::string("trait ") + trait + " needs operands");
    for (const char *trait : {"SameOperandsAndResultType", "SameOperandsAndResultShape", "SameOperandsAndResultElementType"})
      if (has(trait) && (op.operands.empty() || op.results.empty())) return fail(std::string("trait ") + trait + " needs operands and results");
    if (has("SymbolTable") && op.regions.size() != 1) return fail("trait SymbolTable needs one region");
    if (has("Symbol")) {
      const AttrField *name = find(op.attributes, "sym_name");
      if (!name || name->optional) return fail("trait Symbol needs the attribute 'sym_name'");
    }
    if (has("ReturnLike") && !has("Terminator")) return fail("trait ReturnLike needs the trait Terminator");
    if ((has("ReturnLike") || op.forwards) && (!op.results.empty() || !op.successors.empty()))
      return fail("an op that hands its operands on to its parent has neither results nor successors");
    if (has("Pure") && op.effects && !op.effects->empty()) return fail("effects: a Pure op has none");
    if (has("SingleBlock") || has("SingleBlockImplicitTerminator"))
      for (Field &region : op.regions) {
        if (!region.singleBlock) region.singleBlock = true, region.mayBeEmpty = has("SingleBlock");
        if (has("SingleBlockImplicitTerminator") && region.terminators.empty()) region.terminators = op.traits["SingleBlockImplicitTerminator"];
      }
    return true;
  }
  bool names(const std::vector<Field> &group, const char *kind, const std::string &name, const char *where, bool single = false) {
    if (name.empty()) return true;
    const Field *field = find(group, name);
    if (!field) return fail(std::string(where) + " names " + quoted(name) + ", which is no " + kind);
    if (single && field->arity != Arity::One) return fail(std::string(where) + ": " + quoted(name) + " must be one " + kind);
    return true;
  }
  bool interfaces() {
    auto operand = [&](const std::string &name, const char *where, bool single = false) { return names(op.operands, "operand", name, where, single); };
    auto region = [&](const std::string &name, const char *where) { return name == "parent" || names(op.regions, "region", name, where, true); };
    if (op.branches) {
      if (op.branches->entry.empty()) return fail("branches: nothing is entered");
      if (!operand(op.branches->operands, "branches") || !operand(op.branches->selector, "branches", true)) return false;
      for (const std::string &name : op.branches->entry)
        if (!region(name, "branches")) return false;
      for (const auto &[from, targets] : op.branches->next) {
        if (from == "parent" || !region(from, "branches")) return error.empty() ? fail("branches: 'parent' is no region") : false;
        for (const std::string &name : targets)
          if (!region(name, "branches")) return false;
      }
    }
    if (op.loop) {
      if (!operand(op.loop->inits, "loop")) return false;
      std::vector<std::string> all = op.loop->regions;
      all.insert(all.end(), {op.loop->arguments, op.loop->yields});
      for (const std::string &name : all) {
        const Field *field = find(op.regions, name);
        if (!field) return fail("loop names " + quoted(name) + ", which is no region");
        if (field->arity != Arity::One || !field->singleBlock || field->mayBeEmpty) return fail("loop: region " + quoted(name) + " must have one block");
      }
    }
    if (op.forwards) {
      if (!has("Terminator")) return fail("forwards: only an op with the trait Terminator forwards operands");
      if (op.forwards->operands.empty()) return fail("forwards names no operand");
      if (!operand(op.forwards->operands, "forwards") || !operand(op.forwards->selector, "forwards", true)) return false;
    }
    if (op.call) {
      const AttrField *callee = find(op.attributes, op.call->callee);
      if (!callee || callee->optional || (callee->constraint->kind != "flat_symbol_ref" && callee->constraint->kind != "symbol_ref"))
        return fail("call: " + quoted(op.call->callee) + " must be a required symbol reference attribute");
      if (op.call->arguments.empty()) return fail("call names no operand");
      if (!operand(op.call->arguments, "call")) return false;
      if (!op.call->blocksInlining.empty() && !find(op.attributes, op.call->blocksInlining)) return fail("call: " + quoted(op.call->blocksInlining) + " is no attribute");
    }
    for (const Effect &effect : op.effects.value_or(std::vector<Effect>()))
      if (!effect.field.empty() && !find(op.operands, effect.field) && !find(op.results, effect.field))
        return fail("effects: " + quoted(effect.field) + " is no operand or result");
    return true;
  }
};
} // namespace

bool mograph::kit::finishOp(OpSpec &op, const std::string &format, std::string &error) {
  OpCheck check{op, error};
  if (!check.fields() || !check.traits() || !check.interfaces()) return false;
  std::string text = format.empty() ? defaultFormat(op) : format;
  return parseFormat(text, op, op.format, error) && checkDirectives(op.format, op, error) && typesAreResolvable(op, error);
}
bool mograph::kit::finishDef(DefSpec &def, const std::string &format, std::string &error) {
  if (!checkAttributes(def.parameters, error)) return false;
  for (const AttrField &field : def.parameters)
    if (field.optional && field.constraint->kind == "unit") return error = quoted(field.name) + ": an optional parameter that is absent is a unit attribute, so none that is there can be", false;
  if (!format.empty()) return parseFormat(format, def, def.format, error);
  return def.parameters.empty() || (error = "parameters need an assembly_format", false);
}
