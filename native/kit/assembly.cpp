// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kit/assembly.h"
#include "kit/attr_text.h"
#include "kit/constraints.h"
#include "kit/directives.h"
#include "kit/op.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include <numeric>

using namespace mlir;
using namespace mograph::kit;

//===-- What a format leaves open ----------------------------------------------------------------------------------===//

namespace {
/// Calls `see(field kind, index)` for each operand and result whose type the format writes.
void typedFields(ArrayRef<Element> elements, const OpSpec &spec, llvm::function_ref<void(bool isResult, unsigned)> see) {
  for (const Element &e : elements) {
    if (e.kind == Element::TypeOf || e.kind == Element::FunctionalType) {
      for (const Element &child : e.children) {
        if (child.kind == Element::Operand) see(false, child.index);
        if (child.kind == Element::Result) see(true, child.index);
        if (child.kind == Element::Operands)
          for (unsigned i = 0; i < spec.operands.size(); ++i) see(false, i);
        if (child.kind == Element::Results)
          for (unsigned i = 0; i < spec.results.size(); ++i) see(true, i);
      }
      continue;
    }
    typedFields(e.children, spec, see);
    typedFields(e.otherwise, spec, see);
  }
}
} // namespace

bool mograph::kit::typesAreResolvable(const OpSpec &spec, std::string &error) {
  if (spec.function) return true;
  std::vector<std::string> known;
  typedFields(spec.format, spec, [&](bool isResult, unsigned i) { known.push_back((isResult ? spec.results : spec.operands)[i].name); });
  for (const auto *fields : {&spec.operands, &spec.results})
    for (const Field &field : *fields)
      if ((field.arity == Arity::One || fields == &spec.operands) && isBuildable(*field.constraint)) known.push_back(field.name);
  auto sets = sameTypes(spec);
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto &set : sets)
      if (llvm::any_of(set, [&](const std::string &name) { return llvm::is_contained(known, name); }))
        for (const std::string &name : set)
          if (!llvm::is_contained(known, name)) known.push_back(name), changed = true;
  }
  for (const Field &field : spec.operands)
    if (!llvm::is_contained(known, field.name))
      return error = "the type of operand '$" + field.name + "' cannot be known from the assembly format: add type($" + field.name + ")", false;
  if (canInferTypes(spec)) return true;
  for (const Field &field : spec.results)
    if (!llvm::is_contained(known, field.name))
      return error = "the type of result '$" + field.name + "' cannot be known from the assembly format: add type($" + field.name + ") or `infer`", false;
  return true;
}

//===-- Parsing ----------------------------------------------------------------------------------------------------===//

OpAssembly::OpAssembly(const RuntimeOp &op, OpAsmParser &parser, OperationState &state)
    : op(op), spec(op.spec()), p(parser), state(state), operands(spec.operands.size()), operandTypes(spec.operands.size()),
      resultTypes(spec.results.size()), regions(spec.regions.size()), successors(spec.successors.size()) {}

