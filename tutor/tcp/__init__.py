"""The protocol: RFC 9293 section 3.10 as pure functions on frozen values.

Read in this order: ``states`` and ``segment`` (the nouns), ``transitions`` (every edge), ``tcb`` (what one
end knows), ``events`` (what comes in and goes out), ``endpoint`` (the front door), then ``calls``,
``arrivals``, ``checks`` and ``expiries``, which follow the RFC line by line. ``permit`` decides what may leave and
``output`` sends it, ``writing`` cuts what a program writes, ``persist`` says how long to wait, ``challenge`` what the
invalid is answered. ``loss`` is the front of what reacts to the network: ``congestion`` and ``cubic`` size the window,
``control`` asks them at the right moments, ``ecn`` listens to marks. ``profile`` holds every number, ``wire`` turns a
segment into octets.

This package imports the standard library only, and never a clock, chance, a log or a thread.
"""
