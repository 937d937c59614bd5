"""The world: hosts, links and what is in flight, as one frozen value, and the ways to move through its time.

A World is a value. ``step(world)`` makes the next one; ``act(world, act)`` makes the next one by hand. There is
no third way. Whatever came before stays as it was, so stepping back is looking at an older value.

Read in this order:

    time, chance      integer microseconds; dice that are keyed by what they are thrown for
    records, because  what can be seen to happen, and why a host does what it does: the vocabulary of a run
    acts, targets     what can be done, by programs, lessons, hands and switches; one line of text each
    program           what an application does, as acts with conditions
    sysctls, sockopts settings and socket options by their Linux names
    scenario          everything a run starts from; ``beginning`` makes the World at time 0 of it
    host, link        the values: a small kernel, and a cable
    agenda            what is due next: (time, priority, insertion number)
    desk, wire        the World, and a step while it is written down; how a segment travels, what becomes of it
    kernel, tables    a host while it is at work: what a reaction means for sockets, queues, ports and timers
    reception, isn    what a host does with a segment that arrives; initial sequence numbers
    calling, opening, calls     the socket interface
    waiting, running  calls that block; programs that go on
    hands             acts on the network: drop, cut, crash, inject
    world             step and act, the only two ways to a next World
    trace, timeline   all Worlds so far; a tree of futures; seek, fork, compare
    tempo, fates      wall time and simulated time; what became of each segment in the end
    query             "the first time that the server enters SYN-RECEIVED"
    digest, counting  a fingerprint that is the same on every machine; counters as ``nstat`` names them
    transcript        a run as text, and back

Pure: the standard library without clocks, dice, files and threads; ``tutor.tcp``; persistent maps from ``rpds``.
"""

ENGINE_VERSION = "1"
"""Changes whenever the same scenario, seed and acts may give another run; saved runs name it."""
