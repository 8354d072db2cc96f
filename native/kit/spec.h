// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a dialect declared in Python is made of: plain data, filled once by the bindings, then shared by all contexts and threads
// and never written again. Whatever belongs to one context (attributes, types) is kept here as text.
#ifndef MOGRAPH_KIT_SPEC_H
#define MOGRAPH_KIT_SPEC_H
#include "kit/format.h"
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mograph::kit {

/// A predicate over types or attributes: a tree that constraints.cpp interprets. `kind` names the predicate, `summary` ends the
/// sentence "operand #0 must be ...".
struct Constraint {
  std::string kind;
  std::string summary;
  std::string text;                                    // a name, or the text of an attribute or type
  std::vector<std::string> names;                      // enumerators, namespaces, dynamic definitions' parameter names
  std::vector<int64_t> numbers;                        // widths and bounds
  std::vector<std::shared_ptr<const Constraint>> children;
};
using ConstraintRef = std::shared_ptr<const Constraint>;

enum class Arity { One, Optional, Variadic };

/// An operand, result, successor (no constraint) or region.
struct Field {
  std::string name;
  Arity arity = Arity::One;
  ConstraintRef constraint;
  // Regions only.
  bool singleBlock = false;                            // exactly one block, or none where it may be empty
  bool mayBeEmpty = false;
  std::optional<std::string> arguments;                // the operand or result group whose types the entry block's arguments have
  std::vector<std::string> terminators;                // the allowed names of the last op of each block; empty: any
};

struct AttrField {
  std::string name;
  ConstraintRef constraint;
  bool optional = false;
  std::optional<std::string> defaultText;              // the attribute's text: filled in when absent, not printed when equal
};

/// A Python object that the hooks call; the bindings own its reference.
using Callable = void *;

struct Effect {
  std::string kind;                                    // "read", "write", "allocate", "free"
  std::string resource;                                // empty: the default resource
  std::string field;                                   // the operand or result group it acts on; empty: none
};

/// Where control goes from the op itself (`entry`) and from the end of each region: names of regions, or "parent".
struct RegionBranch {
  std::vector<std::string> entry;
  std::map<std::string, std::vector<std::string>> next;
  std::string operands;                                // the operand group handed to the entry successors; empty: none
  std::string selector;                                // the operand that chooses between two entries (first when true); empty: none
  bool bindsNames = false;                             // what flows may differ in dimensions that are names where it arrives
};

struct LoopLike {
  std::vector<std::string> regions;                    // those that repeat
  std::string inits;                                   // operand group
  std::string arguments;                               // the region whose entry arguments are the iteration's values
  std::string yields;                                  // the region whose terminator gives the next iteration's values
};

/// For terminators: which operands go on, and which one chooses between two successors (first when true).
struct Forwards {
  std::string operands;
  std::string selector;
};

struct Call {
  std::string callee;
  std::string arguments;
  std::string blocksInlining;                          // an attribute whose presence makes inlining illegal; empty: none
};

struct OpSpec {
  std::string name;                                    // with the dialect's namespace
  std::vector<Field> operands, results, regions, successors;
  std::vector<AttrField> attributes;
  std::map<std::string, std::vector<std::string>> traits;   // by upstream's name, with the trait's arguments
  std::optional<std::vector<Effect>> effects;          // absent: unknown
  std::string speculation;                             // "", "always", "recursive"
  std::optional<RegionBranch> branches;
  std::optional<LoopLike> loop;
  std::optional<Forwards> forwards;
  std::optional<Call> call;
  bool function = false;                               // FunctionOpInterface with its own syntax
  bool foldsConstants = false;                         // call `fold` only when every operand is a constant
  bool foldsWithConstants = false;                     // call `fold` only when an operand is a constant
  bool hasFormat = false;
  std::vector<Element> format;
  std::map<std::string, std::pair<Callable, Callable>> directives; // custom directives of its own: parse, print
  Callable infer = nullptr, check = nullptr, verify = nullptr, fold = nullptr, speculatable = nullptr, patterns = nullptr;

  bool hasTrait(const std::string &trait) const { return traits.count(trait); }
};

/// A type or an attribute: parameters are attributes.
struct DefSpec {
  std::string name;                                    // without the namespace
  std::vector<AttrField> parameters;
  std::vector<Element> format;
  Callable verify = nullptr;
  std::optional<std::pair<unsigned, unsigned>> shaped; // which parameters are the shape and the element type
};

struct DialectSpec {
  std::string name;
  std::vector<std::shared_ptr<DefSpec>> types, attributes;
  std::vector<std::shared_ptr<OpSpec>> ops;
  std::string constant;                                // the op that materialises constants
  std::vector<std::string> dependencies;               // dialects to load with this one
};

/// Makes a dialect known by name; `loader` imports the Python module that declares it, at the first use of the dialect. False for the
/// name of one of upstream's.
bool declareDialect(const std::string &name, Callable loader);
/// Called by the loader: the dialect's contents. False when the name was never declared or is defined already.
bool defineDialect(std::shared_ptr<DialectSpec> spec, std::string &error);

} // namespace mograph::kit
#endif
