"""Memory that was freed and that the C library keeps."""

import ctypes
import sys


def return_freed_memory() -> None:
    """Returns freed memory to the system, where the C library can (glibc)."""
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)
