"""Generated questions: exactly one right answer by a prover that trusts nobody, and a reason for every wrong one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from tests.setting import ill_set
from tutor.profiles import load_profile
from tutor.tcp.states import State
from tutor.tcp.transitions import EDGES, TRANSITIONS
from tutor.teach.generate import NothingToAsk, again, generators_of, pose, pose_of_run
from tutor.teach.generate_many import draft_leaves
from tutor.teach.generate_runs import STORIES, Stage, of_edge, run_of, setting_of
from tutor.teach.generated import KINDS, Posed, feedback, grade, interval, inverted, plain, said
from tutor.teach.lesson import Option
from tutor.teach.ordinary import ordinary_rows
from tutor.teach.proving import faults, right_options
from tutor.words import LANGUAGES
from tutor.world.acts import parse_act
from tutor.world.program import parse_program
from tutor.world.scenario import HostSpec, LinkSpec, Scenario
from tutor.world.trace import Trace

ALL = 2000
"""So many questions of each kind are generated and proved by the longest run."""


def _faults(kind: str, seeds: range) -> list[str]:
    return [fault for seed in seeds for fault in faults(pose(kind, seed))]


@pytest.mark.parametrize("kind", KINDS)
def test_a_generated_question_has_one_right_answer(kind: str) -> None:
    """Proved on a run made anew; every wrong answer says why in both languages with numbers of this run."""
    assert _faults(kind, range(ALL // 50)) == []


@pytest.mark.ci
@pytest.mark.parametrize("kind", KINDS)
def test_many_generated_questions_have_one_right_answer(kind: str) -> None:
    """A fifth of all, other seeds than those of the short run."""
    assert _faults(kind, range(10_000, 10_000 + ALL // 5)) == []


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_two_thousand_generated_questions_have_one_right_answer(kind: str) -> None:
    """All of them, from seeds that no other run uses."""
    assert _faults(kind, range(1_000_000, 1_000_000 + ALL)) == []


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_question_and_another_one_other_numbers(kind: str) -> None:
    """A card that comes back asks the same with new numbers; a seed in a hand-out is the hand-out."""
    assert pose(kind, 5) == pose(kind, 5)
    asked = {(pose(kind, seed).setting, pose(kind, seed).ask) for seed in range(8)}
    assert len(asked) == 8, "every seed asks something else"


@pytest.mark.sampled(2)
@pytest.mark.parametrize("kind", KINDS)
def test_chinese_is_set_as_chinese(kind: str) -> None:
    """Sentences into which others are put end and begin as Chinese ones do."""
    for seed in range(12):
        question = pose(kind, seed)
        texts = [question.ask.prompt, question.setting, *(option.feedback for option in question.ask.options)]
        found = [place for text in texts if text is not None for place in ill_set(text["zh"])]
        assert not found, f"{question.id}: {found}"


# --- the prover can fail ---


def _other(question: Posed, **changes: object) -> Posed:
    return replace(question, **changes)  # type: ignore[arg-type]


def _with_option(question: Posed, place: int, **changes: object) -> Posed:
    options = list(question.ask.options)
    options[place] = replace(options[place], **changes)  # type: ignore[arg-type]
    return replace(question, ask=replace(question.ask, options=tuple(options)))


def _wrong_place(question: Posed) -> int:
    return next(i for i in range(len(question.ask.options)) if i not in question.right)


PLANTED: dict[str, Callable[[Posed], Posed]] = {
    "another answer is said to be right": lambda q: _other(q, right=(_wrong_place(q),)),
    "two options mean the same": lambda q: _with_option(
        q, _wrong_place(q), value=q.ask.options[q.right[0]].value, text=plain("something else")
    ),
    "two options read alike": lambda q: _with_option(q, _wrong_place(q), text=plain(q.label(q.right[0], "en"))),
    "a wrong answer has no reason": lambda q: _with_option(q, _wrong_place(q), feedback=None),
    "a reason is not translated": lambda q: _with_option(q, _wrong_place(q), feedback=plain("Because.")),
    "a reason says a number that the run does not have": lambda q: _with_option(
        q, _wrong_place(q), feedback=said("It is {at}.", at="98765.4321")
    ),
    "the moment is in the middle of an instant": lambda q: _other(q, at=q.at + 1),
}
"""What may be wrong with a question -> how to make it so."""


@pytest.mark.sampled(2)
@pytest.mark.parametrize("what", PLANTED)
@pytest.mark.parametrize("kind", ["choice", "next-state", "next-segment", "time", "table"])
def test_a_planted_fault_is_found(kind: str, what: str) -> None:
    """Else a generator could err for ever."""
    question = next(q for q in (pose(kind, seed) for seed in range(30)) if q.asks.split()[0] != "edge")
    assert faults(question) == []
    assert faults(PLANTED[what](question)) != []


def test_another_spelling_of_the_right_segment_is_the_right_segment() -> None:
    """``SYN+ACK seq=0 ack=1 len=0`` says what ``SYN,ACK seq=0 ack=1`` says: it would be a second right option."""
    question = next(q for q in (pose("next-segment", s) for s in range(50)) if "len" not in q.ask.answers[0])
    flags, rest = question.ask.answers[0].split(" ", 1)
    spelled = f"{flags.replace(',', '+')} {rest} len=0"
    twice = _with_option(question, _wrong_place(question), value=spelled)
    assert len(right_options(twice)) == 2
    assert any("2 options are right" in fault for fault in faults(twice))


def test_a_time_too_near_to_the_right_one_is_no_wrong_one() -> None:
    """A learner who types a time is right within a tenth: no option may lie there."""
    question = pose("time", 3)
    low, high = interval(question)
    near = _with_option(question, _wrong_place(question), value=f"{(low + high) // 2 + 1}us")
    assert any("cannot be told" in fault or "2 options" in fault for fault in faults(near))


def test_two_things_at_one_instant_have_no_order() -> None:
    """The SYN leaves at the instant at which its sender enters SYN-SENT."""
    question = pose("order", 4)
    first = question.ask.options[question.right[0]]
    twin = Option(first.value, plain("a twin"), first.feedback)
    doubled = replace(question, ask=replace(question.ask, options=(*question.ask.options[:-1], twin)))
    assert any("not exactly one order" in fault for fault in faults(doubled))


def test_one_option_of_many_moved_to_the_other_side_is_found() -> None:
    """The right set is one set."""
    question = pose("many", 2)
    assert faults(_other(question, right=question.right[:-1] or (_wrong_place(question),))) != []


@pytest.mark.sampled(20)
@pytest.mark.parametrize(
    ("state", "event"),
    [
        (State.SYN_RECEIVED, "close-wait/close"),  # right: CLOSE leaves it too
        (State.SYN_RECEIVED, "established/rcv-fin"),  # a FIN brings the ACK that is waited for
        (State.LISTEN, "time-wait/rcv-syn"),  # a new SYN is a SYN
        (State.TIME_WAIT, "closed/active-open"),  # a call may take its place
        (State.LAST_ACK, "fin-wait-1/rcv-text-orphan"),  # text may bring the ACK of the FIN
        (State.SYN_RECEIVED, "syn-sent/unreachable"),  # the table has no row for it, but Linux may drop the entry
    ],
)
def test_an_event_that_might_be_meant_is_no_wrong_answer(state: State, event: str) -> None:
    """Whoever knows more than the table must not be wrong for it."""
    found = (pose("many", seed) for seed in range(3000))
    question = next(q for q in found if q.asks == f"leaves {state.value} linux-6.18")
    doubtful = _with_option(question, _wrong_place(question), value=event)
    assert faults(question) == []
    assert faults(doubtful) != []


CONDITIONAL = [
    (State.FIN_WAIT_2, "fin-wait-2/rcv-syn"),  # an orphan's entry; whoever is held answers with a challenge ACK
    (State.FIN_WAIT_2, "fin-wait-2/timeout"),  # nothing is in flight: only a keep-alive can stay unanswered
    (State.SYN_RECEIVED, "syn-received/close"),  # no program holds what has been opened passively
    (State.TIME_WAIT, "time-wait/abort"),  # nor TIME-WAIT
    (State.TIME_WAIT, "time-wait/rcv-syn"),  # only where somebody listens
]


@pytest.mark.parametrize(("state", "event"), CONDITIONAL)
def test_what_holds_on_an_unnamed_condition_is_never_offered(state: State, event: str) -> None:
    """The table has the row, and the engine crosses it; but of an ordinary connection it is not true."""
    stage = of_edge("listen/close", "linux-6.18", Random(1))
    assert stage is not None
    drafts = [draft_leaves(stage, state, Random(seed)) for seed in range(60)]
    offered = {answer.value for draft in drafts if draft is not None for answer in (*draft.right, *draft.wrong)}
    assert len(offered) > 5
    assert event not in offered


def test_the_prover_refuses_what_holds_on_an_unnamed_condition() -> None:
    """Said to be right or wrong of any connection in FIN-WAIT-2: either would be unfair."""
    found = (pose("many", seed) for seed in range(3000))
    question = next(q for q in found if q.asks == "leaves FIN-WAIT-2 linux-6.18")
    for place in (question.right[0], _wrong_place(question)):
        assert any("condition" in fault for fault in faults(_with_option(question, place, value="fin-wait-2/rcv-syn")))


def test_a_conditional_edge_is_asked_about_in_its_run_only() -> None:
    """Of the orphan's edge one may ask what it becomes, with the run in sight; never as a rule."""
    asked = {
        pose(f"{kind}@fin-wait-2/rcv-syn", seed).asks.split()[0]
        for kind in ("choice", "next-state")
        for seed in range(12)
    }
    assert "next-state" in asked
    assert "edge" not in asked


