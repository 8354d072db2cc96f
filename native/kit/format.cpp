// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kit/format.h"
#include "kit/spec.h"
#include <algorithm>
#include <cctype>
#include <functional>
#include <set>

using namespace mograph::kit;

namespace {
/// What a `$name` may refer to.
struct Names {
  const std::vector<Field> *operands = nullptr, *results = nullptr, *regions = nullptr, *successors = nullptr;
  const std::vector<AttrField> *attributes = nullptr;
  bool isOp = true;
};

template <typename Fields> int indexOf(const Fields *fields, const std::string &name) {
  if (fields)
    for (size_t i = 0; i < fields->size(); ++i)
      if ((*fields)[i].name == name) return int(i);
  return -1;
}

struct FormatParser {
  const std::string &text;
  const Names &names;
  std::string &error;
  size_t at = 0;
  std::multiset<std::pair<int, int>> seen;             // (kind, index) of the variables bound so far

  bool fail(const std::string &message) {
    error = message + " at column " + std::to_string(at + 1) + " of the assembly format";
    return false;
  }
  void skip() { while (at < text.size() && std::isspace((unsigned char)text[at])) ++at; }
  bool peek(char c) { skip(); return at < text.size() && text[at] == c; }
  bool take(char c) { if (!peek(c)) return false; ++at; return true; }
  bool expect(char c) { return take(c) || fail(std::string("expected '") + c + "'"); }
  std::string word() {
    skip();
    size_t start = at;
    while (at < text.size() && (std::isalnum((unsigned char)text[at]) || text[at] == '_' || text[at] == '-')) ++at;
    return text.substr(start, at - start);
  }

