"""The window. The only part of the program that knows Qt; only ``cli`` imports it, lazily.

Rules
-----
* A widget has ``show_…(picture, rows or words)`` and emits intents. It reads no World, takes no decision that could
  be taken without Qt, and knows no other widget.
* One value is the application: the ``Session`` in ``Conductor``. ``send(intent)`` makes the next one; what is
  different between the two is told to the views, and nothing else ever is.
* Every key, menu entry and button is a row of ``commands.py``.

The map
-------
``app`` start, platform, faults · ``conductor`` session, clock, who is told what · ``window`` the regions and their
layout rules · ``commands`` the registry of actions · ``paint`` a Picture on a QPainter · ``canvas`` the widget that
shows one · ``card`` the frame round a region · ``lesson_card`` words, bet, variables · ``prose`` Markdown on screen ·
``transport`` the clock's buttons and the scrubber · ``topbar`` title, lessons, language, theme · ``details`` the
segment that was clicked · ``opening`` files, and what is wrong with them · ``overlay`` the list of keys ·
``fonts`` ``style`` ``icons`` how it looks · ``stills`` ``render`` ``pdf`` ``outlines`` the same pictures without a
window · ``film`` frames from the virtual clock, ``encoders`` who makes a file of them, ``filming`` both together ·
``exporting`` the window's dialog for all of it, ``film_work`` a film beside the window.
"""
