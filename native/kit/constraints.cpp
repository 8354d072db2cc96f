// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kit/constraints.h"
#include "kit/dims.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/ExtensibleDialect.h"
#include "mlir/IR/IntegerSet.h"
#include "llvm/ADT/APSInt.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mograph::kit;

namespace {
using TypeCheck = bool (*)(const Constraint &, Type);
using AttrCheck = bool (*)(const Constraint &, Attribute);

bool isInteger(const Constraint &c, Type type) { // text: signless, signed, unsigned or empty; numbers: widths, or none
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer) return false;
  if (!c.numbers.empty() && !llvm::is_contained(c.numbers, int64_t(integer.getWidth()))) return false;
  return llvm::StringSwitch<bool>(c.text).Case("signless", integer.isSignless()).Case("signed", integer.isSigned())
      .Case("unsigned", integer.isUnsigned()).Default(true);
}
std::string textOf(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}
/// `text` is dialect.name of a dynamic definition; children constrain its parameters, by position, null for any.
template <typename Value> bool isDynamic(const Constraint &c, StringRef dialect, StringRef name, ArrayRef<Attribute> params) {
  auto [wantedDialect, wantedName] = StringRef(c.text).split('.');
  if (dialect != wantedDialect || name != wantedName) return false;
  for (auto [i, child] : llvm::enumerate(c.children))
    if (child && (i >= params.size() || !satisfies(*child, params[i]))) return false;
  return true;
}

const llvm::StringMap<TypeCheck> &typeChecks() {
  static const llvm::StringMap<TypeCheck> table = {
      {"any", [](const Constraint &, Type) { return true; }},
      {"integer", isInteger},
      {"index", [](const Constraint &, Type t) { return isa<IndexType>(t); }},
      {"none", [](const Constraint &, Type t) { return isa<NoneType>(t); }},
      {"function", [](const Constraint &, Type t) { return isa<FunctionType>(t); }},
      {"float", [](const Constraint &c, Type t) { // names: spellings, or none
         return isa<FloatType>(t) && (c.names.empty() || llvm::is_contained(c.names, textOf(t))); }},
      {"complex", [](const Constraint &c, Type t) {
         auto x = dyn_cast<ComplexType>(t);
         return x && (c.children.empty() || satisfies(*c.children[0], x.getElementType())); }},
      {"shaped", [](const Constraint &c, Type t) { // names: tensor, memref, vector; child: element type; numbers: ranks
         auto shaped = dyn_cast<ShapedType>(t);
         if (!shaped) return false;
         StringRef kind = isa<TensorType>(t) ? "tensor" : isa<BaseMemRefType>(t) ? "memref" : isa<VectorType>(t) ? "vector" : "";
         if (!c.names.empty() && !llvm::is_contained(c.names, kind.str())) return false;
         if (!c.numbers.empty() && (!shaped.hasRank() || !llvm::is_contained(c.numbers, shaped.getRank()))) return false;
         return c.children.empty() || satisfies(*c.children[0], shaped.getElementType()); }},
      {"tuple", [](const Constraint &, Type t) { return isa<TupleType>(t); }},
      {"exact", [](const Constraint &c, Type t) { return textOf(t) == c.text; }},
      {"dialect", [](const Constraint &c, Type t) { return t.getDialect().getNamespace() == c.text; }},
      {"dynamic", [](const Constraint &c, Type t) {
         auto type = dyn_cast<DynamicType>(t);
         return type && isDynamic<Type>(c, type.getDialect().getNamespace(), type.getTypeDef()->getName(), type.getParams()); }},
      {"any_of", [](const Constraint &c, Type t) { return llvm::any_of(c.children, [&](auto &x) { return satisfies(*x, t); }); }},
      {"all_of", [](const Constraint &c, Type t) { return llvm::all_of(c.children, [&](auto &x) { return satisfies(*x, t); }); }},
      {"not", [](const Constraint &c, Type t) { return !satisfies(*c.children[0], t); }},
  };
  return table;
}

