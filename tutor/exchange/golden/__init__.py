"""golden: traces recorded from a real kernel, replayed on the simulated one and compared with what that did.

trace      one recording as values
reading    text -> Trace; the error that says where, what was found, what is allowed
stage      the simulated hosts, step by step, and what became of each step
program    the recorded calls as acts, and the answers they got
replaying  causal replay: nothing happens before what stood before it in the recording
clock      when the kernel may have done what the simulated host did: timers that are late, answers that are not
comparing  segments and calls, field by field
states     the states of each socket, as they were sampled
judge      pass, fail with the first difference, or unsupported with the feature by its name
"""
