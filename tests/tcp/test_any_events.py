"""Whatever happens, in whatever order: no event may break a block, cross an unlisted edge or surprise the engine.

``End`` checks after every event that the block it gave is unchanged, that edges exist and follow one another, that
the queue reaches from SND.UNA to SND.NXT without a hole, that somebody's timer will send it, and more (``look_at``).
"""

from __future__ import annotations

from hypothesis import event as note, given, settings, strategies as st

from tests.tcp.builders import BY_STATE, PEER, US, End, crossed, rules, segment
from tutor.tcp import seq as sequence
from tutor.tcp.events import Abort, Close, Icmp, Open, Receive, Release, Send, SetOption, Shutdown, Status
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Options
from tutor.tcp.states import State

PROFILES = st.sampled_from(
    [
        rules(),
        rules("linux-6.18"),
        rules("rfc9293-note3"),
        rules(timestamps=True, window_scaling=True, receive_buffer=300),
        rules(
            syn_text="ignore",
            repeated_syn="syn-ack",
            half_duplex_close=False,
            reset_must_be_exact=False,
            syn_is_challenged=False,
        ),
    ]
)

CALLS = st.one_of(
    st.builds(Open, st.booleans(), st.just(US), st.sampled_from([None, PEER]), st.just(100), st.just("ours")),
    st.builds(
        Send,
        st.sampled_from([0, 1, 10, 4000]),
        st.booleans(),
        st.booleans(),
        st.sampled_from([None, PEER]),
        st.just(100),
    ),
    st.builds(Receive, st.sampled_from([0, 1, 1 << 30])),
    st.just(Close()),
    st.just(Abort()),
    st.just(Status()),
    st.builds(Shutdown, st.sampled_from(["read", "write", "both"])),
    st.builds(Release, st.sampled_from([None, 0, 1_000_000])),
    st.builds(SetOption, st.sampled_from(["nodelay", "keepalive"]), st.booleans()),
    st.builds(
        SetOption, st.sampled_from(["user_timeout_us", "receive_buffer", "send_buffer"]), st.sampled_from([0, 500])
    ),
)

SEGMENTS = st.tuples(
    st.sampled_from([-1000, -11, -1, 0, 0, 0, 1, 5, 10, 299, 300, 65534, 65535, 1 << 31]),  # from RCV.NXT
    st.sampled_from([-70_000, -1, 0, 0, 1, 1, 5, 1_000_000]),  # from SND.UNA; the last means SND.NXT
    st.integers(0, 63),
    st.sampled_from([0, 0, 1, 10, 2000]),
    st.sampled_from([0, 1, 100, 65535]),
    st.sampled_from([None, -1, 0, 1]),  # timestamp, from TS.Recent
    st.booleans(),  # may it open a connection
)

ICMPS = st.tuples(
    st.sampled_from(["hard", "soft", "too-big"]), st.integers(-1, 1), st.sampled_from([None, 0, 576, 1500])
)


def arrives(end: End, drawn: tuple[int, int, int, int, int, int | None, bool]) -> None:
    """A segment whose numbers are near those that the end knows."""
    offset, behind, flags, text, win, stamp, opens = drawn
    tcb = end.tcb
    ack = tcb.snd.nxt if behind == 1_000_000 else sequence.add(tcb.snd.una, behind)
    stamps = None if stamp is None else (sequence.add(tcb.agreed.ts_recent, stamp), 0)
    arriving = segment(
        "none",
        seq=sequence.add(tcb.rcv.nxt, offset),
        ack=ack,
        text=text,
        win=win,
        options=Options(timestamp=stamps),
        urgent=text,
    )
    bits = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"]
    names = ",".join(name for bit, name in enumerate(bits) if flags >> bit & 1) or "none"
    end.takes(
        segment(names, seq=arriving.seq, ack=ack, text=text, win=win, options=arriving.options, urgent=text),
        iss=900 if opens or tcb.state is State.LISTEN else None,
    )


@settings(max_examples=250)
@given(
    profile=PROFILES,
    start=st.sampled_from([*State, None]),
    events=st.lists(st.one_of(CALLS, SEGMENTS, SEGMENTS, SEGMENTS, ICMPS, st.none(), st.none()), max_size=25),
)
def test_no_events_in_any_order_break_a_block(profile: Profile, start: State | None, events: list[object]) -> None:
    """From every state; None among the events lets the next timer run out."""
    end = crossed(profile) if start is None else BY_STATE[start](profile)
    for drawn in events:
        if drawn is None:
            if end.tcb.next_deadline() is not None:
                end.expires()
        elif not isinstance(drawn, tuple):
            end.does(drawn)  # type: ignore[arg-type]
        elif len(drawn) == 3:
            end.does(Icmp(drawn[0], sequence.add(end.tcb.snd.una, drawn[1]), drawn[2]))
        else:
            arrives(end, drawn)
        end.wait(100_000)
    note(f"ended in {end.state}")
