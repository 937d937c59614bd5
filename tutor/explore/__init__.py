"""Search over the very engine that the animation runs: which acts lead where, and where none leads.

``breadth`` is the search, level by level. It is used on two kinds of worlds:

* ``model`` (with ``parts``, ``effects``, ``ends``, ``past``, ``normal``, ``store``, ``verdict``): two ends, the network
  between them and a budget, in normal form and under numbers. Where a level is wide, ``wide`` goes on with it in
  ``columns`` (on ``tables`` and ``visited``). ``search`` finds the shortest run that breaks a property, or says that
  there is none within the bound (``brisk``: with no needless wait; ``elsewhere``: from other beginnings); ``held``
  lists what is held constant; ``replay`` (with ``stage``, ``player``, ``fates``) makes a run of it. ``cells`` is the
  table "Why three?", ``exceptions`` what breaks TCP itself, ``atlas`` which states can be together, ``contradiction``
  which cannot.
* ``walking`` (with ``moves``, ``situation``): the whole World with its timers, queues and strangers. ``recipes`` asks
  it for the smallest list of acts that crosses each edge of a rule set.

``properties`` says in seven sentences what a connection owes its two programs; ``observing`` folds what the engine does
into what they ask for, ``waiting`` looks whether a call will ever be answered, and ``judging`` asks them of any run of
the World, step by step.
"""