  bool literal(std::vector<Element> &out) {            // after the opening backquote
    size_t end = text.find('`', at);
    if (end == std::string::npos) return fail("unterminated literal");
    std::string body = text.substr(at, end - at);
    if (body.empty() || std::all_of(body.begin(), body.end(), [](char c) { return std::isspace((unsigned char)c); }) || body == "\\n") {
      out.push_back({Element::Space, body == "\\n" ? "\n" : body});
    } else {
      static const std::set<std::string> punctuation = {"->", "...", ":", ",", "=", "<", ">", "(", ")", "{", "}", "[", "]", "?", "+", "*", "-", "|", "/"};
      bool keyword = std::isalpha((unsigned char)body[0]) || body[0] == '_';
      for (char c : body) keyword &= std::isalnum((unsigned char)c) || c == '_' || c == '$' || c == '.';
      if (!keyword && !punctuation.count(body)) return fail("literal '" + body + "' is neither a keyword nor punctuation");
      out.push_back({Element::Literal, body});
    }
    at = end + 1;
    return true;
  }
  bool variable(std::vector<Element> &out, bool reference) { // after the `$`
    std::string name = word();
    auto found = [&](Element::Kind kind, int index) {
      // A region, an attribute, an operand may be parsed once only; inside type(...) and ref(...) they are named again.
      if (!reference) {
        if (seen.count({kind, index})) return fail("'$" + name + "' is bound twice");
        seen.insert({kind, index});
      }
      out.push_back({kind, name, index});
      return true;
    };
    if (int i = indexOf(names.operands, name); i >= 0) return found(Element::Operand, i);
    if (int i = indexOf(names.attributes, name); i >= 0) return found(Element::Attr, i);
    if (int i = indexOf(names.regions, name); i >= 0) return found(Element::Region, i);
    if (int i = indexOf(names.successors, name); i >= 0) return found(Element::Successor, i);
    if (int i = indexOf(names.results, name); i >= 0) {
      if (!reference) return fail("result '$" + name + "' may only stand inside type(...)");
      out.push_back({Element::Result, name, i});
      return true;
    }
    return fail("unknown field '$" + name + "'");
  }
  /// An argument of type(...), functional-type(...), ref(...) or a custom directive.
  bool argument(std::vector<Element> &out, bool reference) {
    skip();
    if (take('$')) return variable(out, reference);
    if (take('"')) {
      size_t end = text.find('"', at);
      if (end == std::string::npos) return fail("unterminated string");
      out.push_back({Element::Text, text.substr(at, end - at)});
      at = end + 1;
      return true;
    }
    std::string name = word();
    return directive(name, out, reference);
  }
  bool arguments(std::vector<Element> &out, size_t count, bool reference) {
    if (!expect('(')) return false;
    while (!peek(')')) {
      if (!argument(out, reference)) return false;
      if (!take(',')) break;
    }
    if (count && out.size() != count) return fail("expected " + std::to_string(count) + " argument(s)");
    return expect(')');
  }
  bool directive(const std::string &name, std::vector<Element> &out, bool reference) {
    static const std::map<std::string, Element::Kind> plain = {
        {"attr-dict", Element::AttrDict}, {"attr-dict-with-keyword", Element::AttrDictWithKeyword}, {"prop-dict", Element::PropDict},
        {"operands", Element::Operands}, {"results", Element::Results}, {"regions", Element::Regions}, {"successors", Element::Successors}};
    if (!names.isOp && !name.empty()) return fail("'" + name + "' has no meaning for a type or an attribute");
    if (auto it = plain.find(name); it != plain.end()) {
      out.push_back({it->second, name});
      return true;
    }
    Element element{Element::Custom, name};
    if (name == "type") element.kind = Element::TypeOf;
    else if (name == "functional-type") element.kind = Element::FunctionalType;
    else if (name == "ref") element.kind = Element::Ref;
    else if (name == "qualified") element.kind = Element::Qualified;
    else if (name == "oilist") return oneOf(out);
    else if (name == "custom") {
      if (!expect('<')) return false;
      element.text = word();
      if (element.text.empty()) return fail("expected the name of a custom directive");
      if (!expect('>')) return false;
    } else return fail(name.empty() ? "expected a directive, a literal or a '$' variable" : "unknown directive '" + name + "'");
    size_t count = element.kind == Element::FunctionalType ? 2 : element.kind == Element::Custom ? 0 : 1;
    bool inner = reference || element.kind == Element::TypeOf || element.kind == Element::FunctionalType || element.kind == Element::Ref;
    if (!arguments(element.children, count, inner)) return false;
    if (element.kind == Element::TypeOf || element.kind == Element::FunctionalType)
      for (const Element &child : element.children)
        if (child.kind != Element::Operand && child.kind != Element::Result && child.kind != Element::Operands && child.kind != Element::Results)
          return fail("'" + name + "' takes operands and results");
    out.push_back(std::move(element));
    return true;
  }
  bool oneOf(std::vector<Element> &out) {
    Element element{Element::OneOf, "oilist"};
    if (!expect('(')) return false;
    do {
      Element clause{Element::Group, ""};
      while (!peek('|') && !peek(')'))
        if (!item(clause.children)) return false;
      if (clause.children.empty() || clause.children[0].kind != Element::Literal) return fail("each clause of an oilist starts with a literal");
      element.children.push_back(std::move(clause));
    } while (take('|'));
    out.push_back(std::move(element));
    return expect(')');
  }
  bool sequence(std::vector<Element> &out, int *anchor) { // up to ')'
    while (!peek(')')) {
      if (at >= text.size()) return fail("expected ')'");
      if (!item(out)) return false;
      if (take('^')) {
        if (!anchor || *anchor >= 0) return fail("an optional group has exactly one anchor '^'");
        *anchor = int(out.size()) - 1;
      }
    }
    ++at;
    return true;
  }
  bool group(std::vector<Element> &out) {              // after '('
    Element element{Element::Group, ""};
    if (!sequence(element.children, &element.anchor)) return false;
    if (take(':')) {
      if (!expect('(')) return false;
      if (!sequence(element.otherwise, nullptr)) return false;
    }
    if (!expect('?')) return false;
    if (element.anchor < 0) return fail("an optional group needs an anchor '^'");
    const auto head = std::find_if(element.children.begin(), element.children.end(), [](const Element &e) { return e.kind != Element::Space; });
    switch (head->kind) { // what tells the parser that the group is there
    case Element::Literal: case Element::Operand: case Element::Attr: case Element::Region: case Element::Successor: break;
    default: return fail("an optional group starts with a literal, an attribute, an operand, a successor or a region");
    }
    out.push_back(std::move(element));
    return true;
  }
  bool item(std::vector<Element> &out) {
    if (take('`')) return literal(out);
    if (take('$')) return variable(out, false);
    if (take('(')) return group(out);
    std::string name = word();
    return directive(name, out, false);
  }
  bool run(std::vector<Element> &out) {
    for (skip(); at < text.size(); skip())
      if (!item(out)) return false;
    return true;
  }
};

/// What may stand where: an optional group, or a clause of an oilist, must tell by itself whether it is there, and hold nothing that
/// is always needed.
struct Placement {
  const Names &names;
  std::string &error;
  int dicts = 0;

