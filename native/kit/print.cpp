// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Prints an op by its assembly format: the inverse of assembly.cpp.
#include "kit/assembly.h"
#include "kit/attr_text.h"
#include "kit/directives.h"
#include "kit/op.h"

using namespace mlir;
using namespace mograph::kit;

namespace {
class Printer {
public:
  Printer(const RuntimeOp &runtime, Operation *op, OpAsmPrinter &p) : runtime(runtime), spec(runtime.spec()), op(op), p(p) {
    collect(spec.format);
    auto elide = [&](StringRef name) { elided.push_back(name); };
    for (auto [i, field] : llvm::enumerate(spec.attributes)) {
      bool segments = (field.name == "operandSegmentSizes" && !flatOperands) || (field.name == "resultSegmentSizes" && !flatResults);
      if (llvm::is_contained(printed, int(i)) || segments || (runtime.defaultAttr(i) && attr(i) == runtime.defaultAttr(i))) elide(field.name);
    }
  }
  void print(ArrayRef<Element> elements) {
    for (const Element &e : elements) print(e);
  }

private:
  /// Which attributes the format writes outside attr-dict, for this op: a group that is not there leaves its attributes to attr-dict.
  void collect(ArrayRef<Element> elements) {
    for (const Element &e : elements) {
      if (e.kind == Element::Attr) printed.push_back(e.index);
      flatOperands |= e.kind == Element::Operands;
      for (const Element &child : e.children) flatResults |= child.kind == Element::Results;
      switch (e.kind) {
      case Element::TypeOf: case Element::FunctionalType: case Element::Ref: break;
      case Element::Group: collect(isPresent(e.children[e.anchor]) ? e.children : e.otherwise); break;
      case Element::OneOf:
        for (const Element &clause : e.children)
          if (isPresent(clause)) collect(clause.children);
        break;
      default: collect(e.children);
      }
    }
  }
  Attribute attr(unsigned i) const { return runtime.dictionary(op).get(runtime.attrNames()[i]); }
  OperandRange operandsAt(unsigned i) const {
    auto [start, size] = runtime.operandGroup(op, i);
    return op->getOperands().slice(start, size);
  }
  ResultRange resultsAt(unsigned i) const {
    auto [start, size] = runtime.resultGroup(op, i);
    return op->getResults().slice(start, size);
  }
  bool isPresent(const Element &e) const {
    switch (e.kind) {
    case Element::Operand: return !operandsAt(e.index).empty();
    case Element::Result: return !resultsAt(e.index).empty();
    case Element::Attr: return attr(e.index) && attr(e.index) != runtime.defaultAttr(e.index);
    case Element::Region: {
      auto [start, size] = runtime.regionGroup(op, e.index);
      return size && (spec.regions[e.index].arity == Arity::Variadic || !op->getRegion(start).empty());
    }
    case Element::Successor: return runtime.successorGroup(op, e.index).second;
    case Element::Operands: return op->getNumOperands();
    case Element::Results: return op->getNumResults();
    case Element::TypeOf: case Element::Qualified: case Element::Custom: case Element::Group: return llvm::any_of(e.children, [&](const Element &c) { return isPresent(c); });
    default: return false;
    }
  }
  void printTypes(const Element &child) {
    switch (child.kind) {
    case Element::Operand: llvm::interleaveComma(operandsAt(child.index).getTypes(), p); break;
    case Element::Result: llvm::interleaveComma(resultsAt(child.index).getTypes(), p); break;
    case Element::Operands: llvm::interleaveComma(op->getOperandTypes(), p); break;
    default: llvm::interleaveComma(op->getResultTypes(), p); break;
    }
  }
  SmallVector<Type> typesOf(const Element &child) {
    switch (child.kind) {
    case Element::Operand: return SmallVector<Type>(operandsAt(child.index).getTypes());
    case Element::Result: return SmallVector<Type>(resultsAt(child.index).getTypes());
    case Element::Operands: return SmallVector<Type>(op->getOperandTypes());
    default: return SmallVector<Type>(op->getResultTypes());
    }
  }
  void printRegions(unsigned start, unsigned size) {
    bool implicit = spec.hasTrait("SingleBlockImplicitTerminator");
    for (unsigned i = start; i < start + size; ++i) {
      if (i > start) p << ", ";
      Region &region = op->getRegion(i);
      bool printTerminator = !implicit || (!region.empty() && !region.front().empty() &&
                                           (region.front().back().getNumOperands() || !region.front().back().getDiscardableAttrs().empty()));
      p.printRegion(region, /*printEntryBlockArgs=*/true, printTerminator, /*printEmptyBlock=*/false);
    }
  }
  void print(const Element &e) {
    switch (e.kind) {
    case Element::Literal: printLiteral(p, e.text, spacing); break;
    case Element::Space:
      if (e.text == "\n") p.printNewline();
      else p << e.text;
      spacing = {false, true};
      break;
    case Element::Operand: {
      OperandRange group = operandsAt(e.index);
      if (group.empty()) break;
      printSpace(p, spacing);
      p << group;
      break;
    }
    case Element::Attr:
      if (!attr(e.index) || spec.attributes[e.index].constraint->kind == "unit") break;
      printSpace(p, spacing);
      printAttr(p, *spec.attributes[e.index].constraint, attr(e.index));
      break;
    case Element::Qualified:
      if (e.children[0].kind != Element::Attr) { print(e.children[0]); break; }
      if (!attr(e.children[0].index)) break;
      printSpace(p, spacing);
      p << attr(e.children[0].index);
      break;
    case Element::Region: {
      auto [start, size] = runtime.regionGroup(op, e.index);
      if (!size) break;
      printSpace(p, spacing);
      printRegions(start, size);
      break;
    }
    case Element::Successor: {
      auto [start, size] = runtime.successorGroup(op, e.index);
      if (!size) break;
      printSpace(p, spacing);
      for (unsigned i = start; i < start + size; ++i) {
        if (i > start) p << ", ";
        p.printSuccessor(op->getSuccessor(i));
      }
      break;
    }
    case Element::AttrDict: p.printOptionalAttrDict(op->getAttrs(), elided); spacing = {}; break;
    case Element::AttrDictWithKeyword: p.printOptionalAttrDictWithKeyword(op->getAttrs(), elided); spacing = {}; break;
    case Element::PropDict: {
      SmallVector<NamedAttribute> own;
      for (NamedAttribute a : runtime.dictionary(op)) if (!llvm::is_contained(elided, a.getName().getValue())) own.push_back(a);
      for (NamedAttribute a : own) elided.push_back(a.getName().getValue());
      if (own.empty()) break;
      p << " <" << DictionaryAttr::get(op->getContext(), own) << ">";
      spacing = {};
      break;
    }
    case Element::TypeOf:
      if (!isPresent(e)) break;
      printSpace(p, spacing);
      printTypes(e.children[0]);
      break;
    case Element::FunctionalType: {
      printSpace(p, spacing);
      SmallVector<Type> inputs = typesOf(e.children[0]), outputs = typesOf(e.children[1]);
      p.printFunctionalType(inputs, outputs);
      break;
    }
    case Element::Operands:
      if (!op->getNumOperands()) break;
      printSpace(p, spacing);
      p << op->getOperands();
      break;
    case Element::Regions:
      for (unsigned i = 0; i < op->getNumRegions(); ++i) { printSpace(p, spacing); printRegions(i, 1); }
      break;
    case Element::Successors:
      if (!op->getNumSuccessors()) break;
      printSpace(p, spacing);
      llvm::interleaveComma(op->getSuccessors(), p, [&](Block *b) { p.printSuccessor(b); });
      break;
    case Element::Group:
      print(isPresent(e.children[e.anchor]) ? e.children : e.otherwise);
      break;
    case Element::OneOf:
      for (const Element &clause : e.children)
        if (isPresent(clause)) print(clause.children);
      break;
    case Element::Custom:
      printSpace(p, spacing);
      printDirective(e, runtime, op, p);
      break;
    case Element::Ref: case Element::Text: case Element::Result: case Element::Results: break;
    }
  }

  const RuntimeOp &runtime;
  const OpSpec &spec;
  Operation *op;
  OpAsmPrinter &p;
  Spacing spacing;
  SmallVector<int> printed;
  SmallVector<StringRef> elided;
  bool flatOperands = false, flatResults = false;
};
} // namespace

void mograph::kit::printOp(const RuntimeOp &runtime, Operation *op, OpAsmPrinter &p) {
  if (runtime.spec().function) return printFunction(op, p);
  Printer(runtime, op, p).print(runtime.spec().format);
}
