// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The threads that contexts borrow while a pipeline runs.
#ifndef MOGRAPH_PASSES_THREADS_H
#define MOGRAPH_PASSES_THREADS_H

namespace llvm {
class ThreadPoolInterface;
}

namespace mograph {

/// One pool for the process. Work that comes from a thread which holds the interpreter's lock is done by that very thread: another
/// one would wait for the lock as soon as it came to a hook written in Python, and its caller, in code of the bindings that keeps
/// the lock (printing an op verifies it), would wait for the other.
llvm::ThreadPoolInterface &threads();

/// Tells how to see whether this thread holds the interpreter's lock. Until then, none does.
void setLockCheck(bool (*holdsLock)());

} // namespace mograph
#endif
