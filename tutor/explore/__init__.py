"""Search over the very engine that the animation runs: which acts lead where, and where none leads.

``moves`` says what may be tried in a world, ``search`` tries it level by level and forgets what it has seen
before, ``recipes`` asks for the smallest list of acts that crosses each edge of a rule set.
"""
