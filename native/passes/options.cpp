// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/options.h"
#include "mlir/Pass/Pass.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mograph;

/// What the last parse in this thread refused. (LLVM's way would be to print it, to the process's standard error.)
static thread_local std::string refusal;
std::string mograph::takeRefusal() { return std::exchange(refusal, ""); }

namespace {
/// Checks texts against the option's kind, which it finds where help texts show it: in the option's value description. (The
/// parser of a list's elements is made by MLIR and knows nothing but the option.)
struct CheckedText : llvm::cl::parser<std::string> {
  using parser::parser;
  bool parse(llvm::cl::Option &option, StringRef name, StringRef text, std::string &value) {
    StringRef kind = option.ValueStr;
    value = text.str();
    if (kind == "bool") {
      if (text.empty()) value = "true"; // a flag given without a value
      return value != "true" && value != "false" && refuse(name, "true or false", text);
    }
    if (kind == "int") {
      int64_t number;
      return text.getAsInteger(10, number) && refuse(name, "an integer", text);
    }
    if (kind == "float") {
      double number;
      return text.getAsDouble(number) && refuse(name, "a number", text);
    }
    if (kind == "string") return false;
    SmallVector<StringRef> choices;
    kind.split(choices, '|');
    return !llvm::is_contained(choices, text) && refuse(name, ("one of " + llvm::join(choices, ", ")), text);
  }
  static bool refuse(StringRef name, const Twine &expected, StringRef found) {
    refusal = ("option '" + name + "': expected " + expected + ", found '" + found + "'").str();
    return true;
  }
};
using One = Pass::Option<std::string, CheckedText>;
using Many = Pass::ListOption<std::string, CheckedText>;
} // namespace

struct DeclaredOptions::Objects {
  std::vector<std::pair<std::unique_ptr<One>, std::unique_ptr<Many>>> options; // one of the two
};

DeclaredOptions::DeclaredOptions(Pass &pass, const std::vector<OptionSpec> &specs) : objects(std::make_unique<Objects>()) {
  for (const OptionSpec &spec : specs) {
    auto &[one, many] = objects->options.emplace_back();
    auto help = llvm::cl::desc(spec.help);
    auto kind = llvm::cl::value_desc(spec.kind);
    if (spec.list)
      many = std::make_unique<Many>(pass, spec.name, help, kind, llvm::cl::list_init<std::string>(spec.initial));
    else
      one = std::make_unique<One>(pass, spec.name, help, kind, llvm::cl::init(spec.initial.front()),
                                  spec.kind == "bool" ? llvm::cl::ValueOptional : llvm::cl::ValueRequired);
  }
}

DeclaredOptions::~DeclaredOptions() = default;

OptionValues DeclaredOptions::values() const {
  OptionValues values;
  for (auto &[one, many] : objects->options) {
    if (one)
      values.push_back({one->getValue()});
    else
      values.emplace_back((**many).begin(), (**many).end());
  }
  return values;
}
