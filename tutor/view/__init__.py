"""Pictures as values: everything on screen is a pure function of (trace, playhead, look). No Qt.

Rules
-----
* A picture is a frozen value of marks in layers (``marks``). Qt paints it, ``svg`` prints it, tests compare it.
* Colours are roles, never values (``theme``); words come through ``Look.words``; text is measured by tables
  of the packaged fonts (``metrics``), so a picture is the same on every machine.
* **The law of the open bet**: a picture gets a ``horizon``; nothing that happens after it may leave a trace in
  the picture, not even the length of a line. Two runs that differ only after the horizon give equal pictures.

Map: ``marks`` the vocabulary; ``theme`` roles and looks; ``metrics`` widths of text; ``geometry`` curves and boxes;
``chart`` the drawing of the state diagram read from its file; ``history`` what a trace says about each host;
``diagram`` ``ladder`` ``panels`` ``scrubber`` ``plotpicture`` the pictures; ``motion`` easing; ``svg`` ``tikz`` the
writers; ``mermaid`` the run in Mermaid's words; ``text`` the ladder of ``tcp-tutor play``.
"""
