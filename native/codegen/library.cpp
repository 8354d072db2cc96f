// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Object files into this process, by LLVM's RuntimeDyld: of its linkers the one that starts no threads and no session.
#include "codegen/codegen.h"

#include "llvm/ExecutionEngine/JITSymbol.h"
#include "llvm/ExecutionEngine/RTDyldMemoryManager.h"
#include "llvm/ExecutionEngine/RuntimeDyld.h"
#include "llvm/ExecutionEngine/SectionMemoryManager.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/DynamicLibrary.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

namespace {
/// Finds what objects use and do not have.
class Resolver : public JITSymbolResolver {
public:
  explicit Resolver(mograph::Library::Symbols known) : known(std::move(known)) {}

  void lookup(const LookupSet &symbols, OnResolvedFunction resolved) override {
    LookupResult found;
    for (StringRef symbol : symbols) {
      std::uint64_t address = find(symbol.str());
      if (!address)
        return resolved(createStringError("the code uses '%s', which is neither given nor in the process", symbol.str().c_str()));
      found.emplace(symbol, JITEvaluatedSymbol(address, JITSymbolFlags::Exported));
    }
    resolved(std::move(found));
  }
  Expected<LookupSet> getResponsibilitySet(const LookupSet &) override { return LookupSet(); }

private:
  std::uint64_t find(const std::string &symbol) const {
    if (auto it = known.find(symbol); it != known.end())
      return it->second;
    // Python itself need not have loaded the C library's mathematics.
    static sys::DynamicLibrary mathematics = sys::DynamicLibrary::getPermanentLibrary("libm.so.6");
    if (std::uint64_t address = RTDyldMemoryManager::getSymbolAddressInProcess(symbol))
      return address;
    return mathematics.isValid() ? reinterpret_cast<std::uintptr_t>(mathematics.getAddressOfSymbol(symbol.c_str())) : 0;
  }
  mograph::Library::Symbols known;
};
} // namespace

struct mograph::Library::Linked {
  explicit Linked(Symbols known) : resolver(std::move(known)) {}
  SectionMemoryManager memory;
  Resolver resolver;
  RuntimeDyld linker{memory, resolver};
};

mograph::Library::Library(std::unique_ptr<Linked> linked) : linked(std::move(linked)) {}
mograph::Library::~Library() = default;

std::unique_ptr<mograph::Library> mograph::Library::link(const std::vector<std::string> &objects, Symbols known,
                                                         std::string &error) {
  auto linked = std::make_unique<Linked>(std::move(known));
  const Triple host(sys::getProcessTriple());
  for (const std::string &data : objects) {
    auto object = object::ObjectFile::createObjectFile(MemoryBufferRef(data, "code"));
    if (!object) {
      error = toString(object.takeError());
      return nullptr;
    }
    if ((*object)->getArch() != host.getArch() || (*object)->getTripleObjectFormat() != host.getObjectFormat()) {
      error = "it is for " + (*object)->makeTriple().str();
      return nullptr;
    }
    linked->linker.loadObject(**object);
    if (linked->linker.hasError())
      break;
  }
  if (!linked->linker.hasError())
    linked->linker.resolveRelocations();
  if (linked->linker.hasError()) {
    error = linked->linker.getErrorString().str();
    return nullptr;
  }
  if (linked->memory.finalizeMemory(&error))
    return nullptr;
  return std::unique_ptr<Library>(new Library(std::move(linked)));
}

std::uint64_t mograph::Library::address(const std::string &symbol) const { return linked->linker.getSymbol(symbol).getAddress(); }
