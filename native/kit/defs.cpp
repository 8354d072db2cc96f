// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Types and attributes declared in Python: parsing, printing and verification of their parameters. A parameter is an attribute;
// an optional one that is absent is the unit attribute.
#include "kit/attr_text.h"
#include "kit/constraints.h"
#include "kit/dialect.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace mograph::kit;

namespace {
/// A format's elements without the brackets around them.
ArrayRef<Element> body(const DefSpec &spec, bool nested) {
  ArrayRef<Element> elements = spec.format;
  auto is = [](const Element &e, StringRef text) { return e.kind == Element::Literal && e.text == text; };
  if (nested && elements.size() >= 2 && is(elements.front(), "<") && is(elements.back(), ">")) return elements.drop_front().drop_back();
  return elements;
}
bool isAbsent(const Def &def, unsigned i, Attribute value) {
  return value == def.defaults[i] || (def.spec->parameters[i].optional && isa<UnitAttr>(value));
}

/// A literal or a parameter, if it is there.
OptionalParseResult parseHead(AsmParser &p, const DefSpec &spec, const Element &e, MutableArrayRef<Attribute> out) {
  if (e.kind == Element::Literal) return parseOptionalLiteral(p, e.text) ? OptionalParseResult(success()) : std::nullopt;
  return parseAttr(p, *spec.parameters[e.index].constraint, out[e.index], /*optional=*/true);
}
ParseResult parseElements(AsmParser &p, const DefSpec &spec, ArrayRef<Element> elements, MutableArrayRef<Attribute> out) {
  for (const Element &e : elements) {
    switch (e.kind) {
    case Element::Literal:
      if (parseLiteral(p, e.text)) return failure();
      break;
    case Element::Attr: {
      OptionalParseResult result = parseAttr(p, *spec.parameters[e.index].constraint, out[e.index]);
      if (failed(*result)) return failure();
      break;
    }
    case Element::Group: {
      auto head = llvm::find_if(e.children, [](const Element &c) { return c.kind != Element::Space; });
      ArrayRef<Element> rest = ArrayRef(e.children).drop_front(head - e.children.begin() + 1);
      OptionalParseResult present = parseHead(p, spec, *head, out);
      if (present.has_value() && failed(*present)) return failure();
      if (parseElements(p, spec, present.has_value() ? rest : ArrayRef(e.otherwise), out)) return failure();
      break;
    }
    default: break;                                    // spaces
    }
  }
  return success();
}
void printElements(AsmPrinter &p, const Def &def, ArrayRef<Element> elements, ArrayRef<Attribute> parameters, Spacing &spacing) {
  const DefSpec &spec = *def.spec;
  for (const Element &e : elements) {
    switch (e.kind) {
    case Element::Literal: printLiteral(p, e.text, spacing); break;
    case Element::Space:
      p << e.text;
      spacing = {false, true};
      break;
    case Element::Attr:
      printSpace(p, spacing);
      printAttr(p, *spec.parameters[e.index].constraint, parameters[e.index]);
      break;
    case Element::Group: {
      int anchor = e.children[e.anchor].index;
      bool present = anchor < 0 || !isAbsent(def, anchor, parameters[anchor]);
      printElements(p, def, present ? e.children : e.otherwise, parameters, spacing);
      break;
    }
    default: break;
    }
  }
}
} // namespace

/// Those that the text left out.
static ParseResult fillIn(AsmParser &p, const Def &def, SmallVectorImpl<Attribute> &out) {
  const DefSpec &spec = *def.spec;
  for (auto [field, value, defaultValue] : llvm::zip_equal(spec.parameters, out, def.defaults)) {
    if (!value) value = defaultValue;
    if (!value && field.optional) value = UnitAttr::get(p.getContext());
    if (!value) return p.emitError(p.getCurrentLocation()) << "parameter '" << field.name << "' is missing";
  }
  return success();
}
ParseResult mograph::kit::parseParameters(AsmParser &p, const Def &def, SmallVectorImpl<Attribute> &out) {
  out.assign(def.spec->parameters.size(), Attribute());
  return failure(failed(parseElements(p, *def.spec, def.spec->format, out)) || failed(fillIn(p, def, out)));
}
OptionalParseResult mograph::kit::parseOptionalParameters(AsmParser &p, const Def &def, SmallVectorImpl<Attribute> &out, bool optional) {
  out.assign(def.spec->parameters.size(), Attribute());
  ArrayRef<Element> elements = body(*def.spec, /*nested=*/true).drop_while([](const Element &e) { return e.kind == Element::Space; });
  if (optional && !elements.empty() && elements.front().kind != Element::Group) {
    OptionalParseResult head = parseHead(p, *def.spec, elements.front(), out);
    if (!head.has_value() || failed(*head)) return head;
    elements = elements.drop_front();
  }
  return ParseResult(failure(failed(parseElements(p, *def.spec, elements, out)) || failed(fillIn(p, def, out))));
}
void mograph::kit::printParameters(AsmPrinter &p, const Def &def, ArrayRef<Attribute> parameters, bool nested) {
  Spacing spacing{/*space=*/false, /*punctuation=*/true};
  printElements(p, def, body(*def.spec, nested), parameters, spacing);
}

LogicalResult mograph::kit::verifyParameters(const DefSpec &spec, StringRef dialect, ArrayRef<Attribute> parameters,
                                             function_ref<InFlightDiagnostic()> emit) {
  if (parameters.size() != spec.parameters.size())
    return emit() << "'" << dialect << "." << spec.name << "' has " << spec.parameters.size() << " parameters, got " << parameters.size();
  for (auto [field, value] : llvm::zip_equal(spec.parameters, parameters)) {
    if (field.optional && value && isa<UnitAttr>(value)) continue;
    if (!value || !satisfies(*field.constraint, value)) {
      InFlightDiagnostic diag = emit() << "'" << dialect << "." << spec.name << "' parameter '" << field.name << "' must be " << field.constraint->summary << ", got ";
      if (auto type = dyn_cast_or_null<TypeAttr>(value)) return diag << type.getValue();
      return diag << value;
    }
  }
  return success();
}

RankedTensorType mograph::kit::asBuiltinTensor(Type type) {
  auto dynamic = dyn_cast<DynamicType>(type);
  if (!dynamic) return {};
  const Def *def = findTypeDef(type.getContext(), dynamic.getDialect().getNamespace(), dynamic.getTypeDef()->getName());
  if (!def || !def->spec->shaped) return {};
  auto [shape, element] = *def->spec->shaped;
  SmallVector<int64_t> extents;
  for (Attribute dim : cast<ArrayAttr>(dynamic.getParams()[shape])) {
    auto extent = dyn_cast<IntegerAttr>(dim);
    if (!extent) return {};
    extents.push_back(extent.getInt());
  }
  Type elementType = cast<TypeAttr>(dynamic.getParams()[element]).getValue();
  return TensorType::isValidElementType(elementType) ? RankedTensorType::get(extents, elementType) : RankedTensorType();
}

const Def *mograph::kit::findTypeDef(MLIRContext *context, StringRef dialect, StringRef name) {
  const RuntimeDialect *runtime = RuntimeDialect::from(context->getLoadedDialect(dialect));
  return runtime ? runtime->typeDef(name) : nullptr;
}
const Def *mograph::kit::findAttrDef(MLIRContext *context, StringRef dialect, StringRef name) {
  const RuntimeDialect *runtime = RuntimeDialect::from(context->getLoadedDialect(dialect));
  return runtime ? runtime->attrDef(name) : nullptr;
}
