// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kit/directives.h"
#include "kit/assembly.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/Interfaces/FunctionImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace mograph::kit;

//===-- Types ------------------------------------------------------------------------------------------------------===//

static ParseResult parseTypesDirective(const Element &e, OpAssembly &a) {
  OpAssembly::TypeList types;
  SMLoc loc = a.p.getCurrentLocation();
  if (a.parseTypes(Arity::Variadic, types)) return failure();
  size_t needed = 0;
  auto count = [&](const Element &field) { // how many types the group takes; results are given by their declaration
    if (field.kind == Element::Operand) return a.operands[field.index].size();
    return size_t(1);
  };
  for (const Element &type : e.children) needed += count(type.children[0]);
  if (types->size() == 1) types->resize(needed, types->front());
  if (types->size() != needed) return a.p.emitError(loc) << "expected one type or " << needed << ", got " << types->size();
  auto next = types->begin();
  for (const Element &type : e.children) {
    const Element &field = type.children[0];
    size_t n = count(field);
    (field.kind == Element::Operand ? a.operandTypes : a.resultTypes)[field.index].emplace(next, next + n);
    next += n;
  }
  return success();
}
static void printTypesDirective(const Element &e, const RuntimeOp &runtime, Operation *op, OpAsmPrinter &p) {
  SmallVector<Type> types;
  for (const Element &type : e.children) {
    const Element &field = type.children[0];
    bool isOperand = field.kind == Element::Operand;
    auto [start, size] = isOperand ? runtime.operandGroup(op, field.index) : runtime.resultGroup(op, field.index);
    for (unsigned i = start; i < start + size; ++i) types.push_back(isOperand ? op->getOperand(i).getType() : op->getResult(i).getType());
  }
  if (llvm::all_equal(types) && !types.empty()) p << types.front();
  else llvm::interleaveComma(types, p);
}

//===-- Elements ---------------------------------------------------------------------------------------------------===//

/// The text of a literal: nested lists of numbers, a bare number, a hexadecimal string, or nothing. Only its tokens are looked at;
/// MLIR's own parser reads it again once the type is known.
static ParseResult skipLiteral(AsmParser &p, unsigned depth = 0) {
  constexpr unsigned kMaxDepth = 100;                  // this and MLIR's own parser recurse
  if (depth > kMaxDepth) return p.emitError(p.getCurrentLocation(), "the literal is nested too deeply");
  if (succeeded(p.parseOptionalLSquare())) {
    if (succeeded(p.parseOptionalRSquare())) return success();
    do {
      if (skipLiteral(p, depth + 1)) return failure();
    } while (succeeded(p.parseOptionalComma()));
    return p.parseRSquare();
  }
  std::string text;
  if (!depth && succeeded(p.parseOptionalString(&text))) return success(); // hexadecimal; among numbers a string is none
  StringRef word;
  if (succeeded(p.parseOptionalKeyword(&word, {"true", "false"}))) return success();
  (void)p.parseOptionalMinus();
  APInt integer;
  OptionalParseResult result = p.parseOptionalInteger(integer);
  if (result.has_value()) return *result;
  double value;
  return p.parseFloat(value);
}
static ParseResult parseElements(const Element &e, OpAssembly &a) {
  AsmParser &p = a.p;
  SMLoc loc = p.getCurrentLocation();
  Attribute whole; // elements that are kept elsewhere, or few of many: with their own type
  for (StringRef kind : {"dense_resource<", "sparse<"})
    if (StringRef(loc.getPointer(), strnlen(loc.getPointer(), kind.size())).starts_with(kind)) {
      Type type;
      if (p.parseAttribute(whole) || p.parseColonType(type)) return failure();
      a.resultTypes[e.children[1].children[0].index].emplace(1, type);
      return a.setAttr(e.children[0].index, whole), success();
    }
  bool dense = succeeded(p.parseOptionalKeyword("dense"));
  if (dense && p.parseLess()) return failure();
  SMLoc start = p.getCurrentLocation();
  bool empty = dense && *start.getPointer() == '>';
  if (!empty && skipLiteral(p)) return failure();
  StringRef literal(start.getPointer(), p.getCurrentLocation().getPointer() - start.getPointer());
  // Comments and blanks may stand before the next token.
  std::string text = "dense<" + literal.rtrim().str() + "> : ";
  if (dense && p.parseGreater()) return failure();
  Type type;
  if (p.parseColonType(type)) return failure();
  a.resultTypes[e.children[1].children[0].index].emplace(1, type);
  RankedTensorType tensor = asBuiltinTensor(type);
  if (!tensor) return p.emitError(loc) << "a constant needs a tensor type with a static shape, found " << type;
  {
    llvm::raw_string_ostream os(text);
    os << tensor;
  }
  // The nested parser would report places in its own text: say where the literal is instead.
  std::string reason;
  Attribute value;
  {
    ScopedDiagnosticHandler handler(p.getContext(), [&](Diagnostic &diag) {
      if (reason.empty()) reason = diag.str();
      return success();
    });
    value = parseAttribute(text, p.getContext());
  }
  if (!value) return p.emitError(loc) << "not a literal of type " << type << ": " << reason;
  a.setAttr(e.children[0].index, value);
  return success();
}
static void printElements(const Element &e, const RuntimeOp &runtime, Operation *op, OpAsmPrinter &p) {
  StringAttr name = runtime.attrNames()[e.children[0].index];
  Attribute value = runtime.dictionary(op).get(name);
  // Elements print as `dense<LITERAL> : tensor<...>`; a splat's literal stands alone.
  std::string text;
  llvm::raw_string_ostream os(text);
  auto elements = dyn_cast<DenseElementsAttr>(value);
  if (elements && elements.isSplat()) {
    elements.print(os, /*elideType=*/true);
    StringRef literal = StringRef(text).drop_front(StringRef("dense<").size()).drop_back(1);
    p << literal;
  } else if (elements) {
    p.printAttributeWithoutType(value);
  } else {
    p << value;
  }
  p << " : " << op->getResult(0).getType();
}

