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

from tutor.explore.properties import PROPERTIES
from tutor.profiles import DEFAULT, load_profile, profile_names
from tutor.refusals import allowed_words
from tutor.tcp import states
from tutor.tcp.profile import Profile
from tutor.tcp.variant import VARIANTS
from tutor.teach import facts, quiz
from tutor.teach.doing import parse_doing
from tutor.teach.errors import Problems, nearest, shortened
from tutor.teach.lesson import Ask, Beat, Lesson, LessonHost, Mark, Wire
from tutor.teach.schema import LessonModel
from tutor.teach.shape import Shaped
from tutor.teach.stage import AT_REST
from tutor.words import Words
from tutor.world.acts import ActError, LineError, parse_act
from tutor.world.link import PARAMETERS, read_parameter
from tutor.world.program import parse_line
from tutor.world.query import CueError, parse_cue
from tutor.world.sysctls import SettingError, find_setting, nearest_settings, with_setting
from tutor.world.time import parse_duration


def settle(lesson: Lesson, shaped: Shaped[LessonModel], problems: Problems) -> tuple[Lesson, bool]:
    """``lesson`` with what could be mended mended, and whether its run can be believed. Faults go to ``problems``."""
    ground = _Ground(lesson, shaped, problems)
    hosts = tuple(ground.host(host) for host in lesson.hosts)
    link = ground.link()
    until = ground.until()
    profile = ground.profile(lesson.profile, ("profile",))
    variant = ground.variant(lesson.variant)
    script = _Script(lesson, shaped, problems)
    beats = tuple(script.beat(index, beat) for index, beat in enumerate(lesson.beats))
    script.ids()
    lesson = replace(lesson, profile=profile, variant=variant, hosts=hosts, link=link, until=until, beats=beats)
    return lesson, ground.can_run


def _allowed(error: ValueError, words: Words) -> str:
    """What is allowed, from a complaint that reads ``… allowed: …``."""
    return ", ".join(allowed_words([str(error).partition("llowed: ")[2].rstrip(".")], words))


class _Part:
    """What both halves need: the lesson, the tree it was read from, and where to complain."""

    def __init__(self, lesson: Lesson, shaped: Shaped[LessonModel], problems: Problems) -> None:
        assert shaped.node is not None, "a lesson comes from a tree"
        self.lesson, self.shaped, self.node, self.problems = lesson, shaped, shaped.node, problems
        self.words = problems.words
        self.host_names = tuple(host.name for host in lesson.hosts)

    def mark(self, *path: str | int) -> Mark:
        return self.node.at(path).mark

    def bad_line(self, error: LineError, mark: Mark, where: str, what: str) -> str:
        """Complain about a line of the one-line vocabulary; the line as it was perhaps meant, or ""."""
        place = Mark(mark.file, mark.line, mark.column + self.inset(mark) + error.column - 1)
        self.problems.add(
            place,
            where,
            what,
            found=error.found,
            allowed=allowed_words(error.allowed, self.words),
            nearest=error.nearest or "",
        )
        if not error.nearest:
            return ""
        start = error.column - 1
        return error.text[:start] + error.nearest + error.text[start + len(error.found) :]

    def inset(self, mark: Mark) -> int:
        """One more column where the text begins with a quotation mark."""
        line = self.source_line(mark)
        return 1 if line[mark.column - 1 : mark.column] in ("'", '"') else 0

    def source_line(self, mark: Mark) -> str:
        lines = self.lesson.source.splitlines()
        return lines[mark.line - 1] if 0 < mark.line <= len(lines) else ""


class _Ground(_Part):
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
            self.problems.add(mark, f"{where} › {name}", what, found=value, allowed=_allowed(error, self.words))
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
                allowed = _allowed(error, self.words)
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
            allowed = _allowed(error, self.words)
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


BAD = "?"
"""A name that means nothing."""


