// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LLVM's code generator and linker, without any of MLIR: what `_llvm` binds. Nothing here has RTTI or exceptions.
#ifndef MOGRAPH_CODEGEN_H
#define MOGRAPH_CODEGEN_H
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mograph {

/// A processor, by LLVM's names; `features` is "+avx2,-sse4a,…".
struct Processor {
  std::string triple, name, features;
};

/// The processor that this process runs on.
Processor hostProcessor();

enum class Form { object, assembly };

/// Code of a module in LLVM's textual form: position independent, at a level of code generation from 0 to 3. No optimisation
/// precedes instruction selection. Gives an empty string and sets `error` for what is not a valid module, for a processor that
/// this LLVM does not know, and for what it has no code for.
std::string emit(const std::string &ir, const Processor &processor, int level, Form form, std::string &error);

/// Object files that are linked into this process, to each other and to the functions given by address or else found in the
/// process. Their code lives as long as this does.
class Library {
public:
  using Symbols = std::map<std::string, std::uint64_t>;
  /// Gives nothing and sets `error` when something is not an object file for this process or uses a function that is nowhere.
  static std::unique_ptr<Library> link(const std::vector<std::string> &objects, Symbols known, std::string &error);
  ~Library();
  /// The address of a function, or 0 when there is none of that name.
  std::uint64_t address(const std::string &symbol) const;

private:
  struct Linked;
  explicit Library(std::unique_ptr<Linked> linked);
  std::unique_ptr<Linked> linked;
};

} // namespace mograph
#endif
