"""Presenting: two windows for one lecture, and what holds them together.

The map
-------
``show`` owns both windows, the clock and the keys · ``audience`` what the room sees · ``console`` what the lecturer
sees · ``runs`` the sessions of the stops · ``inspecting`` are its saved runs what was saved? · ``player`` playing from
stop to stop · ``screens`` which display has which window · ``marks`` spotlight, laser, strokes, black and white ·
``awake`` no sleep meanwhile.
"""
