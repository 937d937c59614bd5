"""tcp-tutor: how a TCP connection lives and dies, computed by a real engine. The map of the package.

A connection is a value; an event and a time make the next value. A world is a value made of hosts, links
and what is in flight. A trace is the list of all worlds so far, and a branch is a trace that shares its
beginning with another. Everything on screen is a pure function of (trace, playhead, look). So stepping
back, scrubbing, forking, comparing, searching and grading are one mechanism each, not a feature each.

Read from the inside out; each package imports only towards the first::

    tcp/       the protocol: RFC 9293 section 3.10 as pure functions; every edge, reason and number in a table
    world/     hosts, links, acts, programs; traces that can be rewound, forked and compared
    explore/   search over the same engine: what must always hold, and the shortest run that breaks it
    exchange/  outside formats: the trace as JSON lines, saved runs; kernel recordings and packetdrill scripts, judged
    view/      pictures as values: diagram, ladder, scrubber, hosts from inside, text; no Qt
    teach/     lessons, their linter, bets and questions, and the whole application state as one value
    ui/        Qt: paints, listens and nothing more

    languages.py   which languages there are, and which one a person wants
    words.py       ids and English sentences -> words in a language
    joining.py     how each language joins a name and its value, a list, one sentence and the next
    refusals.py    what the world says of a word that it does not take -> the same in a language
    osfaults.py    what the system says of a file that it does not give or take -> the same in a language
    profiles.py    assets/profiles/*.toml -> the numbers and rules of one TCP, each with its source
    resources.py   finds assets/ and lessons/
    doctor.py      what this machine has and what a window would need
    cli.py         the command line; commands/ has one file a command

``tcp`` and ``world`` know no clock, no chance and no screen: time and dice are arguments. Only ``ui`` knows
Qt. Only ``tcp.tcb.move`` sets a state, and only along an edge of ``tcp.transitions.TRANSITIONS``. The tests
in ``tests/house`` hold these rules, each with its reason.
"""