ParseResult OpAssembly::parseTypes(Arity arity, TypeList &out) {
  out.emplace();
  if (arity == Arity::One) return p.parseType(out->emplace_back());
  Type type;
  OptionalParseResult first = p.parseOptionalType(type);
  if (!first.has_value()) return success();
  if (failed(*first)) return failure();
  out->push_back(type);
  if (arity == Arity::Optional) return success();
  while (succeeded(p.parseOptionalComma()))
    if (p.parseType(out->emplace_back())) return failure();
  return success();
}
/// How many of `total` items each field takes: by the attribute where several fields are open.
FailureOr<SmallVector<unsigned>> OpAssembly::groupSizes(const std::vector<Field> &fields, size_t total, const char *segments, const char *what) {
  unsigned open = llvm::count_if(fields, [](const Field &f) { return f.arity != Arity::One; }), fixed = fields.size() - open;
  auto wrong = [&](const Twine &expected) {
    return p.emitError(start) << "expected " << expected << " " << what << ", but found " << total;
  };
  SmallVector<unsigned> sizes;
  if (open <= 1) {
    if (total < fixed || (!open && total != fixed)) return wrong(Twine(fixed) + (open ? " or more" : ""));
    for (const Field &field : fields) sizes.push_back(field.arity == Arity::One ? 1 : total - fixed);
    return sizes;
  }
  auto given = dyn_cast_or_null<DenseI32ArrayAttr>(state.attributes.get(segments));
  if (!given || given.size() != int64_t(fields.size()))
    return p.emitError(start) << "requires attribute '" << segments << "' with " << fields.size() << " elements";
  uint64_t sum = 0;
  for (int32_t size : given.asArrayRef()) sum += sizes.emplace_back(std::max(size, 0));
  if (sum != total) return wrong("'" + Twine(segments) + "' to give " + Twine(sum));
  return sizes;
}
/// Splits what was written for all operands or all results at once.
ParseResult OpAssembly::distribute() {
  if (flatOperands) {
    auto sizes = groupSizes(spec.operands, flatOperands->size(), "operandSegmentSizes", "operands");
    if (failed(sizes)) return failure();
    auto next = flatOperands->begin();
    for (auto [group, size] : llvm::zip_equal(operands, *sizes)) group.assign(next, next + size), next += size;
  }
  auto split = [](const SmallVectorImpl<Type> &types, ArrayRef<unsigned> sizes, std::vector<TypeList> &out) {
    auto next = types.begin();
    for (auto [group, size] : llvm::zip_equal(out, sizes)) group.emplace(next, next + size), next += size;
  };
  if (flatOperandTypes) {
    SmallVector<unsigned> sizes = llvm::map_to_vector(operands, [](const auto &group) { return unsigned(group.size()); });
    size_t needed = std::accumulate(sizes.begin(), sizes.end(), size_t(0));
    if (flatOperandTypes->size() != needed) return p.emitError(start) << needed << " operands present, but " << flatOperandTypes->size() << " types given";
    split(*flatOperandTypes, sizes, operandTypes);
  }
  if (flatResultTypes) {
    auto sizes = groupSizes(spec.results, flatResultTypes->size(), "resultSegmentSizes", "result types");
    if (failed(sizes)) return failure();
    split(*flatResultTypes, *sizes, resultTypes);
  }
  return success();
}
ParseResult OpAssembly::parseTypeOf(const Element &e) {
  const Element &child = e.children[0];
  if (child.kind == Element::Operand) return parseTypes(spec.operands[child.index].arity, operandTypes[child.index]);
  if (child.kind == Element::Result) return parseTypes(spec.results[child.index].arity, resultTypes[child.index]);
  return parseTypes(Arity::Variadic, child.kind == Element::Operands ? flatOperandTypes : flatResultTypes);
}
ParseResult OpAssembly::parseFunctionalType(const Element &e) {
  FunctionType type;
  if (p.parseType(type)) return failure();
  auto listOf = [&](const Element &child) -> TypeList & {
    switch (child.kind) {
    case Element::Operands: return flatOperandTypes;
    case Element::Results: return flatResultTypes;
    case Element::Operand: return operandTypes[child.index];
    default: return resultTypes[child.index];
    }
  };
  listOf(e.children[0]).emplace(type.getInputs());
  listOf(e.children[1]).emplace(type.getResults());
  return success();
}

