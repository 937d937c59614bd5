"""Lessons and learners: a script becomes a run, and a run with somebody looking at it becomes a Session.

Where to look
-------------
* ``lesson.py``   the values: Lesson, Beat, Ask, Option, Text. ``reading.load_lesson`` makes them.
* ``yamlio.py``, ``schema.py``, ``shape.py``, ``vocabulary.py``, ``reading.py``   YAML with line and column -> format 1
  -> those values, all faults at once, none of them said twice.
* ``overlay.py``  the translation beside a lesson, sentence by sentence, with the hash of what was translated.
* ``facts.py``    placeholders: what words may quote from the run. ``road.py`` lays a lesson out: every beat's moment.
* ``check.py``    the linter that runs the lesson.
* ``quiz.py``     what a bet asks, what the engine answers, how a choice is graded.
* ``session.py``, ``intents.py``   the whole application state and everything that can change it.

Theory: a lesson never says what TCP does. It says where to look (cues), what to ask (bets) and why it matters
(words); the engine says what happens, and ``check`` refuses a lesson that disagrees with it.
"""
