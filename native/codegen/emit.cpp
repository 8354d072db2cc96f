// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From LLVM's textual form to object files.
#include "codegen/codegen.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include <algorithm>
#include <mutex>
#include <optional>

using namespace llvm;

static void initialize() {
  static std::once_flag once;
  std::call_once(once, [] {
    InitializeAllTargetInfos();
    InitializeAllTargets();
    InitializeAllTargetMCs();
    InitializeAllAsmPrinters();
  });
}

mograph::Processor mograph::hostProcessor() {
  std::vector<std::string> features;
  for (const auto &feature : sys::getHostCPUFeatures())
    features.push_back((Twine(feature.second ? "+" : "-") + feature.first()).str());
  std::sort(features.begin(), features.end());
  return {sys::getProcessTriple(), sys::getHostCPUName().str(), join(features, ",")};
}

std::string mograph::emitObject(const std::string &ir, const Processor &processor, int level, std::string &error) {
  initialize();
  Triple triple(processor.triple);
  const Target *target = TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return {};
  std::unique_ptr<TargetMachine> machine(target->createTargetMachine(triple, processor.name, processor.features, TargetOptions(),
                                                                     Reloc::PIC_, std::nullopt,
                                                                     CodeGenOpt::getLevel(level).value_or(CodeGenOptLevel::Default)));
  LLVMContext context;
  SMDiagnostic diagnostic;
  std::unique_ptr<Module> module = parseAssembly(MemoryBufferRef(ir, "code"), diagnostic, context);
  if (!module) {
    error = ("line " + Twine(diagnostic.getLineNo()) + ": " + diagnostic.getMessage()).str();
    return {};
  }
  module->setTargetTriple(triple);
  module->setDataLayout(machine->createDataLayout());
  SmallVector<char, 0> object;
  raw_svector_ostream stream(object);
  legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, stream, nullptr, CodeGenFileType::ObjectFile)) {
    error = "no object files for " + processor.triple;
    return {};
  }
  passes.run(*module);
  return std::string(object.begin(), object.end());
}
