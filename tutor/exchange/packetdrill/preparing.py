"""What a script asks for before its first item: options of the command line, settings, helper scripts.

Rules
-----
* A setting goes to the profile of the host under test. One that is not modelled makes the script unsupported, and so
  does an option that would change something unknown: nothing is passed over that could matter.
"""

from __future__ import annotations

from collections.abc import Callable

from tutor.exchange.packetdrill.arguments import NotModelled
from tutor.exchange.packetdrill.neutral import Scope
from tutor.exchange.packetdrill.script import Script
from tutor.exchange.packetdrill.settings import Defaults, Harmless, SetSysctl, Setting, StateGrep, recognise
from tutor.tcp.profile import Profile
from tutor.world.sysctls import SettingError, find_setting, with_setting

HEADERS = 40
"""Octets of IPv4 and TCP headers without options: an MTU less these is the MSS."""

WITHOUT_EFFECT = frozenset(
    [
        "tolerance_usecs",
        "mss",
        "local_ip",
        "remote_ip",
        "gateway_ip",
        "netmask_ip",
        "speed",
        "tcp_ts_tick_usecs",
        "verbose",
    ]
)
"""Addresses, tolerance, and how a real machine is driven (``--mss``: how large packets are cut on their way in)."""

AS_EVER = frozenset({("ip_version", "ipv4"), ("bind_port", "8080"), ("connect_port", "8080")})
"""Options that ask for what is so anyway."""

Defaulter = Callable[[str], tuple[Setting, ...] | None]
"""Name of a helper script -> the settings it stands for; None if nobody knows."""


def no_defaults(_name: str) -> tuple[Setting, ...] | None:
    """Nobody knows any helper script."""
    return None


class Preparation:
    """The profile of the host under test, what was set on it: (name, value) in order, and what was left out."""

    def __init__(self, profile: Profile, scope: Scope, defaults: Defaulter) -> None:
        self.profile, self.scope, self.defaults = profile, scope, defaults
        self.settings: list[tuple[str, str]] = []
        self.left_out: list[str] = []

    def before(self, script: Script, prelude: tuple[Setting, ...]) -> None:
        """The prelude, the script's options, and the shell lines before the first item. Raises ``NotModelled``."""
        for name, value in script.options:
            self._option(name, value)
        for setting in (*prelude, *(each for shell in script.init for each in recognise(shell.text))):
            self.apply(setting)

    def _option(self, name: str, value: str) -> None:
        if name == "mtu" and value.isdigit() and int(value) > HEADERS:
            self._set("profile.mss", str(int(value) - HEADERS))
        elif (name, value) not in AS_EVER and name not in WITHOUT_EFFECT:
            raise NotModelled(f"the option --{name}={value}")

    def apply(self, setting: Setting) -> None:
        """What a shell line asks for. Raises ``NotModelled``."""
        match setting:
            case SetSysctl(name, value):
                if self.scope.leaves_out(name):
                    self.left_out.append(name)
                else:
                    self._set(name, " ".join(value.split()))
            case Defaults(helper):
                settings = self.defaults(helper)
                if settings is None:
                    raise NotModelled(f"the settings of {helper}.sh, which are not beside the script")
                for each in settings:
                    self.apply(each)
            case Harmless() | StateGrep():
                pass
            case _:
                raise NotModelled(f"the command {setting.text!r}")

    def _set(self, name: str, value: str) -> None:
        try:
            self.profile = with_setting(self.profile, find_setting(name), value)
        except SettingError as error:
            raise NotModelled(f"{name}={value}: {error.why or error}") from None
        self.settings.append((name, value))
