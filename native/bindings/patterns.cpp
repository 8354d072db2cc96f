// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rewrite patterns and the rewriter, for mograph.transforms.kit.
#include "bindings.h"
#include "held.h"
#include "passes/patterns.h"
#include "passes/rewriter.h"
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

using namespace mograph;

namespace {
/// A rewriter for the time of one callback; afterwards it is empty, so that one kept by mistake raises instead of crashing.
struct RewriterHandle {
  Rewriter *rewriter;
  Rewriter &get() const {
    if (!rewriter) throw nb::value_error("this rewriter's pattern has ended: a rewriter may not be kept");
    return *rewriter;
  }
  MlirRewriterBase base() const { return get().base(); }
};

/// Calls a trampoline of the kit, which handles what user code raises: anything else is the kit's bug.
template <typename Call>
void call(const char *what, Rewriter *rewriter, Call body) {
  nb::gil_scoped_acquire gil;
  nb::object handle = rewriter ? nb::cast(RewriterHandle{rewriter}) : nb::none();
  try {
    body(handle);
  } catch (nb::python_error &error) {
    error.discard_as_unraisable(what);
    failRewrite();
  }
  if (rewriter) nb::cast<RewriterHandle &>(handle).rewriter = nullptr;
}

nb::object toPython(const PDLHandle &handle) {
  auto list = [&](auto make) {
    nb::list list;
    for (const void *pointer : handle.pointers)
      list.append(make(pointer));
    return list;
  };
  switch (handle.kind) {
  case PDLHandle::Attribute: return nb::cast(MlirAttribute{handle.pointers[0]});
  case PDLHandle::Type: return nb::cast(MlirType{handle.pointers[0]});
  case PDLHandle::Value: return nb::cast(MlirValue{handle.pointers[0]});
  case PDLHandle::Operation: return nb::cast(MlirOperation{const_cast<void *>(handle.pointers[0])});
  case PDLHandle::Types: return list([](const void *p) { return nb::cast(MlirType{p}); });
  case PDLHandle::Values: return list([](const void *p) { return nb::cast(MlirValue{p}); });
  case PDLHandle::None: break;
  }
  return nb::none();
}

nb::tuple toPython(const std::vector<PDLHandle> &handles) {
  nb::list list;
  for (const PDLHandle &handle : handles)
    list.append(toPython(handle));
  return nb::tuple(list);
}

PDLHandle fromPython(nb::handle object) {
  if (nb::isinstance(object, mlir::python::irModule().attr("Type"))) return {PDLHandle::Type, {nb::cast<MlirType>(object).ptr}};
  return {PDLHandle::Attribute, {nb::cast<MlirAttribute>(object).ptr}};
}

using Named = std::vector<std::pair<std::string, nb::object>>;
using Callbacks = std::vector<std::tuple<std::string, uint16_t, size_t, std::string, std::vector<std::string>, bool, nb::object>>;

std::shared_ptr<PatternSet> makeSet(std::string pdl, const Named &constraints, const Named &rewrites, const Callbacks &callbacks,
                                    size_t patterns, bool counted) {
  auto set = std::make_shared<PatternSet>();
  set->pdl = std::move(pdl);
  set->patternCount = patterns;
  set->counted = counted;
  for (auto &[name, function] : constraints)
    set->constraints.push_back({name, [f = hold(function)](const std::vector<PDLHandle> &arguments, std::vector<PDLHandle> &results) {
                                  bool matched = false;
                                  call("a pattern's constraint", nullptr, [&](nb::object) {
                                    nb::object given = (*f)(toPython(arguments)); // None: no match; else the results
                                    matched = !given.is_none();
                                    if (matched)
                                      for (nb::handle result : given)
                                        results.push_back(fromPython(result));
                                  });
                                  return matched;
                                }});
  for (auto &[name, function] : rewrites)
    set->rewrites.push_back({name, [f = hold(function)](const std::vector<PDLHandle> &arguments, Rewriter &rewriter) {
                               call("a pattern's rewrite", &rewriter, [&](nb::object handle) { (*f)(toPython(arguments), handle); });
                             }});
  for (auto &[root, benefit, counter, label, operands, same, function] : callbacks)
    set->callbacks.push_back({root, benefit, counter, label, operands, same, [f = hold(function)](MlirOperation op, Rewriter &rewriter) {
                                bool matched = false;
                                call("a pattern's match_and_rewrite", &rewriter, [&](nb::object handle) { matched = nb::cast<bool>((*f)(op, handle)); });
                                return matched;
                              }});
  return set;
}

std::vector<MlirValue> values(nb::handle sequence) {
  std::vector<MlirValue> list;
  for (nb::handle value : sequence)
    list.push_back(nb::cast<MlirValue>(value));
  return list;
}
} // namespace

