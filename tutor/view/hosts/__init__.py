"""The hosts from inside: variables, timers, buffers, queues, sockets, counters and programs, as pictures.

    moment.py      the world at the playhead, and what it was before the last thing happened
    sheet.py       what a picture is drawn on: text that fits, badges, pills, words for ids
    variables.py   the connection variables of both ends in the RFC's names
    timers.py      what runs, since when and why, and what will happen when it runs out
    buffers.py     both buffers as strips of sequence numbers; ends.py is both of these beside each other
    shelves.py     SYN queue, accept queue, TIME-WAIT entries
    tables.py      sockets as ``ss`` prints them, counters as ``nstat`` does
    programs.py    what each application does, line by line
    meanings.py    one sentence about each of these names

Rules
-----
* A picture speaks of one moment: of the world at the playhead, and of what is different from the moment before. It
  looks at nothing that comes later.
* Every number is the engine's own. A picture that cannot show all says how many are left out.
"""