@pytest.mark.ci
def test_each_call_has_its_own_success() -> None:
    """connect() does not succeed by reading a FIN."""
    told = set()
    for seed in range(250):
        question = pose("choice", seed)
        if question.asks.startswith("result "):
            zero = next((o for o in question.ask.options if o.value == "0" and o.feedback is not None), None)
            if zero is not None:
                assert zero.feedback is not None
                assert ("FIN and all" in zero.feedback.en) == question.asks.endswith(" read"), question.id
                told.add(question.asks.split()[-1])
    assert told == {"connect", "read"}


def test_an_event_of_many_states_is_said_to_be_of_all_of_them() -> None:
    """CLOSE is no event of CLOSE-WAIT alone: who picked it where it does not belong is told every state that has it."""
    told = set()
    for seed in range(25):
        question = pose("many@listen/close", seed)
        if not question.asks.startswith("leaves "):
            continue
        rows = ordinary_rows(question.asks.split()[-1])
        for place, option in enumerate(question.ask.options):
            if place not in question.right and option.feedback is not None:
                cause = EDGES[option.value].cause
                homes = {row.source.value for row in rows if row.cause == cause}
                for lang in LANGUAGES:
                    assert {home for home in homes if home in option.feedback[lang]} == homes
                told.add(len(homes))
    assert max(told) > 3 and 1 in told