class _Script(_Part):
    """Beats: cues, acts, bets, sentences."""

    def ids(self) -> None:
        """No two beats may share an id."""
        seen: set[str] = set()
        for index, beat in enumerate(self.lesson.beats):
            if beat.id in seen:
                what = self.words.t("another beat has this id")
                self.problems.add(self.mark("beats", index, "id"), f"beats › {beat.id}", what, found=beat.id)
            seen.add(beat.id)

    def beat(self, index: int, beat: Beat) -> Beat:
        where = f"beats › {beat.id}"
        model = self.shaped.model
        assert model is not None
        if model.beats[index].bet is not None and model.beats[index].question is not None:
            what = self.words.t("a beat has a bet or a question, not both")
            self.problems.add(self.mark("beats", index, "question"), where, what)
        cue = self.cue(beat.cue, beat.cue_mark, f"{where} › cue")
        if not cue:
            self.shaped.given_up.append(("beats", index, "cue"))
        act = self.act(beat) if beat.act else ""
        ask = beat.ask
        if beat.ask is not None:
            name = "bet" if beat.ask.is_bet else "question"
            ask = self.ask(beat.ask, f"{where} › {name}", ("beats", index, name))
            if ask is None:
                self.shaped.given_up.append(("beats", index, name))
        wire = self.wire(index, beat.wire, where) if beat.wire is not None else None
        return replace(beat, cue=cue or "start", act=act, states=self.states(index, beat), ask=ask, wire=wire)

    def wire(self, index: int, wire: Wire, where: str) -> Wire | None:
        """The puzzle, with names that are known, or mended; None if nobody knows what is meant."""
        found = {
            name: self.known(("beats", index, "network", name), f"{where} › network › {name}", text, names)
            for name, text, names in (
                ("variant", wire.variant, ("", "none", *VARIANTS)),
                ("property", wire.breaks, tuple(PROPERTIES)),
                ("profile", wire.profile, (None, *profile_names())),
            )
        }
        if found["variant"] == BAD or found["property"] == BAD or found["profile"] == BAD:
            return None
        variant = "" if found["variant"] == "none" else str(found["variant"])
        return replace(wire, variant=variant, breaks=str(found["property"]), profile=found["profile"])

    def known(
        self, path: tuple[str | int, ...], where: str, text: str | None, names: tuple[str | None, ...]
    ) -> str | None:
        """``text`` if it is one of ``names``; else the nearest of them, or ``BAD``."""
        if text in names:
            return text
        allowed = [name for name in names if name]
        meant = nearest(text or "", allowed)
        what = self.words.t("nothing is called so")
        self.problems.add(self.mark(*path), where, what, found=text or "", allowed=allowed, nearest=meant)
        return meant or BAD

    def cue(self, text: str, mark: Mark, where: str) -> str:
        """The cue, mended if need be; "" if nobody knows what is meant."""
        try:
            parse_cue(text, self.host_names)
        except CueError as error:
            mended = self.bad_line(error, mark, where, self.words.t("this is not an event of a run"))
            try:
                parse_cue(mended, self.host_names)
            except CueError:
                return ""
            return mended
        return text

    def act(self, beat: Beat) -> str:
        try:
            parse_doing(beat.act, self.host_names)
        except ActError as error:
            mended = self.bad_line(error, beat.act_mark, f"beats › {beat.id} › act", self.words.t("this is not an act"))
            try:
                parse_doing(mended, self.host_names)
            except ActError:
                return ""
            return mended
        return beat.act

    def states(self, index: int, beat: Beat) -> tuple[tuple[str, str], ...]:
        """The asserted states in the RFC's spelling, without those that name no host or no state."""
        found: list[tuple[str, str]] = []
        for host, state in beat.states:
            where, at = f"beats › {beat.id} › states", ("beats", index, "states")
            before = len(self.problems)
            if host not in self.host_names:
                mark, meant = self.node.at(at).key_mark(host), nearest(host, self.host_names)
                what = self.words.t("there is no such host")
                self.problems.add(mark, where, what, found=host, allowed=self.host_names, nearest=meant)
            self.state(state, self.mark(*at, host), f"{where} › {host}")
            if len(self.problems) == before:
                found.append((host, states.parse(state).value))
        return tuple(found)

    # --- bets and questions ---

    def ask(self, ask: Ask, where: str, at: tuple[str | int, ...]) -> Ask | None:
        """``ask``, or None if it cannot be held against the run."""
        before = len(self.problems)
        if ask.host and ask.host not in self.host_names:
            self.problems.add(
                self.mark(*at, "host"), f"{where} › host", self.words.t("there is no such host"),
                found=ask.host, allowed=self.host_names, nearest=nearest(ask.host, self.host_names),
            )  # fmt: skip
        cue = self.cue(ask.cue, self.mark(*at, "when"), f"{where} › when") if ask.cue else ""
        for option in ask.options:
            self.value(ask, option.value, option.mark, f"{where} › options › {shortened(option.value, 30)}")
        is_known = self.answer(ask, where)
        self.feedback(ask, where)
        if len(self.problems) == before:
            return ask
        is_sound = is_known and (not ask.cue or cue)
        return replace(ask, cue=cue) if is_sound and self.can_be_held(ask) else None

    def can_be_held(self, ask: Ask) -> bool:
        """Can the engine still be asked, whatever else is wrong with it?"""
        return (not ask.host or ask.host in self.host_names) and all(self.reads(ask, o.value) for o in ask.options)

    def reads(self, ask: Ask, value: str) -> bool:
        silent = Problems(self.words)
        _Script(self.lesson, self.shaped, silent).value(ask, value, ask.mark, "")
        return len(silent) == 0

    def value(self, ask: Ask, value: str, mark: Mark, where: str) -> None:
        """Complain unless ``value`` can be an answer of this kind."""
        match ask.kind:
            case "next-state" | "state":
                self.state(value, mark, where)
            case "next-segment":
                self.segment(value, mark, where)
            case "time":
                self.measure(value, mark, where)
            case "first":
                self.cue(value, mark, where)

    def state(self, value: str, mark: Mark, where: str) -> None:
        try:
            states.parse(value)
        except ValueError:
            what, known = self.words.t("this is not a state"), list(states.State)
            self.problems.add(mark, where, what, found=value, allowed=known, nearest=nearest(value, known))

    def segment(self, value: str, mark: Mark, where: str) -> None:
        try:
            quiz.Expected.parse(value)
        except ValueError as error:
            what = self.words.t("this is not a segment")
            self.problems.add(mark, where, what, found=value, allowed=_allowed(error, self.words))

    def measure(self, value: str, mark: Mark, where: str) -> None:
        what = self.words.t("this is not a span of time")
        try:
            facts.check_measure(value, self.lesson)
        except facts.UnknownFact as error:
            meant = error.nearest
            self.problems.add(mark, where, what, found=error.found, allowed=error.allowed, nearest=meant)
        except ValueError as error:
            self.problems.add(mark, where, what, found=value, allowed=_allowed(error, self.words))

    def answer(self, ask: Ask, where: str) -> bool:
        """The declared answer must be one of the options, and each option must be there once."""
        values = [quiz.canonical(ask, option.value) for option in ask.options]
        for place, option in enumerate(ask.options):
            if values[place] in values[:place]:
                self.problems.add(
                    option.mark, f"{where} › options", self.words.t("the same option twice"), found=option.value
                )
        if quiz.canonical(ask, ask.answer) in values:
            return len(set(values)) == len(values)
        shown = [option.value for option in ask.options]
        what = self.words.t("the answer is not one of the options")
        meant = nearest(ask.answer, shown)
        self.problems.add(ask.answer_mark, f"{where} › answer", what, found=ask.answer, allowed=shown, nearest=meant)
        return False

    def feedback(self, ask: Ask, where: str) -> None:
        """Every wrong option says why it is wrong; what is not readable by itself has a text."""
        for option in ask.options:
            place = f"{where} › options › {shortened(option.value, 30)}"
            is_right = quiz.canonical(ask, option.value) == quiz.canonical(ask, ask.answer)
            if option.feedback is None and not is_right:
                self.problems.add(
                    option.mark, place, self.words.t("a wrong answer needs feedback: say why it is wrong")
                )
            if option.text is None and ask.kind in ("first", "choice"):
                self.problems.add(option.mark, place, self.words.t("this option needs a text to be shown"))
