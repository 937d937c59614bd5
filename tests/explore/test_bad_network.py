"""TCP over a bad network: whatever is lost, repeated or late, the properties hold, under every set of rules."""

from __future__ import annotations

import pytest

from tests.world.stage import run
from tutor.explore.judging import judge
from tutor.profiles import profile_names
from tutor.world.records import StateChanged

TALK = """
    host client 10.0.0.1 {profile}
      at 0s connect server:80
      write 5000
      after 1s write 100
      shutdown write
      read
      repeat
    host server 10.0.0.2 {profile}
      at 0s listen 80
      accept
      read 3000
      write 2000
      when peer-closed after {pause} close
    link client server delay=10ms jitter=5ms loss={loss} duplication=10% reordering=20%
    seed {seed}
    until 10min
"""


@pytest.mark.parametrize("profile", profile_names())
@pytest.mark.parametrize("seed", range(12))
def test_no_chance_of_the_network_breaks_what_tcp_owes_its_programs(profile: str, seed: int) -> None:
    """No abort, no crash, no coincidence: only then may an end be left alone, or a reset be told."""
    text = TALK.format(
        profile=profile, seed=seed, loss=("15%", "30%")[seed % 2], pause=("0s", "2s")[seed // 2 % 2]
    )  # fmt: skip
    trace = run(text)
    found = judge(trace)
    gave_up = any(
        isinstance(record, StateChanged) and record.edge.endswith(("/abort", "/abort-wait", "/timeout", "-orphan"))
        for _, record in trace.records()
    )
    broken = {name for name, verdict in found.items() if verdict.broken is not None}
    assert broken <= ({"no-ghost"} if gave_up else set())
    assert found["own-bytes"].tried is not None and found["agreed-open"].tried is not None


def test_a_second_syn_ack_did_not_reset_an_old_kernel() -> None:
    """Before RFC 5961 a SYN had to lie in the window to reset; a copy of the SYN,ACK lies just before it."""
    text = """
        host client 10.0.0.1 linux-2.6
          at 0s connect server:80
          after 1s write 100
        host server 10.0.0.2 linux-2.6
          at 0s listen 80
          accept
          read
        link client server delay=10ms
        until 10s
        at 0s duplicate server:SYN,ACK 100ms
    """
    trace = run(text)
    assert {name for name, verdict in judge(trace).items() if verdict.broken is not None} == set()
    assert trace.world_at(trace.end).host("client").all_sockets()[-1].state == "ESTABLISHED"
