// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The declarative assembly format, with the syntax of ODS: text to a tree of elements. assembly.cpp interprets the tree.
#ifndef MOGRAPH_KIT_FORMAT_H
#define MOGRAPH_KIT_FORMAT_H
#include <string>
#include <vector>

namespace mograph::kit {
struct OpSpec;
struct DefSpec;

struct Element {
  enum Kind {
    Literal,        // text
    Space,          // text: what to print ("" joins, " ", "\n"); parses nothing
    Operand, Result, Attr, Region, Successor, // index; Result only inside type(...)
    AttrDict, AttrDictWithKeyword, PropDict,
    FunctionalType, // children: operands, results
    TypeOf,         // child
    Operands, Results, Regions, Successors,
    Group,          // children, otherwise; anchor: index into children
    OneOf,          // oilist: clauses (each a Group without `?`)
    Custom,         // text: the directive's name; children: its arguments
    Ref,            // child: already parsed elsewhere
    Qualified,      // child
    Text,           // a quoted argument of a custom directive
  };
  Kind kind;
  std::string text;
  int index = -1;
  int anchor = -1;
  std::vector<Element> children = {}, otherwise = {};
};

/// Parses and checks `text`; on failure returns false and says why in `error`.
bool parseFormat(const std::string &text, const OpSpec &op, std::vector<Element> &out, std::string &error);
/// The same for a type's or attribute's parameters, which are its attributes.
bool parseFormat(const std::string &text, const DefSpec &def, std::vector<Element> &out, std::string &error);
/// The default format of an op that declares none.
std::string defaultFormat(const OpSpec &op);
} // namespace mograph::kit
#endif
