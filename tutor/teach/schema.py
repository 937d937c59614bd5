"""Lesson format 1, as pydantic models: which keys there are, which are needed, of what shape.

Rules
-----
* Shape only. Whether a cue, an act or a state *means* something is ``vocabulary.py``'s; whether it is true of the
  run is ``check.py``'s.
* Unknown keys are faults. Nothing is converted: ``seed: "1"`` is a text, not a number.
* ``assets/schema/lesson-1.json`` is generated from these models for editors; a test keeps it current.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=64)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=400)]
Markdown = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Scalar = str | int | float | bool


class Model(BaseModel):
    """What all parts of the format share: strict types, no unknown keys, frozen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


# --- runs beside the lesson's own ---


class PlayModel(Model):
    """Another run that shows something: where it leaves the lesson's own, what is done there, what is to be seen."""

    at: Line = Field("", description="The beat where it leaves the lesson's run, or: start. Else the beat that asks.")
    acts: list[Line] = Field(default_factory=list, max_length=20, description="[after TIME] ACT, one after the other.")
    watch: Line = Field(description="A cue: what is to be seen. Playing stops there.")
    never: Line | None = Field(None, description="A cue that must not fire in this run.")
    states: dict[Name, Line] = Field(default_factory=dict, description="HOST: STATE at the event that is watched.")


# --- bets and questions ---


class OptionModel(Model):
    """One answer on offer."""

    value: Line = Field(description="The answer in canonical spelling; for a question, a short id.")
    text: Sentence | None = Field(None, description="Shown instead of the value.")
    feedback: Markdown | None = Field(None, description="Said when this answer was chosen; every wrong one needs it.")
    plays: PlayModel | None = Field(None, description="The run that shows why it is wrong, or right.")
    holds: Line | None = Field(
        None,
        description="Of a question: CUE, or: not CUE, or with: CUE before CUE. "
        "So it is in the run if, and only if, this answer is right; "
        "after: there, in the run that the answer plays. "
        "Of a table: words that follow each other in one of its lines, and in no other option's. "
        "Of another bet: there, if in the run that it plays this answer would be the right one.",
    )


class AskedModel(Model):
    """What every bet and question has."""

    prompt: Sentence = Field(description="The question itself.")
    concepts: list[Line] = Field(default_factory=list, description="What it asks about; else the lesson's first.")


class AskModel(AskedModel):
    """What has answers on offer, one of them right."""

    answer: Line = Field(description="The value of the right option; the linter holds it against the engine.")
    options: list[OptionModel] = Field(min_length=2, max_length=9)


class NextStateBet(AskModel):
    """Which state does this host enter next?"""

    asks: Literal["next-state"]
    host: Name


class StateBet(AskModel):
    """In which state is this host when an event to come happens?"""

    asks: Literal["state"]
    host: Name
    when: Line = Field(description="A cue: the event at which the state is looked at.")


class NextSegmentBet(AskModel):
    """Which segment does this host send next? Values such as ``SYN,ACK seq=0 ack=1 len=0``; parts may be left out."""

    asks: Literal["next-segment"]
    host: Name


class TimeBet(AskModel):
    """How long from now until an event happens? Values such as ``2 * link.delay``, ``client.time_wait``, ``1s``."""

    asks: Literal["time"]
    when: Line = Field(description="A cue: the event that is waited for.")
    typed: bool = Field(default=False, description="Is the time typed in? The options then say what they are met with.")
    tolerance: Annotated[int, Field(ge=0, le=50)] = Field(0, description="Percent by which an answer may be off.")


class FirstBet(AskModel):
    """Which of these events happens first? Values are cues; each needs a text."""

    asks: Literal["first"]


class OrderBet(AskedModel):
    """In which order do these events happen? Values are cues, in that order; they are shown shuffled.

    The feedback of an option is said when it was placed too early.
    """

    asks: Literal["order"]
    options: list[OptionModel] = Field(min_length=3, max_length=7)


class TableBet(AskModel):
    """Which of these tables does ``ss`` print on this host when an event happens?

    The right option is the lesson's own run; each of the others ``plays`` another one, at the event that it watches.
    """

    asks: Literal["table"]
    host: Name
    when: Line = Field(description="A cue: the event at which the table is printed.")


class FixBet(AskedModel):
    """Which one change makes an event happen, or keeps it from happening? Values are acts, done at ``at``.

    The engine tries each. Learners may also do it by hand: any one act that has this effect is right.
    """

    asks: Literal["fix"]
    at: Line = Field("start", description="The beat at which the change is made, or: start.")
    wants: Line | None = Field(None, description="A cue that must fire then.")
    never: Line | None = Field(None, description="A cue that must not fire then.")
    answer: Line = Field(description="The act that is right; the linter holds it against the engine.")
    options: list[OptionModel] = Field(min_length=2, max_length=9)


