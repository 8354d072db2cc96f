// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kit/python_directive.h"
#include "kit/directives.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mograph::kit;

bool DirectiveParser::literal(const std::string &token) { return succeeded(parseLiteral(assembly.p, token)); }
bool DirectiveParser::optionalLiteral(const std::string &token) { return parseOptionalLiteral(assembly.p, token); }
std::optional<std::string> DirectiveParser::keyword() {
  StringRef word;
  if (assembly.p.parseKeyword(&word)) return std::nullopt;
  return word.str();
}
std::optional<std::string> DirectiveParser::optionalKeyword() {
  StringRef word;
  if (assembly.p.parseOptionalKeyword(&word)) return std::nullopt;
  return word.str();
}
std::optional<std::string> DirectiveParser::string() {
  std::string text;
  if (assembly.p.parseString(&text)) return std::nullopt;
  return text;
}
std::optional<std::string> DirectiveParser::optionalString() {
  std::string text;
  if (assembly.p.parseOptionalString(&text)) return std::nullopt;
  return text;
}
std::optional<std::string> DirectiveParser::symbol() {
  StringAttr name;
  if (assembly.p.parseSymbolName(name)) return std::nullopt;
  return name.str();
}
std::optional<int64_t> DirectiveParser::integer() {
  int64_t value;
  if (assembly.p.parseInteger(value)) return std::nullopt;
  return value;
}
bool DirectiveParser::optionalInteger(std::optional<int64_t> &out) {
  int64_t value;
  OptionalParseResult result = assembly.p.parseOptionalInteger(value);
  if (!result.has_value()) return true;
  if (succeeded(*result)) out = value;
  return succeeded(*result);
}
std::optional<double> DirectiveParser::number() {
  double value;
  if (assembly.p.parseFloat(value)) return std::nullopt;
  return value;
}
std::optional<MlirAttribute> DirectiveParser::attribute() {
  Attribute attribute;
  if (assembly.p.parseAttribute(attribute)) return std::nullopt;
  return wrap(attribute);
}
std::optional<MlirType> DirectiveParser::type() {
  Type type;
  if (assembly.p.parseType(type)) return std::nullopt;
  return wrap(type);
}
bool DirectiveParser::optionalType(std::optional<MlirType> &out) {
  Type type;
  OptionalParseResult result = assembly.p.parseOptionalType(type);
  if (!result.has_value()) return true;
  if (succeeded(*result)) out = wrap(type);
  return succeeded(*result);
}
std::optional<size_t> DirectiveParser::operand() {
  if (assembly.p.parseOperand(assembly.scratch.emplace_back())) return std::nullopt;
  return assembly.scratch.size() - 1;
}
bool DirectiveParser::optionalOperand(std::optional<size_t> &out) {
  OpAsmParser::UnresolvedOperand operand;
  OptionalParseResult result = assembly.p.parseOptionalOperand(operand);
  if (!result.has_value()) return true;
  if (failed(*result)) return false;
  assembly.scratch.push_back(operand);
  out = assembly.scratch.size() - 1;
  return true;
}
void DirectiveParser::error(const std::string &message) { assembly.p.emitError(assembly.p.getCurrentLocation()) << message; }
MlirContext DirectiveParser::context() const { return wrap(assembly.p.getContext()); }

static OpAsmPrinter &unwrapPrinter(void *printer) { return *static_cast<OpAsmPrinter *>(printer); }
void DirectivePrinter::text(const std::string &text) { unwrapPrinter(printer) << text; }
void DirectivePrinter::string(const std::string &text) { unwrapPrinter(printer).printString(text); }
void DirectivePrinter::symbol(const std::string &name) { unwrapPrinter(printer).printSymbolName(name); }
void DirectivePrinter::attribute(MlirAttribute attribute, bool withType) {
  if (withType) unwrapPrinter(printer) << unwrap(attribute);
  else unwrapPrinter(printer).printAttributeWithoutType(unwrap(attribute));
}
void DirectivePrinter::type(MlirType type) { unwrapPrinter(printer) << unwrap(type); }
void DirectivePrinter::operand(MlirValue value) { unwrapPrinter(printer) << unwrap(value); }
void DirectivePrinter::region(MlirRegion region) { unwrapPrinter(printer).printRegion(*unwrap(region)); }

