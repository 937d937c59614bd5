"""The commands of ``tcp-tutor``, one file each; ``tutor/cli.py`` is their front door.

Rules
-----
* A command is ``run(options, console) -> exit code``. It prints through the console and never calls ``exit``.
* What is wrong is said by raising one of ``faults``: the front door turns it into words and an exit code.
* Nothing is imported that this command does not need: ``play`` starts without Qt, ``doctor`` without the engine's rest.

Exit codes: 0 done; 1 the lesson or file is at fault; 2 wrong usage; 3 a fault of ours.
"""