# --- what is asked ---


@pytest.mark.sampled(10)
@pytest.mark.parametrize("story", [story.name for story in STORIES])
def test_every_story_can_be_asked_about(story: str) -> None:
    """No story is idle: of each at least three kinds of questions are made, and they hold."""
    made = []
    for kind in KINDS:
        try:
            made.append(pose(f"{kind}@{story}", 1))
        except NothingToAsk:
            continue
    assert len(made) >= 3, f"of {story} only {[question.kind for question in made]}"
    assert [fault for question in made for fault in faults(question)] == []


@pytest.mark.sampled(8)
@pytest.mark.parametrize("edge", [edge.id for edge in TRANSITIONS])
def test_every_edge_can_be_asked_about(edge: str) -> None:
    """A card about an edge comes back as a question on that very edge, or as one about the table's row."""
    made = []
    for kind in ("next-state", "choice", "many"):
        try:
            made.append(pose(f"{kind}@{edge}", 1))
        except NothingToAsk:
            continue
    assert made, f"nothing to ask about {edge}"
    assert [fault for question in made for fault in faults(question)] == []


def test_a_lesson_s_questions_are_about_its_stories() -> None:
    """Lesson 18 is about both ends closing at once."""
    generators = generators_of("18-simultaneous-close")
    assert generators
    assert all(name.endswith("@both-close") for name in generators)
    assert set(generators_of("99-no-such-lesson")) == set(KINDS)


def test_asked_again_it_is_of_the_same_story_with_other_numbers() -> None:
    """What was wrong once comes back about the same thing, not as the same picture."""
    first = pose("next-segment@ack-lost-data", 1)
    second = again(first, 2)
    assert second.card == first.card == "made:next-segment/ack-lost-data"
    assert second.setting != first.setting
    assert faults(second) == []


@pytest.mark.parametrize("generator", ["riddle", "time@no-such-story", "time@refused"])
def test_a_generator_that_makes_nothing_says_so(generator: str) -> None:
    """No kind, no story, or nothing of the kind in it: nothing takes its time, the RST comes at once."""
    if generator == "time@refused":
        assert faults(pose(generator, 1)) == []
        return
    with pytest.raises(NothingToAsk):
        pose(generator, 1)