class ChoiceQuestion(AskModel):
    """A question about ideas, one answer right."""

    asks: Literal["choice"]


class ManyQuestion(AskedModel):
    """A question about ideas, all right answers wanted. Every option has feedback: why it is right, or is not."""

    asks: Literal["many"]
    answers: list[Line] = Field(min_length=1, description="The values of all right options.")
    options: list[OptionModel] = Field(min_length=3, max_length=9)


class ExplainQuestion(AskedModel):
    """Say why, in one's own words and against a clock; then tick the points that were said."""

    asks: Literal["explain"]
    seconds: Literal[30, 60, 120]
    options: list[OptionModel] = Field(min_length=2, max_length=9, description="The points; each plays a run.")


Spent = Annotated[int, Field(ge=0, le=9)]


class NetworkModel(Model):
    """A puzzle for whoever owns only the wire: the page on which one is the network opens on it."""

    variant: Line = Field("", description="The protocol to play against; TCP unless given.")
    property: Line = Field(description="What is to be broken: no-ghost, own-bytes, …")
    profile: Line | None = Field(None, description="The rules of both ends; the lesson's own unless given.")
    held: Spent = Field(0, description="Old segments that may be delivered.")
    lose: Spent = Field(0, description="Segments that may be lost.")
    duplicate: Spent = Field(0, description="Segments that may be copied.")
    coincidence: Spent = Field(0, description="Initial numbers that may be placed.")
    crash: Spent = Field(0, description="Aborts and crashes.")
    begins: Literal["forgotten", "open"] = Field(
        "forgotten", description="Have both ends forgotten the earlier connection, or is it open still?"
    )
    moves: Annotated[int, Field(ge=0, le=99)] | None = Field(
        None,
        description="In how few moves it can be done; 0: not at all in this bound. The linter asks the search.",
    )


class AttackBet(AskedModel):
    """Be the network, and break a property. The search knows par; ``solution`` is played by the linter."""

    asks: Literal["attack"]
    network: NetworkModel
    solution: list[Line] = Field(
        default_factory=list, description="Moves, as oldB, oldB:data or deliverA:FIN,ACK; none: impossible."
    )


Bet = Annotated[
    NextStateBet | StateBet | NextSegmentBet | TimeBet | FirstBet | OrderBet | TableBet | FixBet | AttackBet,
    Field(discriminator="asks"),
]
Question = Annotated[ChoiceQuestion | ManyQuestion | ExplainQuestion, Field(discriminator="asks")]
KINDS = (
    "next-state", "state", "next-segment", "time", "first", "order", "table", "fix", "attack",
    "choice", "many", "explain",
)  # fmt: skip
"""What ``asks`` may be, of bets and questions."""


# --- beats ---


class TouchModel(Model):
    """Something to do with one's own hands; afterwards both futures are compared."""

    task: Markdown = Field(description="What to do.")
    wants: Line = Field(description="A cue that must fire in the future that the learner makes.")
    at: Line = Field("", description="The beat at which the solution is done, or: start. Unless given, this one.")
    solution: list[Line] = Field(min_length=1, max_length=9, description="[after TIME] ACT; the linter does them.")
    compared: Markdown = Field(description="Said beside both futures; placeholders are read from the learner's.")


class BeatModel(Model):
    """One thing to see."""

    id: Slug = Field(description="Stable: translations and progress are kept under it.")
    cue: Line = Field(description="An event of the run, such as: client sends SYN; server enters LISTEN; start; end.")
    title: Sentence
    words: Markdown = Field(description="Markdown; {placeholders} are filled from the run. No number with a unit.")
    act: Line | None = Field(None, description="What the lesson does then, in the one-line form: [after TIME] ACT")
    states: dict[Name, Line] = Field(
        default_factory=dict, description="HOST: STATE, the state that the host is in; the linter asks the engine."
    )
    pause: bool = Field(default=False, description="Does playing stop here?")
    bet: Bet | None = None
    question: Question | None = None
    touch: TouchModel | None = None
    network: NetworkModel | None = Field(None, description="Offers to be the network, on this puzzle.")


class CheckModel(Model):
    """One question after the lesson, asked of a run of its own: the lesson's with something else done."""

    id: Slug = Field(description="Stable, and no beat's: translations and progress are kept under it.")
    at: Line = Field("start", description="The beat at which its run leaves the lesson's, or: start.")
    acts: list[Line] = Field(default_factory=list, max_length=20, description="[after TIME] ACT, one after the other.")
    cue: Line = Field("end", description="The event of that run at which it is asked.")
    words: Markdown | None = Field(None, description="What to know before it is asked.")
    bet: Bet | None = None
    question: Question | None = None


