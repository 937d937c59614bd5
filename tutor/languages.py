"""Which languages there are, and which one a person wants. Needs nothing: the first frame asks it.

Rules
-----
* The words themselves are in ``tutor.words``; the first frame does not wait for them.
"""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES: dict[str, str] = {"en": "English", "zh": "简体中文"}
"""Code -> the language's own name. The first one is the language of the source."""


def mark(message: str) -> str:
    """``message`` itself: marks a literal sentence for translation where it is not yet said (GNU's ``N_``)."""
    return message


def preferred_language(environment: Mapping[str, str]) -> str:
    """The language that the user's locale asks for, as a code of ``LANGUAGES``; English if we do not speak it.

    The order is gettext's: LANGUAGE (a list, heeded unless the locale is C), LC_ALL, LC_MESSAGES, LANG; where none
    is set (Windows, macOS) what the system says.
    """
    named = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    if not named:
        import locale

        named = locale.getlocale()[0] or ""
    if named.partition(".")[0] in {"C", "POSIX"}:
        return "en"
    for wish in (*environment.get("LANGUAGE", "").split(":"), named):
        code = wish.replace("-", "_").partition("_")[0].lower()
        code = "zh" if code == "chinese" else code
        if code in LANGUAGES:
            return code
    return "en"
