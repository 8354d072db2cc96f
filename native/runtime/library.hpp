// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Library functions: opaque kernels, which compiled code calls where no code that it could be given is as good.
//
// A library function takes of each tensor its first element's address, where the elements lie contiguous, and its
// extents, and after the tensors numbers. It returns null, or a text that says why it failed;
// this one, itself, where there is no memory left.
#pragma once

#include <utility>
#include <vector>

namespace mograph {

inline constexpr char kOutOfMemory[] = "room for a function of the library";

// Name and address of each library function of the runtime.
const std::vector<std::pair<const char *, void *>> &library_functions();

}  // namespace mograph
