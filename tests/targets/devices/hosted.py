# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Host code for tests: entries in LLVM's textual form, linked over a device's program."""

from mograph import _llvm, _runtime
from mograph.targets.cpu.host import this_host
from mograph.targets.devices import Device
from mograph.targets.gpu.image import Image, Resources

DECLARATIONS = """
@mograph_device_program = external global i8
declare ptr @mograph_device_allocate(ptr, i64)
declare void @mograph_device_retain(ptr, ptr)
declare void @mograph_device_release(ptr, ptr)
declare void @mograph_device_launch(ptr, i64, i64, i64, i64, ptr, i64)
declare void @mograph_device_copy(ptr, ptr, ptr, i64)
declare void @mograph_device_upload(ptr, ptr, ptr, i64)
declare void @mograph_device_download(ptr, ptr, ptr, i64)
declare ptr @mograph_device_constant(ptr, ptr, i64)
declare void @mograph_fail(ptr)
"""
P = "ptr @mograph_device_program"


def load(index: int, to: str, kind: str = "i64") -> str:
    """LLVM code that loads a word of the frame."""
    return f"  %{to}.p = getelementptr i64, ptr %frame, i64 {index}\n  %{to} = load {kind}, ptr %{to}.p\n"


def store(value: str, index: int, kind: str = "i64") -> str:
    """LLVM code that stores a word of the frame."""
    name = f"s{index}"
    return f"  %{name} = getelementptr i64, ptr %frame, i64 {index}\n  store {kind} {value}, ptr %{name}\n"


def result(at: int, pointer: str, extent: str) -> str:
    """LLVM code that stores the descriptor of a vector as the words of the frame from `at`."""
    return (
        store(pointer, at, "ptr")
        + store(pointer, at + 1, "ptr")
        + store("0", at + 2)
        + store(extent, at + 3)
        + store("1", at + 4)
    )


def words(*values: tuple[str, str]) -> str:
    """LLVM code that makes %words of (type, value)."""
    code = f"  %words = alloca [{len(values)} x i64]\n"
    for i, (kind, value) in enumerate(values):
        code += f"  %w{i} = getelementptr i64, ptr %words, i64 {i}\n  store {kind} {value}, ptr %w{i}\n"
    return code


TWICE = (
    load(1, "x", "ptr")
    + load(3, "n")
    + f"  %bytes = shl i64 %n, 2\n  %t = call ptr @mograph_device_allocate({P}, i64 %bytes)\n"
    + f"  %y = call ptr @mograph_device_allocate({P}, i64 %bytes)\n"
    + words(("ptr", "%x"), ("ptr", "%t"), ("i64", "%n"))
    + f"  call void @mograph_device_launch({P}, i64 0, i64 %n, i64 1, i64 1, ptr %words, i64 3)\n"
    + "  store ptr %t, ptr %w0\n  store ptr %y, ptr %w1\n"
    + f"  call void @mograph_device_launch({P}, i64 0, i64 %n, i64 1, i64 1, ptr %words, i64 3)\n"
    + f"  call void @mograph_device_release({P}, ptr %t)\n"
    + result(5, "%y", "%n")
)
"""x[n] -> double(double(x)): two launches over a temporary."""


class Hosted:
    """An entry over a program on `device`, with the kernels of an image, or such as take the arguments in `kernels`."""

    def __init__(
        self, device: Device, body: str, kernels: dict[str, str], globals_: str = "", image: Image | None = None
    ) -> None:
        needs = {name: Resources((32, 1, 1), arguments=each) for name, each in kernels.items()}
        image = image or Image("spirv", "test", b"", needs)
        self.device = device
        self.program, self.module = device.program(image)
        text = f"{DECLARATIONS}{globals_}\ndefine void @entry(ptr %frame) nounwind {{\n{body}  ret void\n}}\n"
        host = this_host()
        code = _llvm.emit(text, host.triple, host.name, host.features, 1)
        symbols = _runtime.symbols() | {"mograph_device_program": self.program.address}
        self.library = _llvm.Library.link([code], symbols)
        self.entry = self.library.address("entry")