OptionalParseResult OpAssembly::parseOperand(unsigned index, bool optional) {
  const Field &field = spec.operands[index];
  auto &out = operands[index];
  OpAsmParser::UnresolvedOperand operand;
  if (field.arity == Arity::One && !optional) return p.parseOperand(out.emplace_back());
  OptionalParseResult first = p.parseOptionalOperand(operand);
  if (!first.has_value()) return optional ? first : OptionalParseResult(success());
  if (failed(*first)) return first;
  out.push_back(operand);
  if (field.arity == Arity::Variadic)
    while (succeeded(p.parseOptionalComma()))
      if (p.parseOperand(out.emplace_back())) return ParseResult(failure());
  return ParseResult(success());
}
OptionalParseResult OpAssembly::parseRegionField(unsigned index, bool optional) {
  const Field &field = spec.regions[index];
  auto region = std::make_unique<Region>();
  OptionalParseResult first = p.parseOptionalRegion(*region);
  if (!first.has_value()) {
    if (optional || field.arity != Arity::One) return optional ? first : OptionalParseResult(success());
    return ParseResult(p.emitError(p.getCurrentLocation()) << "expected region '" << field.name << "'");
  }
  if (failed(*first)) return first;
  regions[index].push_back(std::move(region));
  while (field.arity == Arity::Variadic && succeeded(p.parseOptionalComma())) {
    regions[index].push_back(std::make_unique<Region>());
    if (p.parseRegion(*regions[index].back())) return ParseResult(failure());
  }
  return ParseResult(success());
}
OptionalParseResult OpAssembly::parseSuccessorField(unsigned index, bool optional) {
  const Field &field = spec.successors[index];
  Block *block = nullptr;
  OptionalParseResult first = p.parseOptionalSuccessor(block);
  if (!first.has_value()) {
    if (optional || field.arity != Arity::One) return optional ? first : OptionalParseResult(success());
    return ParseResult(p.emitError(p.getCurrentLocation()) << "expected successor '" << field.name << "'");
  }
  if (failed(*first)) return first;
  successors[index].push_back(block);
  while (field.arity == Arity::Variadic && succeeded(p.parseOptionalComma()))
    if (p.parseSuccessor(successors[index].emplace_back())) return ParseResult(failure());
  return ParseResult(success());
}
OptionalParseResult OpAssembly::parseAttrField(unsigned index, bool optional) {
  Attribute value;
  OptionalParseResult result = parseAttr(p, *spec.attributes[index].constraint, value, optional);
  if (result.has_value() && succeeded(*result)) setAttr(index, value);
  return result;
}
void OpAssembly::setAttr(unsigned index, Attribute value) { state.attributes.set(op.attrNames()[index], value); }

OptionalParseResult OpAssembly::parseHead(const Element &e) {
  switch (e.kind) {
  case Element::Literal: return parseOptionalLiteral(p, e.text) ? OptionalParseResult(success()) : std::nullopt;
  case Element::Operand: return parseOperand(e.index, true);
  case Element::Attr: return parseAttrField(e.index, true);
  case Element::Region: return parseRegionField(e.index, true);
  default: return parseSuccessorField(e.index, true);
  }
}
ParseResult OpAssembly::parseGroup(const Element &e) {
  auto head = llvm::find_if(e.children, [](const Element &c) { return c.kind != Element::Space; });
  OptionalParseResult present = parseHead(*head);
  if (!present.has_value()) return parseElements(e.otherwise);
  if (failed(*present)) return failure();
  const Element &anchor = e.children[e.anchor];
  if (anchor.kind == Element::Attr && spec.attributes[anchor.index].constraint->kind == "unit") setAttr(anchor.index, p.getBuilder().getUnitAttr());
  return parseElements(ArrayRef(e.children).drop_front(head - e.children.begin() + 1));
}
ParseResult OpAssembly::parseOneOf(const Element &e) {
  std::vector<bool> seen(e.children.size());
  for (bool again = true; again;) {
    again = false;
    for (auto [i, clause] : llvm::enumerate(e.children)) {
      SMLoc loc = p.getCurrentLocation();
      if (!parseOptionalLiteral(p, clause.children[0].text)) continue;
      if (seen[i]) return p.emitError(loc) << "'" << clause.children[0].text << "' appears more than once";
      seen[i] = again = true;
      for (const Element &child : clause.children)
        if (child.kind == Element::Attr && spec.attributes[child.index].constraint->kind == "unit") setAttr(child.index, p.getBuilder().getUnitAttr());
      if (parseElements(ArrayRef(clause.children).drop_front())) return failure();
    }
  }
  return success();
}