void bindPatterns(nb::module_ &m) {
  nb::class_<PatternSet>(m, "PatternSet", "Rewrite patterns as data.")
      .def(nb::new_(&makeSet), nb::kw_only(), nb::arg("pdl"), nb::arg("constraints"), nb::arg("rewrites"), nb::arg("callbacks"),
           nb::arg("patterns"), nb::arg("counted"));
  m.def("fail_rewrite", failRewrite, "Makes the rewrite that runs in this thread fail when it ends.");

  using H = RewriterHandle;
  nb::class_<H>(m, "Rewriter", "A driver's rewriter, for the time of one callback.")
      .def_prop_ro("changed", [](H &h) { return h.get().changed(); })
      .def("enter_before", [](H &h, MlirOperation op) { h.get().enterBefore(op); })
      .def("enter_after", [](H &h, MlirOperation op) { h.get().enterAfter(op); })
      .def("enter_at_end", [](H &h, MlirBlock block) { h.get().enterAtEnd(block); })
      .def("leave", [](H &h) { h.get().leave(); })
      .def("note_match_failure", [](H &h, MlirOperation op, const std::string &reason) { h.get().noteMatchFailure(op, reason); })
      .def("replace", [](H &h, MlirOperation op, nb::handle with) {
        auto list = values(with);
        mlirRewriterBaseReplaceOpWithValues(h.base(), op, list.size(), list.data());
      })
      .def("erase", [](H &h, MlirOperation op) { mlirRewriterBaseEraseOp(h.base(), op); })
      .def("replace_all_uses", [](H &h, MlirValue from, MlirValue to) { mlirRewriterBaseReplaceAllUsesWith(h.base(), from, to); })
      .def("start_modification", [](H &h, MlirOperation op) { mlirRewriterBaseStartOpModification(h.base(), op); })
      .def("finish_modification", [](H &h, MlirOperation op) { mlirRewriterBaseFinalizeOpModification(h.base(), op); })
      .def("cancel_modification", [](H &h, MlirOperation op) { mlirRewriterBaseCancelOpModification(h.base(), op); })
      .def("move_before", [](H &h, MlirOperation op, MlirOperation other) { mlirRewriterBaseMoveOpBefore(h.base(), op, other); })
      .def("move_after", [](H &h, MlirOperation op, MlirOperation other) { mlirRewriterBaseMoveOpAfter(h.base(), op, other); })
      .def("erase_block", [](H &h, MlirBlock block) { mlirRewriterBaseEraseBlock(h.base(), block); })
      .def("move_block_before", [](H &h, MlirBlock block, MlirBlock other) { mlirRewriterBaseMoveBlockBefore(h.base(), block, other); })
      .def("inline_block_before", [](H &h, MlirBlock block, MlirOperation op, nb::handle arguments) {
        auto list = values(arguments);
        mlirRewriterBaseInlineBlockBefore(h.base(), block, op, list.size(), list.data());
      })
      .def("merge_blocks", [](H &h, MlirBlock source, MlirBlock into, nb::handle arguments) {
        auto list = values(arguments);
        mlirRewriterBaseMergeBlocks(h.base(), source, into, list.size(), list.data());
      })
      .def("create_block_before", [](H &h, MlirBlock block, const std::vector<MlirType> &types, const std::vector<MlirLocation> &locations) {
        mlirRewriterBaseCreateBlockBefore(h.base(), block, types.size(), types.data(), locations.data());
      })
      .def("inline_region_before", [](H &h, MlirOperation op, intptr_t region, MlirBlock block) {
        mlirRewriterBaseInlineRegionBefore(h.base(), mlirOperationGetRegion(op, region), block);
      });
}