  bool fail(const std::string &message) { return error = message, false; }
  bool isUnit(const Element &e) const { return e.kind == Element::Attr && (*names.attributes)[e.index].constraint->kind == "unit"; }
  bool isOptional(const Element &e) const {
    auto open = [&](const std::vector<Field> *fields) { return (*fields)[e.index].arity != Arity::One; };
    switch (e.kind) {
    case Element::Operand: return open(names.operands);
    case Element::Result: return open(names.results);
    case Element::Successor: return open(names.successors);
    case Element::Attr: return (*names.attributes)[e.index].optional || (*names.attributes)[e.index].defaultText;
    case Element::Region: return open(names.regions) || !(*names.regions)[e.index].singleBlock || (*names.regions)[e.index].mayBeEmpty;
    case Element::TypeOf: case Element::Qualified: return isOptional(e.children[0]);
    case Element::Operands: case Element::Results: case Element::Regions: case Element::Successors: case Element::Custom: return true;
    default: return false;
    }
  }
  bool isField(const Element &e) const { return e.kind == Element::Operand || e.kind == Element::Successor || (e.kind == Element::Attr && !names.isOp); }
  bool within(const std::vector<Element> &elements, int anchor, bool clause) { // a group's or a clause's
    for (size_t i = 0; i < elements.size(); ++i) {
      const Element &e = elements[i];
      if (e.kind == Element::AttrDict || e.kind == Element::AttrDictWithKeyword || e.kind == Element::PropDict) return fail("'" + e.text + "' cannot be optional");
      if (isField(e) && !isOptional(e)) return fail("'$" + e.text + "' is always there, and cannot stand in an optional group");
      if (isUnit(e) && !clause && int(i) != anchor) return fail("unit attribute '$" + e.text + "' must be the anchor of its group");
    }
    return check(elements, true);
  }
  bool check(const std::vector<Element> &elements, bool inner = false) {
    for (const Element &e : elements) {
      dicts += e.kind == Element::AttrDict || e.kind == Element::AttrDictWithKeyword;
      if (dicts > 1) return fail("'" + e.text + "' stands twice");
      if (isUnit(e) && !inner) return fail("unit attribute '$" + e.text + "' must stand in an optional group, after a literal");
      if (e.kind == Element::Qualified && e.children[0].kind != Element::Attr && e.children[0].kind != Element::TypeOf) return fail("'qualified' takes an attribute or a type");
      if (e.kind == Element::Group) {
        const Element &anchor = e.children[e.anchor];
        auto head = std::find_if(e.children.begin(), e.children.end(), [](const Element &c) { return c.kind != Element::Space; });
        if (!isOptional(anchor)) return fail("the anchor '" + anchor.text + "' of an optional group is no field that may be absent");
        if (head->kind != Element::Literal && !isOptional(*head)) return fail("'$" + head->text + "' is always there, and cannot start an optional group");
        if (isUnit(*head)) return fail("an optional group cannot start with the unit attribute '$" + head->text + "', which has no text");
        if (!within(e.children, e.anchor, false) || !within(e.otherwise, -1, false)) return false;
      }
      if (e.kind == Element::OneOf)
        for (const Element &clause : e.children) {
          if (std::none_of(clause.children.begin(), clause.children.end(), [&](const Element &c) { return isOptional(c); }))
            return fail("clause '" + clause.children[0].text + "' of an oilist holds no field that may be absent");
          if (!within(clause.children, -1, true)) return false;
        }
    }
    return true;
  }
};

/// Calls `see` for each element that reads something, wherever it stands: types and references are of what is read elsewhere.
void visit(const std::vector<Element> &elements, const std::function<void(const Element &)> &see) {
  for (const Element &element : elements) {
    see(element);
    if (element.kind != Element::TypeOf && element.kind != Element::FunctionalType && element.kind != Element::Ref) visit(element.children, see);
    visit(element.otherwise, see);
  }
}
} // namespace

