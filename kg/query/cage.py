"""No network for a process that has no business there, where the system can do it: Linux, by a namespace of its own."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of linux/sched.h


def without_network() -> bool:
    """Takes every network, also the local one, from this process; False where the system doesn't let us.

    A second wall behind the inspection of queries: what an engine reads as SERVICE in spite of it reaches nobody. Who
    isn't root needs a user namespace for it, in which they keep their own number, so that files stay theirs. Only for
    a process with one thread.
    """
    if sys.platform != "linux":
        return False
    root = os.geteuid() == 0
    numbers = {"uid_map": os.geteuid(), "gid_map": os.getegid()}
    with suppress(OSError, AttributeError):
        if ctypes.CDLL(None).unshare(_NEW_NET if root else _NEW_NET | _NEW_USER) != 0:
            return False
        if not root:
            Path("/proc/self/setgroups").write_text("deny")
            for name, number in numbers.items():
                Path("/proc/self", name).write_text(f"{number} {number} 1")
        return True
    return False
