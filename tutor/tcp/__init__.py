"""The protocol: RFC 9293 section 3.10 as pure functions on frozen values.

Read in this order: ``states`` and ``segment`` (the nouns), ``transitions`` (every edge), ``tcb`` (what one
end knows), ``events`` (what comes in and goes out), ``endpoint`` (the front door), then ``calls``,
``arrivals``, ``checks`` and ``expiries``, which follow the RFC line by line. ``output`` decides what may leave,
``persist`` how long to wait, ``challenge`` what the invalid is answered. ``profile`` holds every number, ``wire``
turns a segment into octets.

This package imports the standard library only, and never a clock, chance, a log or a thread.
"""
