"""The world: hosts, links and what is in flight, as one frozen value, and the ways to move through its time.

A World is a value. ``step(world)`` makes the next one; ``act(world, act)`` makes the next one by hand. There is
no third way. Whatever came before stays as it was, so stepping back is looking at an older value.

Read in this order:

    time, chance      integer microseconds; dice that are keyed by what they are thrown for
    records           what can be seen to happen: the vocabulary of a run
    acts, targets     what can be done, by programs, lessons, hands and switches; one line of text each
    program           what an application does, as acts with conditions
    scenario          everything a run starts from
    host, link        the values: a small kernel, and a cable
    agenda            what is due next: (time, priority, insertion number)
    desk, wire        one step while it is written down; how a segment gets onto a link and what becomes of it
    kernel, queues    a host while it is at work: sockets, queues, timers, calls' answers
    calls, running    the socket interface; programs that wait and go on
    hands             acts on the network: drop, cut, crash, inject
    world             World, step, act
    trace, timeline   all Worlds so far; a tree of futures; seek, fork, compare
    fates             what became of each segment in the end
    query             "the first time that the server enters SYN-RECEIVED"
    digest            a fingerprint that is the same on every machine
    transcript        a run as text, and back

Pure: the standard library without clocks, dice, files and threads; ``tutor.tcp``; persistent maps from ``rpds``.
"""

ENGINE_VERSION = "1"
"""Changes whenever the same scenario, seed and acts may give another run; saved runs name it."""
