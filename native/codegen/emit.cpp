// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From LLVM's textual form to object files and assembly.
#include "codegen/codegen.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include <algorithm>
#include <csetjmp>
#include <mutex>
#include <optional>

using namespace llvm;

namespace {
/// Where a thread goes on when LLVM gives up, and why it did.
struct Escape {
  std::jmp_buf back;
  std::string reason;
};
} // namespace

static thread_local Escape *escape = nullptr;

/// LLVM would end the process next. What it was working on is lost, and not freed.
static void leave(void *, const char *reason, bool) {
  if (!escape)
    return;
  escape->reason = reason;
  std::longjmp(escape->back, 1);
}

static void initialize() {
  static std::once_flag once;
  std::call_once(once, [] {
    install_fatal_error_handler(leave);
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

static void note(const DiagnosticInfo *info, void *error) {
  std::string &text = *static_cast<std::string *>(error);
  if (info->getSeverity() != DS_Error || !text.empty())
    return;
  raw_string_ostream stream(text);
  DiagnosticPrinterRawOStream printer(stream);
  info->print(printer);
}

static std::string generate(const std::string &ir, const mograph::Processor &processor, int level, CodeGenFileType form,
                            std::string &error) {
  Triple triple(processor.triple);
  const Target *target = TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return {};
  std::unique_ptr<TargetMachine> machine(target->createTargetMachine(triple, processor.name, processor.features, TargetOptions(),
                                                                     Reloc::PIC_, std::nullopt,
                                                                     CodeGenOpt::getLevel(level).value_or(CodeGenOptLevel::Default)));
  LLVMContext context;
  context.setDiagnosticHandlerCallBack(note, &error);
  SMDiagnostic diagnostic;
  std::unique_ptr<Module> module = parseAssembly(MemoryBufferRef(ir, "code"), diagnostic, context);
  if (!module) {
    error = ("line " + Twine(diagnostic.getLineNo()) + ": " + diagnostic.getMessage()).str();
    return {};
  }
  module->setTargetTriple(triple);
  module->setDataLayout(machine->createDataLayout());
  SmallVector<char, 0> code;
  raw_svector_ostream stream(code);
  legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, stream, nullptr, form)) {
    error = "no such code for " + processor.triple;
    return {};
  }
  passes.run(*module);
  return error.empty() ? std::string(code.begin(), code.end()) : std::string();
}

std::string mograph::emit(const std::string &ir, const Processor &processor, int level, Form form, std::string &error) {
  initialize();
  Escape here;
  if (setjmp(here.back)) {
    escape = nullptr;
    error = here.reason;
    return {};
  }
  escape = &here;
  std::string code = generate(ir, processor, level, form == Form::assembly ? CodeGenFileType::AssemblyFile : CodeGenFileType::ObjectFile, error);
  escape = nullptr;
  return code;
}