class RefutedModel(Model):
    """What one may have read, and the run that refutes it."""

    says: Sentence
    truth: Markdown = Field(description="What is so; {placeholders} are filled from the run that it plays.")
    claims: list[Slug] = Field(default_factory=list, description="Ids of the claims it answers (`tcp-tutor check`).")
    plays: PlayModel | None = None


# --- the run ---


class HostModel(Model):
    """One host."""

    address: Line
    port: Annotated[int, Field(ge=1, le=65535)] | None = Field(None, description="Local port of active opens.")
    isn: Annotated[int, Field(ge=0, lt=2**32)] | None = Field(None, description="First number; else from the seed.")
    profile: Line | None = None
    sysctls: dict[str, Scalar] = Field(default_factory=dict)
    program: list[Line] = Field(default_factory=list, max_length=100, description="[when COND] [after TIME] ACT")


class LinkModel(Model):
    """The cable between the hosts; values as in the act ``set link.delay 50ms``.

    nat: the public address that all hosts but the second one share.
    """

    delay: Scalar | None = None
    bandwidth: Scalar | None = None
    mtu: Scalar | None = None
    jitter: Scalar | None = None
    loss: Scalar | None = None
    duplication: Scalar | None = None
    reordering: Scalar | None = None
    corruption: Scalar | None = None
    nat: Scalar | None = None


class LessonModel(Model):
    """A lesson of format 1."""

    format: Literal[1]
    id: Slug
    title: Sentence
    goal: Sentence = Field(description="What the learner can do afterwards.")
    concepts: list[Line] = Field(min_length=1)
    prerequisites: list[Slug] = Field(default_factory=list, description="Ids of lessons.")
    out_of_scope: list[Sentence] = Field(default_factory=list)
    refutes: list[RefutedModel] = Field(default_factory=list, description="The misconceptions this lesson removes.")
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    profile: Line | None = Field(None, description="The rules of all hosts; --profile goes before it.")
    profiles: list[Line] = Field(default_factory=list, description="Other rules under which all of it must hold.")
    variant: Line = Field("", description="A deliberately broken protocol that all hosts speak; else TCP.")
    hosts: dict[Name, HostModel] = Field(min_length=2, max_length=8)
    link: LinkModel = Field(default_factory=LinkModel)
    until: Line = Field("at rest", description="A duration, or: at rest.")
    beats: list[BeatModel] = Field(min_length=1, max_length=100)
    checks: list[CheckModel] = Field(default_factory=list, max_length=20)


# --- translations ---


class Translated(Model):
    """One sentence in another language and the hash of the English one it was made from."""

    of: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}$")]
    text: Markdown


class OptionOverlay(Model):
    """Translations of one option."""

    text: Translated | None = None
    feedback: Translated | None = None


class AskOverlay(Model):
    """Translations of a bet or question; options by their value."""

    prompt: Translated | None = None
    options: dict[str, OptionOverlay] = Field(default_factory=dict)


class TouchOverlay(Model):
    """Translations of something to do."""

    task: Translated | None = None
    compared: Translated | None = None


class BeatOverlay(Model):
    """Translations of one beat, or of one check."""

    title: Translated | None = None
    words: Translated | None = None
    bet: AskOverlay | None = None
    question: AskOverlay | None = None
    touch: TouchOverlay | None = None


class RefutedOverlay(Model):
    """Translations of what one may have read."""

    says: Translated | None = None
    truth: Translated | None = None


class OverlayModel(Model):
    """A translation of a lesson: ``<lang>.yaml`` beside it."""

    format: Literal[1]
    lesson: Slug
    title: Translated | None = None
    goal: Translated | None = None
    out_of_scope: list[Translated] = Field(default_factory=list)
    refutes: list[RefutedOverlay] = Field(default_factory=list)
    beats: dict[str, BeatOverlay] = Field(default_factory=dict)
    checks: dict[str, BeatOverlay] = Field(default_factory=dict)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of ``lesson.yaml`` for editors."""
    schema = LessonModel.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "tcp-tutor lesson, format 1"} | schema


# --- validation ---

M = TypeVar("M", bound=Model)


class Fault(NamedTuple):
    """One fault of shape as pydantic found it: where (with pydantic's own steps), which kind, what stood there."""

    loc: tuple[str | int, ...]
    kind: str
    found: Any
    context: Mapping[str, Any]


def validate(model: type[M], data: object) -> tuple[M | None, tuple[Fault, ...]]:
    """``data`` as a ``model``, or every fault of its shape at once."""
    try:
        return model.model_validate(data), ()
    except ValidationError as error:
        faults = error.errors(include_url=False)
        return None, tuple(Fault(each["loc"], each["type"], each["input"], each.get("ctx", {})) for each in faults)