ParseResult mograph::kit::parsePythonDirective(const Element &e, OpAssembly &a) {
  DirectiveParser parser(a);
  std::vector<DirectiveValue> values;
  HookError problem;
  SMLoc loc = a.p.getCurrentLocation();
  const auto &[parse, print] = a.spec.directives.at(e.text);
  if (!hooks().parseDirective(parse, parser, e.children.size(), values, problem)) {
    if (problem.error.empty()) return failure();       // the parser has said why
    InFlightDiagnostic diag = a.p.emitError(loc) << "custom directive '" << e.text << "': " << problem.error;
    if (!problem.note.empty()) diag.attachNote() << problem.note;
    return diag;
  }
  for (auto [i, argument] : llvm::enumerate(e.children)) {
    const DirectiveValue &value = values[i];
    auto wrong = [&](const char *expected) { return a.p.emitError(loc) << "custom directive '" << e.text << "' must give " << expected << " for argument #" << i; };
    switch (argument.kind) {
    case Element::Attr:
      if (value.kind == DirectiveValue::None) break;
      if (value.kind != DirectiveValue::Attribute) return wrong("an attribute or None");
      a.setAttr(argument.index, unwrap(value.attribute));
      break;
    case Element::TypeOf: {
      const Element &field = argument.children[0];
      if (value.kind != DirectiveValue::Types || (field.kind != Element::Operand && field.kind != Element::Result)) return wrong("types");
      auto &types = (field.kind == Element::Operand ? a.operandTypes : a.resultTypes)[field.index].emplace();
      for (MlirType type : value.types) types.push_back(unwrap(type));
      break;
    }
    case Element::Operand:
      if (value.kind == DirectiveValue::None) break;
      if (value.kind != DirectiveValue::Operands) return wrong("operands");
      for (size_t index : value.parsedOperands) a.operands[argument.index].push_back(a.scratch[index]);
      break;
    default: break;                                    // ref(...) and texts are given, not taken
    }
  }
  return success();
}

void mograph::kit::printPythonDirective(const Element &e, const RuntimeOp &runtime, Operation *op, OpAsmPrinter &p) {
  std::vector<DirectiveValue> values;
  for (const Element &argument : e.children) {
    const Element &field = argument.kind == Element::TypeOf || argument.kind == Element::Ref ? argument.children[0] : argument;
    DirectiveValue value;
    if (field.kind == Element::Attr) {
      if (Attribute attribute = runtime.dictionary(op).get(runtime.attrNames()[field.index])) {
        value.kind = DirectiveValue::Attribute;
        value.attribute = wrap(attribute);
      }
    } else if (field.kind == Element::Operand || field.kind == Element::Result) {
      bool isOperand = field.kind == Element::Operand;
      auto [start, size] = isOperand ? runtime.operandGroup(op, field.index) : runtime.resultGroup(op, field.index);
      value.kind = argument.kind == Element::TypeOf ? DirectiveValue::Types : DirectiveValue::Operands;
      for (unsigned i = start; i < start + size; ++i) {
        Value item = isOperand ? op->getOperand(i) : Value(op->getResult(i));
        if (value.kind == DirectiveValue::Types) value.types.push_back(wrap(item.getType()));
        else value.operands.push_back(wrap(item));
      }
    } else if (field.kind == Element::Region) {
      auto [start, size] = runtime.regionGroup(op, field.index);
      value.kind = DirectiveValue::Regions;
      for (unsigned i = start; i < start + size; ++i) value.regions.push_back(wrap(&op->getRegion(i)));
    }
    values.push_back(std::move(value));
  }
  DirectivePrinter printer(&p);
  HookError problem;
  const auto &[parse, print] = runtime.spec().directives.at(e.text);
  // Printing cannot fail: what went wrong stands where the text should be.
  if (!hooks().printDirective(print, printer, values, problem)) p << "<<custom directive '" << e.text << "' failed: " << problem.error << ">>";
}
