# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""AMD's chips: device modules to machine code in this process, and to code objects by `ld.lld`."""
