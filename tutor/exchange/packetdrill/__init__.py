"""packetdrill: other people's TCP tests as data.

    script      what a script says, as values; and back to text
    reading     text with places; the error that says where, what was found, what is allowed
    parser      text -> Script
    values      the arguments and results of calls
    settings    shell lines recognised (sysctl, defaults), never executed
    expression  ``%{ assert ... }%`` by a small safe evaluator
    arguments   what the arguments of a call mean
    preparing   what a script asks for before its first item
    stage       the host under test, the peer that is only a script, and what both have done
    sockets     the script's calls, made through the socket interface
    comparing   a segment expected, a segment sent: the first field that differs
    neutral     the form in which a script of another system is asked
    runner      a Script played on a simulated host
    playing     a Script as a run to look at, whatever it expects
    judge       pass, fail with the first difference, or unsupported with the feature

The language is that of google/packetdrill, with what the dialects of nplab and FreeBSD add.
"""
