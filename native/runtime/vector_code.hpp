// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

// Before a function whose loops are worth vector code of the processor that it runs on: it is compiled for several, of
// which the loader takes one.
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__)
#define MOGRAPH_VECTOR_CODE __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define MOGRAPH_VECTOR_CODE
#endif
