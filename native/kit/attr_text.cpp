// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kit/attr_text.h"
#include "kit/constraints.h"
#include "kit/dialect.h"
#include "kit/dims.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringMap.h"
#include <cctype>

using namespace mlir;
using namespace mograph::kit;

//===-- Literals ---------------------------------------------------------------------------------------------------===//

namespace {
struct Token {
  ParseResult (AsmParser::*required)();
  ParseResult (AsmParser::*optional)();
};
const llvm::StringMap<Token> &tokens() {
  static const llvm::StringMap<Token> table = {
      {"->", {&AsmParser::parseArrow, &AsmParser::parseOptionalArrow}},     {"{", {&AsmParser::parseLBrace, &AsmParser::parseOptionalLBrace}},
      {"}", {&AsmParser::parseRBrace, &AsmParser::parseOptionalRBrace}},    {":", {&AsmParser::parseColon, &AsmParser::parseOptionalColon}},
      {",", {&AsmParser::parseComma, &AsmParser::parseOptionalComma}},      {"=", {&AsmParser::parseEqual, &AsmParser::parseOptionalEqual}},
      {"<", {&AsmParser::parseLess, &AsmParser::parseOptionalLess}},        {">", {&AsmParser::parseGreater, &AsmParser::parseOptionalGreater}},
      {"?", {&AsmParser::parseQuestion, &AsmParser::parseOptionalQuestion}}, {"+", {&AsmParser::parsePlus, &AsmParser::parseOptionalPlus}},
      {"/", {&AsmParser::parseSlash, &AsmParser::parseOptionalSlash}},      {"-", {&AsmParser::parseMinus, &AsmParser::parseOptionalMinus}},
      {"*", {&AsmParser::parseStar, &AsmParser::parseOptionalStar}},        {"|", {&AsmParser::parseVerticalBar, &AsmParser::parseOptionalVerticalBar}},
      {"(", {&AsmParser::parseLParen, &AsmParser::parseOptionalLParen}},    {")", {&AsmParser::parseRParen, &AsmParser::parseOptionalRParen}},
      {"[", {&AsmParser::parseLSquare, &AsmParser::parseOptionalLSquare}},  {"]", {&AsmParser::parseRSquare, &AsmParser::parseOptionalRSquare}},
      {"...", {&AsmParser::parseEllipsis, &AsmParser::parseOptionalEllipsis}},
  };
  return table;
}
} // namespace

ParseResult mograph::kit::parseLiteral(AsmParser &parser, StringRef token) {
  auto it = tokens().find(token);
  return it == tokens().end() ? parser.parseKeyword(token) : (parser.*it->second.required)();
}
bool mograph::kit::parseOptionalLiteral(AsmParser &parser, StringRef token) {
  auto it = tokens().find(token);
  return succeeded(it == tokens().end() ? parser.parseOptionalKeyword(token) : (parser.*it->second.optional)());
}
void mograph::kit::printLiteral(AsmPrinter &printer, StringRef token, Spacing &spacing) {
  // As ODS's generated printers decide.
  bool single = token.size() == 1 || token == "->";
  bool before = !single || !StringRef(spacing.punctuation ? ">)}]," : "<>(){}[],").contains(token.front());
  if (spacing.space && before) printer << ' ';
  printer << token;
  spacing.space = token.size() != 1 || !StringRef("<({[").contains(token.front());
  spacing.punctuation = token.front() != '_' && !std::isalpha((unsigned char)token.front());
}
void mograph::kit::printSpace(AsmPrinter &printer, Spacing &spacing) {
  if (spacing.space || !spacing.punctuation) printer << ' ';
  spacing = {};
}

//===-- Dimensions -------------------------------------------------------------------------------------------------===//

