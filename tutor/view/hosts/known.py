"""What one end of a connection knows, as values under the RFC's names.

Rules
-----
* What is not known yet has no value: no number is made up.
* A sequence number is told twice: counted from the connection's own initial number, and as it is on the wire.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tutor.tcp import congestion, seq
from tutor.tcp.info import sender_info
from tutor.tcp.profile import Profile
from tutor.tcp.states import SYNCHRONISED, State
from tutor.tcp.tcb import Tcb
from tutor.view.standing import SCREEN_NAMES
from tutor.words import mark
from tutor.world.time import format_duration


class Value(NamedTuple):
    """What a variable is: as it is read, as it is on the wire (the same where there is but one), and its unit."""

    text: str
    wire: str = ""
    unit: str = ""

    def shown(self, *, is_absolute: bool = False) -> str:
        """The value with its unit."""
        text = self.wire if is_absolute and self.wire else self.text
        return f"{text} {self.unit}" if self.unit else text


GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (mark("Send"), ("SND.UNA", "SND.NXT", "SND.WND", "SND.WL1", "SND.WL2", "SND.UP", "ISS", "MAX.SND.WND")),
    (mark("Receive"), ("RCV.NXT", "RCV.WND", "RCV.UP", "IRS", "Last.ACK.sent", "SACK")),
    (mark("Congestion"), ("cwnd", "ssthresh", "FlightSize", "Phase", "DupAcks", "Control")),
    (mark("Round trip"), ("SRTT", "RTTVAR", "RTO", "min RTT", "Retries")),
    (
        mark("Connection"),
        ("State", "Descriptor", "SMSS", "Snd.Wind.Shift", "Rcv.Wind.Shift", "TS.Recent", "SACK-permitted", "ECN"),
    ),
)
"""Head of a group, and its variables."""

OURS = {name: name for name in (mark("State"), mark("Descriptor"), mark("Phase"), mark("Retries"), mark("Control"))}
"""Names that are ours, and so are said in the reader's language; the others are RFCs' and kernels'."""

ALWAYS = frozenset(name for _, names in GROUPS for name in names) - {"SND.UP", "RCV.UP", "SACK", "DupAcks", "ECN"}
"""Variables that are shown even where no end has a value; the others only when one has."""

Values = dict[str, Value]


def values_of(tcb: Tcb | None, profile: Profile, now: int) -> Values:
    """Every variable that this end knows at ``now``; one that it does not know is missing."""
    if tcb is None or tcb.state in (State.CLOSED, State.LISTEN):
        return {"State": Value(_screen(tcb.state))} if tcb is not None else {}
    found = {"State": Value(_screen(tcb.state))}
    found |= _sending(tcb)
    if tcb.state is not State.SYN_SENT:
        found |= _receiving(tcb)
    else:
        found["RCV.WND"] = Value(str(tcb.rcv.wnd))
    if not tcb.is_small and tcb.state is not State.TIME_WAIT:
        found |= _congestion(tcb, profile, now)
        found |= _round_trip(tcb)
    return found | _agreed(tcb, profile, now)


def _screen(state: State) -> str:
    return SCREEN_NAMES.get(state, str(state))


def _number(base: int, value: int) -> Value:
    return Value(str(seq.distance(base, value)), str(value))


def _sending(tcb: Tcb) -> Values:
    snd = tcb.snd
    found = {"SND.UNA": _number(snd.iss, snd.una), "SND.NXT": _number(snd.iss, snd.nxt)}
    found["ISS"] = Value("0", str(snd.iss))
    if tcb.state is not State.SYN_SENT:
        found |= {
            "SND.WND": Value(str(snd.wnd)),
            "SND.WL1": _number(tcb.rcv.irs, snd.wl1),
            "MAX.SND.WND": Value(str(snd.max_wnd)),
        }
    if tcb.state in SYNCHRONISED:
        found["SND.WL2"] = _number(snd.iss, snd.wl2)
    if snd.up is not None:
        found["SND.UP"] = _number(snd.iss, snd.up)
    return found


def _receiving(tcb: Tcb) -> Values:
    rcv = tcb.rcv
    found = {"RCV.NXT": _number(rcv.irs, rcv.nxt), "RCV.WND": Value(str(rcv.wnd)), "IRS": Value("0", str(rcv.irs))}
    if rcv.up is not None:
        found["RCV.UP"] = _number(rcv.irs, rcv.up)
    if tcb.agreed.last_ack_sent or tcb.agreed.timestamps:
        found["Last.ACK.sent"] = _number(rcv.irs, tcb.agreed.last_ack_sent)
    if tcb.inc.blocks:
        near = ((seq.distance(rcv.irs, left), seq.distance(rcv.irs, right)) for left, right in tcb.inc.blocks)
        found["SACK"] = Value(_blocks(near), _blocks(tcb.inc.blocks))
    return found


def _blocks(blocks: Iterable[tuple[int, int]]) -> str:
    return ", ".join(f"{left}–{right}" for left, right in blocks)


def _congestion(tcb: Tcb, profile: Profile, now: int) -> Values:
    found = {"FlightSize": Value(str(tcb.flight_size)), "Phase": Value(tcb.rec.phase)}
    control = congestion.control_of(tcb.cc, profile)
    found["Control"] = Value(control)
    if tcb.rec.dupacks:
        found["DupAcks"] = Value(str(tcb.rec.dupacks))
    if control == "off" or not tcb.cc.window:
        return found
    info = sender_info(tcb, profile, now)
    if congestion.counts_octets(profile):
        window, threshold, unit = tcb.cc.window, tcb.cc.threshold, ""
    else:
        window, threshold, unit = info.snd_cwnd, info.snd_ssthresh, "MSS"
    found["cwnd"] = Value(str(window), unit=unit)
    found["ssthresh"] = Value("∞") if threshold == congestion.INFINITE else Value(str(threshold), unit=unit)
    return found


def _round_trip(tcb: Tcb) -> Values:
    rtx = tcb.rtx
    found = {"Retries": Value(str(rtx.count))}
    if rtx.rto:
        found["RTO"] = Value(format_duration(rtx.rto))
    if rtx.srtt is not None:
        found |= {"SRTT": Value(_span(rtx.srtt)), "RTTVAR": Value(_span(rtx.rttvar))}
    if tcb.cc.min_rtt_us is not None:
        found["min RTT"] = Value(_span(tcb.cc.min_rtt_us))
    return found


def _span(micros: int) -> str:
    """A measured time to four digits: more of them are noise."""
    digits = max(0, len(str(micros)) - 4)
    return format_duration(round(micros, -digits))


def _agreed(tcb: Tcb, profile: Profile, now: int) -> Values:
    agreed = tcb.agreed
    if tcb.state is State.SYN_SENT:
        return {}
    found = {"SMSS": Value(str(sender_info(tcb, profile, now).snd_mss)), "SACK-permitted": Value(_yes(agreed.sack))}
    if agreed.window_scaling:
        found |= {"Snd.Wind.Shift": Value(str(agreed.snd_scale)), "Rcv.Wind.Shift": Value(str(agreed.rcv_scale))}
    if agreed.timestamps:
        found["TS.Recent"] = Value(str(agreed.ts_recent))
    if agreed.ecn:
        found["ECN"] = Value(_yes(agreed.ecn))
    return found


def _yes(is_so: bool) -> str:
    return mark("yes") if is_so else mark("no")