//===-- The table --------------------------------------------------------------------------------------------------===//

namespace {
struct Directive {
  ParseResult (*parse)(const Element &, OpAssembly &);
  void (*print)(const Element &, const RuntimeOp &, Operation *, OpAsmPrinter &);
  bool (*takes)(ArrayRef<Element> arguments, const OpSpec &op);
  const char *arguments;                               // what it takes, in words
};
bool isTypeOfField(const Element &e) {
  return e.kind == Element::TypeOf && (e.children[0].kind == Element::Operand || e.children[0].kind == Element::Result);
}
const llvm::StringMap<Directive> &table() {
  static const llvm::StringMap<Directive> directives = {
      {"Types", {parseTypesDirective, printTypesDirective, [](ArrayRef<Element> arguments, const OpSpec &) {
                   return !arguments.empty() && llvm::all_of(arguments, isTypeOfField); }, "the types of operands and results"}},
      {"Elements", {parseElements, printElements, [](ArrayRef<Element> arguments, const OpSpec &op) {
                      return arguments.size() == 2 && arguments[0].kind == Element::Attr && op.attributes[arguments[0].index].constraint->kind == "elements" &&
                             isTypeOfField(arguments[1]) && arguments[1].children[0].kind == Element::Result && op.results.size() == 1; },
                    "an attribute of elements and the type of the only result"}},
      {"Function", {[](const Element &, OpAssembly &a) { return parseFunction(a.p, a.state); },
                    [](const Element &, const RuntimeOp &, Operation *op, OpAsmPrinter &p) { printFunction(op, p); },
                    [](ArrayRef<Element> arguments, const OpSpec &op) { return arguments.empty() && op.function; }, "nothing, and only for a function"}},
  };
  return directives;
}
} // namespace

bool mograph::kit::checkDirectives(const std::vector<Element> &elements, const OpSpec &op, std::string &error) {
  for (const Element &e : elements) {
    if (e.kind == Element::Custom && !op.directives.count(e.text)) {
      auto it = table().find(e.text);
      if (it == table().end()) return error = "unknown custom directive '" + e.text + "'", false;
      if (!it->second.takes(e.children, op)) return error = "custom<" + e.text + "> takes " + it->second.arguments, false;
    }
    if (!checkDirectives(e.children, op, error) || !checkDirectives(e.otherwise, op, error)) return false;
  }
  return true;
}
ParseResult mograph::kit::parseDirective(const Element &e, OpAssembly &assembly) {
  auto it = table().find(e.text);
  return it == table().end() ? parsePythonDirective(e, assembly) : it->second.parse(e, assembly);
}
void mograph::kit::printDirective(const Element &e, const RuntimeOp &op, Operation *operation, OpAsmPrinter &printer) {
  auto it = table().find(e.text);
  if (it == table().end()) printPythonDirective(e, op, operation, printer);
  else it->second.print(e, op, operation, printer);
}

//===-- Function syntax --------------------------------------------------------------------------------------------===//

ParseResult mograph::kit::parseFunction(OpAsmParser &p, OperationState &state) {
  Builder &b = p.getBuilder();
  return function_interface_impl::parseFunctionOp(
      p, state, /*allowVariadic=*/false, b.getStringAttr("function_type"),
      [](Builder &b, ArrayRef<Type> inputs, ArrayRef<Type> results, function_interface_impl::VariadicFlag, std::string &) {
        return b.getFunctionType(inputs, results);
      },
      b.getStringAttr("arg_attrs"), b.getStringAttr("res_attrs"));
}
void mograph::kit::printFunction(Operation *op, OpAsmPrinter &p) {
  Builder b(op->getContext());
  function_interface_impl::printFunctionOp(p, cast<FunctionOpInterface>(op), /*isVariadic=*/false, "function_type", b.getStringAttr("arg_attrs"),
                                           b.getStringAttr("res_attrs"));
}
