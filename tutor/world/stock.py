"""What of a host is no longer as its kernel came: the constants that a *what if* has changed.

Rules
-----
* A setting that its owner may set (sysctl) leaves a kernel what it is. A field that no setting of its version reaches
  is a constant: a host on which one has another value runs no stock kernel, and whoever shows its name says so.
* A constant that was set back to the profile's own value counts no more.
"""

from __future__ import annotations

from collections.abc import Mapping

from tutor.tcp.profile import Profile
from tutor.world.host import Host
from tutor.world.sysctls import find_field, settable_fields

_PREFIX = "profile."


def what_ifs(host: Host, profiles: Mapping[str, Profile]) -> tuple[str, ...]:
    """The constants of ``host`` that have another value than in the profile of its name, in the order set.

    ``profiles``: those of the world; one that is not among them counts every constant that was set.
    """
    stock = profiles.get(host.profile.name)
    free = settable_fields(host.profile.version)
    fields = dict.fromkeys(find_field(name) for name, _ in host.settings if name.startswith(_PREFIX))
    return tuple(
        field
        for field in fields
        if field not in free and (stock is None or getattr(stock, field) != getattr(host.profile, field))
    )
