"""Profiles are data: ``assets/profiles/*.toml`` -> ``tcp.profile.Profile``.

Rules
-----
* Every field of every profile has a value, a source and a status. ``base`` names the profile whose entries a file
  repeats unless it says otherwise.
* An entry found out for one kernel says nothing of another. What a kernel inherits from a *different* version is shown
  as ``unknown`` there, unless the entry says ``since`` which version it has been so and that is early enough.
* A missing, unknown or ill-typed entry is an error that names the file, the field and what is allowed.
"""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from tutor import resources
from tutor.tcp.profile import RULES, STATUSES, Profile, Source
from tutor.world.time import parse_duration
from tutor.world.unmodelled import version_number

DEFAULT = "linux-6.18"
"""The profile of a host when neither the command line nor the lesson names one."""

UNKNOWN = "unknown"
"""The status of a value that nobody has looked up for this version."""

_ENTRY = {"value", "source", "status"}


class ProfileError(ValueError):
    """A profile that does not exist or cannot be read; the message says where and what is allowed."""


def profile_names() -> tuple[str, ...]:
    """The names of all profiles, sorted."""
    return tuple(
        sorted(path.name.removesuffix(".toml") for path in (resources.assets_dir() / "profiles").glob("*.toml"))
    )


@cache
def load_profile(name: str) -> Profile:
    """The profile ``name``. Raises ``ProfileError`` if there is none or its file is at fault."""
    if name not in profile_names():
        raise ProfileError(f"no profile {name!r}; allowed: {', '.join(profile_names())}")
    head, entries = _read(name)
    values: dict[str, Any] = {}
    sources: dict[str, Source] = {}
    for rule in RULES:
        if rule.name not in entries:
            raise ProfileError(f"profiles/{name}.toml: {rule.name} is missing ({rule.metadata['doc']})")
        values[rule.name], sources[rule.name] = _entry(name, rule, entries.pop(rule.name))
    if entries:
        raise ProfileError(f"profiles/{name}.toml: unknown fields {', '.join(sorted(entries))}")
    return Profile(name=name, sources=sources, **head, **values)


def _read(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """(head, entries) of a file, with the entries of its base underneath."""
    document = tomllib.loads(resources.asset_text(f"profiles/{name}.toml"))
    entries = dict(document.pop("fields", {}))
    base = document.pop("base", None)
    if base:
        base_head, inherited = _read(base)
        if base_head.get("version") != document.get("version"):
            title, version = base_head["title"], str(document["version"])
            inherited = {field: _elsewhere(entry, title, version) for field, entry in inherited.items()}
        entries = inherited | entries
    return document, entries


def _elsewhere(entry: Any, title: str, version: str) -> Any:
    """``entry`` of the profile ``title`` as another version inherits it."""
    if not isinstance(entry, dict) or entry.get("status") == UNKNOWN:
        return entry
    since = entry.get("since")
    if since is not None and version_number(since) <= version_number(version):
        return entry
    return entry | {"status": UNKNOWN, "source": f"as {title} ({entry.get('source')}); not looked up for {version}"}


def _entry(name: str, rule: Any, entry: Any) -> tuple[int | str | bool, Source]:
    """One field: its value in the engine's unit, and its source."""
    where = f"profiles/{name}.toml: {rule.name}"
    if not isinstance(entry, dict) or set(entry) - {"since"} != _ENTRY:
        raise ProfileError(f"{where}: needs exactly value, source and status (and may have since), found {entry!r}")
    if entry["status"] not in STATUSES:
        raise ProfileError(f"{where}: status {entry['status']!r}; allowed: {', '.join(STATUSES)}")
    value = entry["value"]
    allowed, unit = rule.metadata.get("allowed"), rule.metadata.get("unit")
    if allowed and value not in allowed:
        raise ProfileError(f"{where}: {value!r}; allowed: {', '.join(allowed)}")
    if unit == "us":
        value = parse_duration(str(value))
    elif unit == "yes/no" and not isinstance(value, bool):
        raise ProfileError(f"{where}: {value!r}; allowed: true, false")
    elif unit in ("count", "octets") and (isinstance(value, bool) or not isinstance(value, int)):
        raise ProfileError(f"{where}: {value!r}; allowed: a whole number")
    since = f" (since {entry['since']})" if "since" in entry else ""
    return value, Source(entry["source"] + since, entry["status"])
