"""What each code of ICMP "destination unreachable" means to a connection (RFC 792, RFC 1122 section 3.2.2.1).

Rules
-----
* A hard error says that trying again is in vain, a soft one that it may help (RFC 9293 section 3.9.2.2).
* A program is told the error of the code, not only that something is unreachable.

Source: Linux ``icmp_err_convert``. RFC 9293 section 3.9.2.2 counts codes 2 to 4 as hard and 0, 1 and 5 as soft.
"""

from __future__ import annotations

HARD, SOFT, TOO_BIG = "hard", "soft", "too-big"

NO_ROUTE = (0, 1)
"""Net and host unreachable: a route is missing and may come back (RFC 6069 section 2)."""

MEANINGS: dict[int, tuple[str, str]] = {
    0: (SOFT, "ENETUNREACH"),
    1: (SOFT, "EHOSTUNREACH"),
    2: (HARD, "ENOPROTOOPT"),
    3: (HARD, "ECONNREFUSED"),
    4: (TOO_BIG, "EMSGSIZE"),
    5: (SOFT, "EOPNOTSUPP"),
    6: (HARD, "ENETUNREACH"),
    7: (HARD, "EHOSTDOWN"),
    8: (HARD, "ENONET"),
    9: (HARD, "ENETUNREACH"),
    10: (HARD, "EHOSTUNREACH"),
    11: (SOFT, "ENETUNREACH"),
    12: (SOFT, "EHOSTUNREACH"),
    13: (HARD, "EHOSTUNREACH"),
    14: (HARD, "EHOSTUNREACH"),
    15: (HARD, "EHOSTUNREACH"),
}
"""Code -> what kind of error it is, and what a program is told."""