ParseResult OpAssembly::parseElement(const Element &e) {
  auto required = [](OptionalParseResult result) { return result.has_value() ? *result : ParseResult(failure()); };
  switch (e.kind) {
  case Element::Literal: return parseLiteral(p, e.text);
  case Element::Space: case Element::Ref: case Element::Text: return success();
  case Element::Operand: return required(parseOperand(e.index, false));
  case Element::Attr: return required(parseAttrField(e.index, false));
  case Element::Region: return required(parseRegionField(e.index, false));
  case Element::Successor: return required(parseSuccessorField(e.index, false));
  case Element::Qualified: {
    if (e.children[0].kind != Element::Attr) return parseElement(e.children[0]);
    Attribute value;
    if (p.parseAttribute(value)) return failure();
    return setAttr(e.children[0].index, value), success();
  }
  case Element::AttrDict: return p.parseOptionalAttrDict(state.attributes);
  case Element::AttrDictWithKeyword: return p.parseOptionalAttrDictWithKeyword(state.attributes);
  case Element::PropDict: {
    if (failed(p.parseOptionalLess())) return success();
    return failure(failed(p.parseOptionalAttrDict(state.attributes)) || failed(p.parseGreater()));
  }
  case Element::TypeOf: return parseTypeOf(e);
  case Element::FunctionalType: return parseFunctionalType(e);
  case Element::Operands: return p.parseOperandList(flatOperands.emplace());
  case Element::Regions: {
    for (auto [i, field] : llvm::enumerate(spec.regions)) {
      if (field.arity != Arity::Variadic) { if (failed(required(parseRegionField(i, false)))) return failure(); continue; }
      while (true) {
        auto region = std::make_unique<Region>();
        OptionalParseResult result = p.parseOptionalRegion(*region);
        if (!result.has_value()) break;
        if (failed(*result)) return failure();
        regions[i].push_back(std::move(region));
      }
    }
    return success();
  }
  case Element::Successors: {
    for (auto [i, field] : llvm::enumerate(spec.successors)) {
      if (i && failed(p.parseOptionalComma())) break;
      if (failed(required(parseSuccessorField(i, false)))) return failure();
    }
    return success();
  }
  case Element::Group: return parseGroup(e);
  case Element::OneOf: return parseOneOf(e);
  case Element::Custom: return parseDirective(e, *this);
  case Element::Result: case Element::Results: return success(); // inside type(...) only
  }
  return failure();
}
ParseResult OpAssembly::parseElements(ArrayRef<Element> elements) {
  for (const Element &e : elements)
    if (parseElement(e)) return failure();
  return success();
}

