"""Outside formats: the trace as JSON lines, and runs that can be saved and replayed.

    jsonlines   Trace -> one JSON object a line, in order of time (assets/schema/trace-1.json)
    runfile     a saved run: lesson text, seed, acts of every branch, and the digest its replay must have
    embedded    a saved run inside an SVG or PDF, and out of it again
    whole       a file is there whole, or not at all
    packetdrill other people's TCP tests: read, played, judged
    golden      recorded kernel traces: replayed causally, compared field by field, judged

Pure but for ``whole``: values and text in, values and text out. Whoever calls reads and writes the files.
"""
