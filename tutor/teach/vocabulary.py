"""The lesson's words for things: cues, acts, programs, settings, states, segments, placeholders. Known or not?

Rules
-----
* Every spelling is checked by the package that owns it (``world.acts``, ``world.query``, ``tcp.states``…). Here its
  complaint is only put at its line and column and told in the author's language.
* A line that cannot be read is mended by the nearest reading where there is one, so that the run can still be
  checked; else the run is not believed (``can_run``).
* Nothing here has run anything.
"""

from __future__ import annotations

from dataclasses import replace

from tutor.profiles import DEFAULT, load_profile, profile_names
from tutor.tcp.profile import Profile
from tutor.tcp.variant import VARIANTS
from tutor.teach.errors import Problems, nearest
from tutor.teach.lesson import Lesson, LessonHost
from tutor.teach.schema import LessonModel
from tutor.teach.script import Script
from tutor.teach.shape import Shaped
from tutor.teach.spelling import Part, allowed_by
from tutor.teach.stage import AT_REST
from tutor.world.acts import ActError, parse_act
from tutor.world.link import PARAMETERS, read_parameter
from tutor.world.program import parse_line
from tutor.world.sysctls import SettingError, find_setting, nearest_settings, with_setting
from tutor.world.time import parse_duration


def settle(lesson: Lesson, shaped: Shaped[LessonModel], problems: Problems) -> tuple[Lesson, bool]:
    """``lesson`` with what could be mended mended, and whether its run can be believed. Faults go to ``problems``."""
    ground = _Ground(lesson, shaped, problems)
    hosts = tuple(ground.host(host) for host in lesson.hosts)
    link = ground.link()
    until = ground.until()
    profile = ground.profile(lesson.profile, ("profile",))
    profiles = (ground.profile(name, ("profiles", index)) for index, name in enumerate(lesson.profiles))
    lesson = replace(lesson, profiles=tuple(name for name in profiles if name))
    variant = ground.variant(lesson.variant)
    lesson = replace(lesson, profile=profile, variant=variant, hosts=hosts, link=link, until=until)
    return Script(lesson, shaped, problems).settled(), ground.can_run


class _Ground(Part):
    """Hosts, link, profile, until: what the run stands on."""

    can_run = True

    def host(self, host: LessonHost) -> LessonHost:
        at = ("hosts", host.name)
        profile = self.profile(host.profile, (*at, "profile"))
        rules = load_profile(self.sound(profile) or self.sound(self.lesson.profile) or DEFAULT)
        sysctls = tuple((self.sysctl(name, value, (*at, "sysctls"), rules), value) for name, value in host.sysctls)
        program = tuple(self.line(line, (*at, "program", index)) for index, line in enumerate(host.program))
        return replace(
            host,
            profile=profile,
            sysctls=tuple(pair for pair in sysctls if pair[0]),
            program=tuple(line for line in program if line),
        )

    def profile(self, name: str | None, path: tuple[str | int, ...]) -> str | None:
        """The profile's name, mended if need be."""
        known = profile_names()
        if name is None or name in known:
            return name
        what, meant = self.words.t("no such profile"), nearest(name, known)
        self.problems.add(self.mark(*path), " › ".join(map(str, path)), what, found=name, allowed=known, nearest=meant)
        self.can_run = self.can_run and bool(meant)
        return meant or None

    def variant(self, name: str) -> str:
        """The variant's id, mended if need be; "" for TCP."""
        if name in ("", "none", *VARIANTS):
            return "" if name == "none" else name
        what, meant = self.words.t("no such variant"), nearest(name, VARIANTS)
        self.problems.add(self.mark("variant"), "variant", what, found=name, allowed=("none", *VARIANTS), nearest=meant)
        self.can_run = self.can_run and bool(meant)
        return meant or ""

    def sound(self, name: str | None) -> str | None:
        """The profile's name, if there is such a one."""
        return name if name in profile_names() else None

    def sysctl(self, name: str, value: str, path: tuple[str | int, ...], rules: Profile) -> str:
        """The setting's name, mended if need be; "" if nobody knows what is meant. Tried on the host's ``rules``."""
        where = " › ".join(map(str, path))
        try:
            full = find_setting(name)
        except SettingError as error:
            if error.why is not None:
                what = self.words.t("this setting is not simulated: {why}", why=self.words.t(error.why))
                self.problems.add(self.node.at(path).key_mark(name), where, what, found=name)
                self.can_run = False
                return ""
            short = nearest_settings(name)
            meant, mark = error.nearest or "", self.node.at(path).key_mark(name)
            self.problems.add(mark, where, self.words.t("no such setting"), found=name, allowed=short, nearest=meant)
            self.can_run = self.can_run and bool(meant)
            return meant
        try:
            with_setting(rules, full, value)
        except SettingError as error:
            what, mark = self.words.t("the setting cannot have this value"), self.mark(*path, name)
            self.problems.add(mark, f"{where} › {name}", what, found=value, allowed=allowed_by(error, self.words))
            self.can_run = False
            return ""
        return name

    def line(self, line: str, path: tuple[str | int, ...]) -> str:
        if self.shaped.touches(*path):
            return ""
        where = " › ".join(str(step + 1) if isinstance(step, int) else step for step in path)
        text = line
        for _ in range(3):
            try:
                parse_act_line(text, self.host_names)
            except ActError as error:
                if text != line:
                    break
                text = self.bad_line(error, self.mark(*path), where, self.words.t("this is not a line of a program"))
                if not text:
                    break
            else:
                return text
        self.can_run = False
        return ""

    def link(self) -> tuple[tuple[str, str], ...]:
        sound: list[tuple[str, str]] = []
        for name, value in self.lesson.link:
            try:
                read_parameter(name, value)
            except ValueError as error:
                allowed = allowed_by(error, self.words)
                self.problems.add(
                    self.mark("link", name), f"link › {name}", self.words.t("the link cannot have this value"),
                    found=value, allowed=allowed or ", ".join(PARAMETERS),
                )  # fmt: skip
                self.can_run = False
            else:
                sound.append((name, value))
        return tuple(sound)

    def until(self) -> str:
        until = self.lesson.until
        if until == AT_REST:
            return until
        try:
            parse_duration(until)
        except ValueError as error:
            allowed = allowed_by(error, self.words)
            what = self.words.t("this is not a time")
            meant = nearest(until, [AT_REST])
            self.problems.add(
                self.mark("until"), "until", what, found=until, allowed=f"{AT_REST}, {allowed}", nearest=meant
            )
            return AT_REST
        return until


def parse_act_line(text: str, hosts: tuple[str, ...]) -> None:
    """Raise ``ActError`` unless ``text`` is a line of a program among these hosts."""
    line = parse_line(text)
    if line.act.name != "repeat":
        act = str(line.act)
        offset = max(0, text.rfind(line.act.name))
        parse_act(act, hosts, offset=offset)