template <typename DenseArray> bool isDense(const Constraint &c, Attribute a) {
  auto array = dyn_cast<DenseArray>(a);
  if (!array) return false;
  if (c.numbers.empty()) return true;
  return array.size() == c.numbers[0]; // a fixed number of elements
}
bool withinBounds(const Constraint &c, IntegerAttr integer) { // names say which of numbers are bounds: "min", "max"
  APSInt value(integer.getValue(), integer.getType().isUnsignedInteger());
  for (auto [name, number] : llvm::zip_equal(c.names, c.numbers)) {
    int order = APSInt::compareValues(value, APSInt::get(number));
    if (name == "min" ? order < 0 : order > 0) return false;
  }
  return true;
}
/// A string without a type. The ones below are printed bare, and so must be what would be read again.
StringAttr asString(Attribute a) {
  auto string = dyn_cast<StringAttr>(a);
  return string && isa<NoneType>(string.getType()) ? string : StringAttr();
}
bool isLabel(Attribute a) {
  StringAttr string = asString(a);
  if (!string) return false;
  auto [word, index] = string.getValue().split(':');
  bool isWord = !word.empty() && (llvm::isAlpha(word[0]) || word[0] == '_') && llvm::all_of(word, [](char c) { return llvm::isAlnum(c) || c == '_' || c == '$' || c == '.'; });
  uint64_t number;
  return isWord && (index.empty() ? !string.getValue().contains(':') : !index.getAsInteger(10, number) && std::to_string(number) == index);
}
bool isDim(Attribute a) {
  if (auto integer = dyn_cast<IntegerAttr>(a)) return integer.getType().isSignlessInteger(64) && integer.getInt() >= 0;
  StringAttr string = asString(a);
  if (!string) return false;
  std::string error;
  auto dim = Dim::parse(string.str(), error);
  return dim && !dim->asConstant() && dim->str() == string.getValue(); // in normal form, so that equal ones are one
}