bool mograph::kit::parseFormat(const std::string &text, const OpSpec &op, std::vector<Element> &out, std::string &error) {
  Names names{&op.operands, &op.results, &op.regions, &op.successors, &op.attributes, true};
  FormatParser parser{text, names, error};
  if (!parser.run(out) || !Placement{names, error}.check(out)) return false;
  bool dict = false, allOperands = false, allRegions = false, allSuccessors = false;
  std::set<int> operands, regions, successors, attributes;
  visit(out, [&](const Element &e) {
    dict |= e.kind == Element::AttrDict || e.kind == Element::AttrDictWithKeyword || e.kind == Element::PropDict;
    allOperands |= e.kind == Element::Operands;
    allRegions |= e.kind == Element::Regions;
    allSuccessors |= e.kind == Element::Successors;
    if (e.kind == Element::Operand) operands.insert(e.index);
    if (e.kind == Element::Region) regions.insert(e.index);
    if (e.kind == Element::Successor) successors.insert(e.index);
    if (e.kind == Element::Attr) attributes.insert(e.index);
  });
  auto missing = [&](const char *what, const auto &fields, const std::set<int> &have) {
    for (size_t i = 0; i < fields.size(); ++i)
      if (!have.count(int(i))) return error = std::string(what) + " '$" + fields[i].name + "' does not appear in the assembly format", true;
    return false;
  };
  if (op.function) return true;                        // custom<Function>() writes everything
  if (!dict) return error = "the assembly format has no attr-dict", false;
  for (auto [all, some, name] : {std::tuple{allOperands, &operands, "operands"}, {allRegions, &regions, "regions"}, {allSuccessors, &successors, "successors"}})
    if (all && !some->empty()) return error = std::string("the assembly format has both '") + name + "' and single ones of them", false;
  if ((!allOperands && missing("operand", op.operands, operands)) || (!allRegions && missing("region", op.regions, regions)) ||
      (!allSuccessors && missing("successor", op.successors, successors)))
    return false;
  return true;
}

bool mograph::kit::parseFormat(const std::string &text, const DefSpec &def, std::vector<Element> &out, std::string &error) {
  Names names;
  names.attributes = &def.parameters;
  names.isOp = false;
  FormatParser parser{text, names, error};
  if (!parser.run(out) || !Placement{names, error}.check(out)) return false;
  std::set<int> have;
  visit(out, [&](const Element &e) { if (e.kind == Element::Attr) have.insert(e.index); });
  for (size_t i = 0; i < def.parameters.size(); ++i)
    if (!have.count(int(i))) return error = "parameter '$" + def.parameters[i].name + "' does not appear in the assembly format", false;
  return true;
}

std::string mograph::kit::defaultFormat(const OpSpec &op) {
  std::string format;
  if (!op.operands.empty()) format += "operands ";
  if (!op.successors.empty()) format += "`[` successors `]` ";
  format += op.regions.empty() ? "attr-dict " : "";
  bool inferred = op.infer || op.results.empty() || op.hasTrait("SameOperandsAndResultType");
  if (!op.operands.empty()) format += "(`:` type(operands)^)? ";
  if (!inferred) format += "(`->` type(results)^)? ";
  if (!op.regions.empty()) format += "regions attr-dict-with-keyword";
  return format;
}