/// Fills in the types that the format left open.
void OpAssembly::unify() {
  auto each = [&](auto see) {
    for (auto [i, field] : llvm::enumerate(spec.operands)) see(field, operandTypes[i], operands[i].size());
    for (auto [i, field] : llvm::enumerate(spec.results)) see(field, resultTypes[i], field.arity == Arity::One ? 1 : 0); // 0: how many is not known
  };
  each([&](const Field &field, TypeList &types, size_t count) {
    if (types || !count) return;
    if (Type type = buildableType(*field.constraint, p.getContext())) types.emplace(count, type);
  });
  auto sets = sameTypes(spec);
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto &set : sets) {
      Type common;
      each([&](const Field &field, TypeList &types, size_t) {
        if (!common && types && !types->empty() && llvm::is_contained(set, field.name)) common = types->front();
      });
      if (!common) continue;
      each([&](const Field &field, TypeList &types, size_t count) {
        if (!types && llvm::is_contained(set, field.name)) types.emplace(count, common), changed = true;
      });
    }
  }
}
ParseResult OpAssembly::finish() {
  MLIRContext *context = p.getContext();
  if (distribute()) return failure();
  unify();
  for (auto [i, field] : llvm::enumerate(spec.operands)) {
    if (operands[i].empty()) continue;
    if (!operandTypes[i]) return p.emitError(start) << "the type of operand '" << field.name << "' is not known";
    if (operandTypes[i]->size() != operands[i].size())
      return p.emitError(operands[i].front().location) << "operand group '" << field.name << "' has " << operands[i].size() << " operands, but " << operandTypes[i]->size() << " types";
    if (p.resolveOperands(operands[i], *operandTypes[i], start, state.operands)) return failure();
  }
  for (const Field &field : spec.operands)
    if (field.arity == Arity::One && operands[&field - spec.operands.data()].empty()) return p.emitError(start) << "operand '" << field.name << "' is missing";
  auto setSegments = [&](const char *name, auto sizes) {
    if (llvm::any_of(op.attrNames(), [&](StringAttr a) { return a.getValue() == name; })) state.attributes.set(name, DenseI32ArrayAttr::get(context, sizes));
  };
  setSegments("operandSegmentSizes", SmallVector<int32_t>(llvm::map_range(operands, [](auto &group) { return int32_t(group.size()); })));

  // Inherent attributes become properties in one step; the rest stays.
  NamedAttrList own, others;
  auto isOwn = [&](StringAttr name) { return llvm::is_contained(op.attrNames(), name); };
  bool allResults = true;
  for (auto [i, field] : llvm::enumerate(spec.results)) allResults &= resultTypes[i].has_value() || field.arity != Arity::One;
  if (allResults) setSegments("resultSegmentSizes", SmallVector<int32_t>(llvm::map_range(resultTypes, [](auto &group) { return int32_t(group ? group->size() : 0); })));
  for (NamedAttribute attribute : state.attributes) (isOwn(attribute.getName()) ? own : others).push_back(attribute);
  for (auto [i, name] : llvm::enumerate(op.attrNames()))
    if (Attribute value = op.defaultAttr(i); value && !own.get(name)) own.set(name, value);
  if (!op.attrNames().empty()) {
    state.propertiesAttr = own.getDictionary(context);
    state.attributes = others;
  }

  if (allResults && llvm::all_of(resultTypes, [](auto &t) { return t.has_value(); })) {
    for (auto &types : resultTypes) state.addTypes(*types);
  } else if (op.canInfer()) {
    SmallVector<Type> types;
    SmallVector<Type> inputs = llvm::map_to_vector(state.operands, [](Value v) { return v.getType(); });
    if (failed(const_cast<RuntimeOp &>(op).infer(context, p.getEncodedSourceLoc(start), inputs, own.getDictionary(context), types))) return failure();
    state.addTypes(types);
  } else {
    for (auto &types : resultTypes)
      if (types) state.addTypes(*types);
  }

  for (auto [i, field] : llvm::enumerate(spec.regions)) {
    bool written = !regions[i].empty();
    if (!written && field.arity == Arity::One) regions[i].push_back(std::make_unique<Region>()); // there, but empty
    for (auto &region : regions[i]) {
      if (written || !field.mayBeEmpty) finishRegion(field, *region);
      state.addRegion(std::move(region));
    }
  }
  for (auto &group : successors) state.addSuccessors(group);
  return success();
}
void OpAssembly::finishRegion(const Field &field, Region &region) {
  auto implicit = spec.traits.find("SingleBlockImplicitTerminator");
  if (implicit == spec.traits.end() || implicit->second.empty()) {
    if (region.empty() && field.singleBlock && !field.mayBeEmpty) region.emplaceBlock();
    return;
  }
  OpBuilder builder(p.getContext());
  mlir::impl::ensureRegionTerminator(region, builder, state.location, [&](OpBuilder &, Location loc) {
    return Operation::create(OperationState(loc, implicit->second.front())); // the caller puts it where it belongs
  });
}

ParseResult mograph::kit::parseOp(const RuntimeOp &op, OpAsmParser &parser, OperationState &state) {
  if (op.spec().function) return parseFunction(parser, state);
  OpAssembly assembly(op, parser, state);
  assembly.start = parser.getCurrentLocation();
  if (assembly.parseElements(op.spec().format)) return failure();
  return assembly.finish();
}