# --- of a run that is somebody's own ---


def test_a_learner_s_own_run_is_asked_about_from_where_they_stand() -> None:
    """Nothing before the playhead is asked about, and what is asked lies in this very run."""
    own = pose("next-state@fin-lost", 3)
    for kind in KINDS:
        for first in (1, 6, 9):
            question = pose_of_run(Stage(own.trace, own.setting, first=first), kind, 4)
            if question is not None:
                assert question.index >= first - 1
                assert question.trace is own.trace
                assert faults(question) == []


def test_at_the_end_of_a_run_nothing_is_left_to_ask() -> None:
    """Nor is anything invented."""
    own = pose("next-state@handshake", 3)
    last = len(own.trace.steps) - 1
    assert pose_of_run(Stage(own.trace, own.setting, first=last + 1), "next-state", 1) is None


def _wild(seed: int) -> Trace:
    """Several callers, losses, copies and detours, somebody who pulls plugs: a run as a learner makes one."""
    dice = Random(seed)
    rules = load_profile(dice.choice(["linux-6.18", "rfc9293", "linux-4.19", "linux-2.6", "rfc9293-note3"]))
    ends = ("close", "abort", "exit", "shutdown write")
    callers = tuple(
        parse_program(
            [
                f"after {dice.randrange(900)}ms connect server:80",
                f"write {dice.randrange(1, 6000)}",
                f"after {dice.randrange(5, 900)}ms {dice.choice(ends)}",
            ]
        )
        for _ in range(dice.randrange(1, 4))
    )
    server = parse_program(["listen 80", "accept", "read", "when peer-closed close"])
    hosts = (
        HostSpec("client", "10.0.0.1", rules, programs=callers),
        HostSpec("server", "10.0.0.2", rules, programs=(server,)),
    )
    parameters = {"delay": f"{dice.randrange(1, 90)}ms", "loss": f"{dice.choice([0, 10, 30])}%"}
    parameters |= {"duplication": f"{dice.choice([0, 20])}%", "jitter": f"{dice.choice([0, 30])}ms"}
    hands = ("crash client", "crash server", "cut link", "mend link", "server close", "server write 500")
    acts = tuple((dice.randrange(1, 4_000_000), parse_act(dice.choice(hands))) for _ in range(dice.randrange(4)))
    link = LinkSpec("client", "server", parameters=tuple(parameters.items()))
    return run_of(Scenario(hosts, (link,), seed=seed, acts_at=acts, until=120_000_000))


@pytest.mark.parametrize("seed", [*range(6), *(pytest.param(seed, marks=pytest.mark.ci) for seed in range(6, 60))])
def test_a_wild_run_is_asked_about_soundly(seed: int) -> None:
    """Wherever somebody stands in whatever run: what is asked has one answer, and says which connection is meant."""
    trace = _wild(seed)
    count = len(trace.steps)
    for place, kind in enumerate(KINDS * 2):
        first = 1 + (count - 1) * place // (2 * len(KINDS))
        question = pose_of_run(Stage(trace, setting_of(trace), first=first), kind, seed)
        assert question is None or faults(question) == []


# --- grading ---


def test_an_order_is_right_only_whole_and_each_mistake_is_explained() -> None:
    """Two neighbours the other way round: told why the first comes first."""
    question = pose("order", 7)
    assert grade(question, question.right)
    a, b, *rest = question.right
    assert not grade(question, (b, a, *rest))
    assert inverted(question, (b, a, *rest)) == ((a, b),)
    assert feedback(question, (b, a, *rest)) == (question.ask.options[a].feedback,)


def test_of_many_what_is_missing_is_explained_as_well_as_what_is_too_much() -> None:
    """One right one left out, one wrong one ticked."""
    question = pose("many", 9)
    wrong = _wrong_place(question)
    given = (*question.right[1:], wrong)
    assert grade(question, question.right)
    assert not grade(question, given)
    told = {question.ask.options[i].feedback for i in (question.right[0], wrong)}
    assert set(feedback(question, given)) == told


def test_a_typed_time_is_right_within_a_tenth() -> None:
    """And far from it the nearest common error is explained, if it is one."""
    question = pose("time", 11)
    low, high = interval(question)
    assert grade(question, (), (low + high) // 2)
    assert not grade(question, (), high + 1)
    assert feedback(question, (), (low + high) // 2) == (question.ask.options[question.right[0]].feedback,)