const llvm::StringMap<AttrCheck> &attrChecks() {
  static const llvm::StringMap<AttrCheck> table = {
      {"any", [](const Constraint &, Attribute) { return true; }},
      {"bool", [](const Constraint &, Attribute a) { return isa<BoolAttr>(a); }},
      {"integer", [](const Constraint &c, Attribute a) { // child: its type
         auto i = dyn_cast<IntegerAttr>(a);
         return i && satisfies(*c.children[0], i.getType()) && (c.numbers.empty() || withinBounds(c, i)); }},
      {"float", [](const Constraint &c, Attribute a) {
         auto f = dyn_cast<FloatAttr>(a);
         return f && satisfies(*c.children[0], f.getType()); }},
      {"string", [](const Constraint &, Attribute a) { return bool(asString(a)); }},
      {"label", [](const Constraint &, Attribute a) { return isLabel(a); }}, // `cpu`, `gpu:0`
      {"symbol_name", [](const Constraint &, Attribute a) { return asString(a) && !asString(a).empty(); }},
      {"enum", [](const Constraint &c, Attribute a) {
         StringAttr s = asString(a);
         return s && llvm::is_contained(c.names, s.getValue().str()); }},
      {"unit", [](const Constraint &, Attribute a) { return isa<UnitAttr>(a); }},
      {"type", [](const Constraint &c, Attribute a) { // child: which types
         auto t = dyn_cast<TypeAttr>(a);
         return t && (c.children.empty() || satisfies(*c.children[0], t.getValue())); }},
      {"typed", [](const Constraint &, Attribute a) { return isa<TypedAttr>(a); }},
      {"elements", [](const Constraint &c, Attribute a) {
         auto e = dyn_cast<ElementsAttr>(a);
         return e && (c.children.empty() || satisfies(*c.children[0], e.getElementType())); }},
      {"dense_i8_array", isDense<DenseI8ArrayAttr>},
      {"dense_i16_array", isDense<DenseI16ArrayAttr>},
      {"dense_i32_array", isDense<DenseI32ArrayAttr>},
      {"dense_i64_array", isDense<DenseI64ArrayAttr>},
      {"dense_f32_array", isDense<DenseF32ArrayAttr>},
      {"dense_f64_array", isDense<DenseF64ArrayAttr>},
      {"dense_bool_array", isDense<DenseBoolArrayAttr>},
      {"array", [](const Constraint &c, Attribute a) { // child: each element
         auto array = dyn_cast<ArrayAttr>(a);
         return array && (c.children.empty() || llvm::all_of(array, [&](Attribute x) { return satisfies(*c.children[0], x); })); }},
      {"dictionary", [](const Constraint &, Attribute a) { return isa<DictionaryAttr>(a); }},
      {"symbol_ref", [](const Constraint &, Attribute a) { return isa<SymbolRefAttr>(a); }},
      {"flat_symbol_ref", [](const Constraint &, Attribute a) { return isa<FlatSymbolRefAttr>(a); }},
      {"affine_map", [](const Constraint &, Attribute a) { return isa<AffineMapAttr>(a); }},
      {"location", [](const Constraint &, Attribute a) { return isa<LocationAttr>(a); }},
      {"dims", [](const Constraint &, Attribute a) {
         auto array = dyn_cast<ArrayAttr>(a);
         return array && llvm::all_of(array, isDim); }},
      {"dynamic", [](const Constraint &c, Attribute a) {
         auto attr = dyn_cast<DynamicAttr>(a);
         return attr && isDynamic<Attribute>(c, attr.getDialect().getNamespace(), attr.getAttrDef()->getName(), attr.getParams()); }},
      {"any_of", [](const Constraint &c, Attribute a) { return llvm::any_of(c.children, [&](auto &x) { return satisfies(*x, a); }); }},
      {"all_of", [](const Constraint &c, Attribute a) { return llvm::all_of(c.children, [&](auto &x) { return satisfies(*x, a); }); }},
      {"not", [](const Constraint &c, Attribute a) { return !satisfies(*c.children[0], a); }},
      {"absent", [](const Constraint &, Attribute a) { return isa<UnitAttr>(a); }}, // an optional parameter that is not there
  };
  return table;
}
} // namespace

bool mograph::kit::isKnownKind(const std::string &kind, bool ofTypes) { return ofTypes ? typeChecks().count(kind) : attrChecks().count(kind); }

bool mograph::kit::satisfies(const Constraint &c, Type type) {
  auto check = typeChecks().find(c.kind);
  return check != typeChecks().end() && type && check->second(c, type);
}
bool mograph::kit::satisfies(const Constraint &c, Attribute attribute) {
  auto check = attrChecks().find(c.kind);
  return check != attrChecks().end() && attribute && check->second(c, attribute);
}

bool mograph::kit::isBuildable(const Constraint &c) {
  return c.kind == "exact" || c.kind == "index" || c.kind == "none" || (c.kind == "integer" && c.numbers.size() == 1 && !c.text.empty()) ||
         (c.kind == "float" && c.names.size() == 1) || (c.kind == "dynamic" && c.names.empty() && c.children.empty()); // names: parameters
}
Type mograph::kit::buildableType(const Constraint &c, MLIRContext *context) {
  if (!isBuildable(c)) return {};
  if (c.kind == "exact") return parseType(c.text, context);
  if (c.kind == "index") return IndexType::get(context);
  if (c.kind == "none") return NoneType::get(context);
  if (c.kind == "integer")
    return IntegerType::get(context, c.numbers[0], c.text == "signed"     ? IntegerType::Signed
                                                   : c.text == "unsigned" ? IntegerType::Unsigned
                                                                          : IntegerType::Signless);
  return parseType(c.kind == "float" ? c.names[0] : "!" + c.text, context);
}
Type mograph::kit::attributeType(const Constraint &c, MLIRContext *context) {
  if ((c.kind == "integer" || c.kind == "float") && c.children.size() == 1) return buildableType(*c.children[0], context);
  return {};
}
