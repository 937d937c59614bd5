"""packetdrill: other people's TCP tests as data.

    script      what a script says, as values; and back to text
    reading     text with places; the error that says where, what was found, what is allowed
    parser      text -> Script
    values      the arguments and results of calls
    settings    shell lines recognised (sysctl, defaults), never executed
    expression  ``%{ assert ... }%`` by a small safe evaluator
    neutral     the form in which a script of another system is asked
    runner      a Script played on a simulated host
    judge       pass, fail with the first difference, or unsupported with the feature

The language is that of google/packetdrill, with what the dialects of nplab and FreeBSD add.
"""
