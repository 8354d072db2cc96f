// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversions of 16-bit floats, under the calling convention of compiler-rt's: a 16-bit float is the low half of a
// floating-point register. Here it is passed as the `float` that has the same low bits.
//
// Vector code converts by itself; LLVM calls these for single values on machines that lack the instructions.
#pragma once

namespace mograph {

float float_to_bf16(float value);
float double_to_bf16(double value);
float float_to_f16(float value);
float double_to_f16(double value);
float f16_to_float(float bits);

}  // namespace mograph