/// One dimension. Its tokens are only skipped; the text between them goes to the parser of dims.h.
static ParseResult parseDim(AsmParser &p, Attribute &out) {
  SMLoc start = p.getCurrentLocation();
  Builder &b = p.getBuilder();
  auto ends = [&] { char c = *p.getCurrentLocation().getPointer(); return c == ',' || c == ']'; };
  // The two common cases, a constant or a name alone, need no text.
  int64_t value;
  StringRef word;
  OptionalParseResult integer;
  if (*start.getPointer() != '-') integer = p.parseOptionalInteger(value); // which would take the minus of `-n`
  if (integer.has_value()) {
    if (failed(*integer)) return failure();
    if (ends()) {
      if (value < 0) return p.emitError(start) << "dimension " << value << " is negative";
      return out = b.getI64IntegerAttr(value), success();
    }
  } else if (succeeded(p.parseOptionalKeyword(&word)) && ends()) {
    return out = b.getStringAttr(word), success();
  }
  for (int depth = 0;;) {
    if (succeeded(p.parseOptionalLParen())) { ++depth; continue; }
    if (depth && succeeded(p.parseOptionalRParen())) { --depth; continue; }
    if (depth && succeeded(p.parseOptionalComma())) continue;
    if (succeeded(p.parseOptionalPlus()) || succeeded(p.parseOptionalMinus()) || succeeded(p.parseOptionalStar()) || succeeded(p.parseOptionalKeyword(&word)))
      continue;
    integer = p.parseOptionalInteger(value);
    if (!integer.has_value()) break;
    if (failed(*integer)) return failure();
  }
  const char *end = p.getCurrentLocation().getPointer();
  std::string text(StringRef(start.getPointer(), end - start.getPointer()).rtrim());
  if (text.empty()) return p.emitError(start, "expected a dimension: an integer, a name or an expression");
  std::string error;
  auto dim = Dim::parse(text, error);
  if (!dim) return p.emitError(start) << error;
  if (auto constant = dim->asConstant()) {
    if (*constant < 0) return p.emitError(start) << "dimension " << *constant << " is negative";
    return out = b.getI64IntegerAttr(*constant), success();
  }
  return out = b.getStringAttr(dim->str()), success();
}
static void printDim(AsmPrinter &p, Attribute dim) {
  if (auto integer = dyn_cast<IntegerAttr>(dim)) p << integer.getInt();
  else p << cast<StringAttr>(dim).getValue();
}

//===-- Attributes by kind -----------------------------------------------------------------------------------------===//

namespace {
template <typename DenseArray> OptionalParseResult parseDense(AsmParser &p, Attribute &out, bool optional) {
  if (optional && *p.getCurrentLocation().getPointer() != '[') return std::nullopt;
  out = DenseArray::parse(p, Type());
  return ParseResult(success(bool(out)));
}
using DenseParse = OptionalParseResult (*)(AsmParser &, Attribute &, bool);
const llvm::StringMap<DenseParse> &denseParsers() {
  static const llvm::StringMap<DenseParse> table = {
      {"dense_i8_array", parseDense<DenseI8ArrayAttr>},   {"dense_i16_array", parseDense<DenseI16ArrayAttr>},
      {"dense_i32_array", parseDense<DenseI32ArrayAttr>}, {"dense_i64_array", parseDense<DenseI64ArrayAttr>},
      {"dense_f32_array", parseDense<DenseF32ArrayAttr>}, {"dense_f64_array", parseDense<DenseF64ArrayAttr>},
      {"dense_bool_array", parseDense<DenseBoolArrayAttr>}};
  return table;
}
template <typename... DenseArray> bool printDense(AsmPrinter &p, Attribute a) {
  auto print = [&](auto array) { return array ? (array.print(p), true) : false; };
  return (print(dyn_cast<DenseArray>(a)) || ...);
}
} // namespace

