"""What the system says of a file that it does not give or take, in the reader's language.

Rules
-----
* A fault is known by its number, not by its words: those are the system's, in the system's language.
* What stands in no table here is told as the system told it.
"""

from __future__ import annotations

import errno

from tutor.joining import Speech
from tutor.languages import mark

SENTENCES: dict[int, str] = {
    errno.ENOSPC: mark("No space left on device"),
    errno.EDQUOT: mark("Disk quota exceeded"),
    errno.EFBIG: mark("File too large"),
    errno.EACCES: mark("Permission denied"),
    errno.EPERM: mark("Operation not permitted"),
    errno.EROFS: mark("Read-only file system"),
    errno.ENOENT: mark("No such file or directory"),
    errno.ENOTDIR: mark("Not a directory"),
    errno.EISDIR: mark("Is a directory"),
    errno.EEXIST: mark("File exists"),
    errno.ENAMETOOLONG: mark("File name too long"),
    errno.EIO: mark("Input/output error"),
    errno.EPIPE: mark("Broken pipe"),
    errno.EBUSY: mark("Device or resource busy"),
}
"""Number of a fault (POSIX) -> what is said of it: in English the words of Linux."""


def cause(fault: OSError, words: Speech) -> str:
    """Why, as half a sentence."""
    sentence = SENTENCES.get(fault.errno or 0)
    return words.t(sentence) if sentence else fault.strerror or str(fault)