OptionalParseResult mograph::kit::parseAttr(AsmParser &p, const Constraint &c, Attribute &out, bool optional) {
  Builder &b = p.getBuilder();
  SMLoc loc = p.getCurrentLocation();
  auto absent = [&](const char *expected) -> OptionalParseResult {
    if (optional) return std::nullopt;
    return ParseResult(p.emitError(loc) << "expected " << expected);
  };
  if (c.kind == "dims") {
    if (optional && *loc.getPointer() != '[') return std::nullopt;
    SmallVector<Attribute> dims;
    if (p.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] { return parseDim(p, dims.emplace_back()); })) return ParseResult(failure());
    return out = b.getArrayAttr(dims), ParseResult(success());
  }
  if (c.kind == "type") {
    Type type;
    OptionalParseResult result = p.parseOptionalType(type);
    if (!result.has_value()) return absent("a type");
    if (failed(*result)) return ParseResult(failure());
    return out = TypeAttr::get(type), ParseResult(success());
  }
  if (c.kind == "enum") {
    StringRef word;
    if (failed(p.parseOptionalKeyword(&word, llvm::map_to_vector(c.names, [](const std::string &s) { return StringRef(s); })))) {
      if (optional) return std::nullopt;
      InFlightDiagnostic diag = p.emitError(loc) << "expected one of ";
      llvm::interleaveComma(c.names, diag, [&](const std::string &name) { diag << name; });
      return ParseResult(diag);
    }
    return out = b.getStringAttr(word), ParseResult(success());
  }
  if (c.kind == "label") {
    StringRef word;
    if (failed(p.parseOptionalKeyword(&word))) return absent("a word");
    std::string label = word.str();
    if (succeeded(p.parseOptionalColon())) {
      uint64_t index;
      if (p.parseInteger(index)) return ParseResult(failure());
      label += ":" + std::to_string(index);
    }
    return out = b.getStringAttr(label), ParseResult(success());
  }
  if (c.kind == "symbol_name") {
    StringAttr name;
    if (failed(p.parseOptionalSymbolName(name))) return absent("a symbol name");
    return out = name, ParseResult(success());
  }
  if (c.kind == "string") { // without a type: the colon after it belongs to the operation
    std::string text;
    if (failed(p.parseOptionalString(&text))) return absent("a string");
    return out = b.getStringAttr(text), ParseResult(success());
  }
  if (c.kind == "bool") {
    StringRef word;
    if (failed(p.parseOptionalKeyword(&word, {"true", "false"}))) return absent("'true' or 'false'");
    return out = b.getBoolAttr(word == "true"), ParseResult(success());
  }
  if (c.kind == "unit") return out = b.getUnitAttr(), ParseResult(success());
  if (auto dense = denseParsers().find(c.kind); dense != denseParsers().end()) return dense->second(p, out, optional);
  if (c.kind == "dynamic") { // without the dialect and the name, and without the brackets around
    auto [dialect, name] = StringRef(c.text).split('.');
    if (const auto *def = findAttrDef(b.getContext(), dialect, name)) {
      SmallVector<Attribute> parameters;
      OptionalParseResult parsed = parseOptionalParameters(p, *def, parameters, optional);
      if (!parsed.has_value() || failed(*parsed)) return parsed;
      out = DynamicAttr::getChecked([&] { return p.emitError(loc); }, def->attr, parameters);
      return ParseResult(success(bool(out)));
    }
  }
  if (c.kind == "array" && c.children.size() == 1) {
    if (optional && *loc.getPointer() != '[') return std::nullopt;
    SmallVector<Attribute> elements;
    if (p.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&]() -> ParseResult {
          OptionalParseResult result = parseAttr(p, *c.children[0], elements.emplace_back());
          return result.has_value() ? *result : ParseResult(failure());
        })) return ParseResult(failure());
    return out = b.getArrayAttr(elements), ParseResult(success());
  }
  Type type = attributeType(c, b.getContext());
  if (optional) return p.parseOptionalAttribute(out, type);
  return p.parseAttribute(out, type);
}

void mograph::kit::printAttr(AsmPrinter &p, const Constraint &c, Attribute a) {
  if (c.kind == "dims") {
    p << '[';
    llvm::interleaveComma(cast<ArrayAttr>(a), p, [&](Attribute dim) { printDim(p, dim); });
    p << ']';
  } else if (auto type = dyn_cast<TypeAttr>(a); type && c.kind == "type") {
    p << type.getValue();
  } else if (auto string = dyn_cast<StringAttr>(a); string && (c.kind == "enum" || c.kind == "label")) {
    p << string.getValue();
  } else if (string && c.kind == "symbol_name") {
    p.printSymbolName(string.getValue());
  } else if (c.kind == "unit") {
  } else if (c.kind.rfind("dense_", 0) == 0 &&
             printDense<DenseI8ArrayAttr, DenseI16ArrayAttr, DenseI32ArrayAttr, DenseI64ArrayAttr, DenseF32ArrayAttr, DenseF64ArrayAttr, DenseBoolArrayAttr>(p, a)) {
  } else if (auto dynamic = dyn_cast<DynamicAttr>(a); dynamic && c.kind == "dynamic") {
    const auto *def = findAttrDef(a.getContext(), dynamic.getDialect().getNamespace(), dynamic.getAttrDef()->getName());
    printParameters(p, *def, dynamic.getParams(), /*nested=*/true);
  } else if (auto array = dyn_cast<ArrayAttr>(a); array && c.kind == "array" && c.children.size() == 1) {
    p << '[';
    llvm::interleaveComma(array, p, [&](Attribute element) { printAttr(p, *c.children[0], element); });
    p << ']';
  } else if (attributeType(c, a.getContext())) {
    p.printAttributeWithoutType(a);
  } else {
    p << a;
  }
}

Attribute mograph::kit::defaultOf(const AttrField &field, MLIRContext *context) {
  return field.defaultText ? parseAttribute(*field.defaultText, context) : Attribute();
}
