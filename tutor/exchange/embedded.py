"""A run inside a picture: a saved run in an SVG's metadata, and out of it again.

Rules
-----
* What is embedded is the text of a saved run (``runfile``), packed; nothing in it runs, and it is read as any other.
* A picture comes from anywhere: how much is read, how much is unpacked and how deep is bounded, entities are refused,
  and what is not as we write it is an ``EmbeddedError`` that says how.

Theory
------
SVG: ``<metadata>`` holds ``<run xmlns="urn:tcp-tutor:run">`` with the text, deflated, in base 64: editors keep
elements of other namespaces, and do not mind where lines break. PDF: a file ``run.tcprun`` is attached (ISO 32000,
7.11.4), which every reader shows and can save; ``ui.pdf`` writes it, ``attached`` reads it. A handout has the runs of a
whole lecture, named in its order (``1_13-four-way-close.tcprun``): readers list attachments by name.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Sequence
from xml.parsers import expat

from tutor.exchange.runfile import MAX_CHARACTERS, SUFFIX

NAMESPACE = "urn:tcp-tutor:run"
ATTACHED = "run.tcprun"
"""The name of the file that is attached to a PDF, if it is one."""
MOST_RUNS = 200
"""So many runs of one file are read."""
MIME = "application/json"
SUFFIXES = (".svg", ".pdf")

MAX_BYTES = 4 * MAX_CHARACTERS
"""An unpacked run is no larger."""
MAX_FILE = 64_000_000
"""A picture that is larger is not read."""

PROBLEMS: dict[str, str] = {
    "none": "this picture has no run in it: it was not made by tcp-tutor, or without the run",
    "xml": "this is not SVG: {found}",
    "entities": "this SVG defines entities of its own; it is not read",
    "packed": "the run in this picture is damaged: it cannot be unpacked",
    "too-large": "the file is too large; at most {allowed} bytes",
    "pdf": "this is not PDF, or it is damaged: {found}",
}
"""What can be wrong with a picture, as messages with placeholders."""


class EmbeddedError(ValueError):
    """A picture without a run that can be read. ``problem`` is an id of ``PROBLEMS``."""

    def __init__(self, problem: str, **values: object) -> None:
        self.problem, self.values = problem, values
        super().__init__(PROBLEMS[problem].format(**values))


def metadata(run: str) -> str:
    """A saved run as an element for an SVG's metadata."""
    packed = base64.b64encode(zlib.compress(run.encode(), 9)).decode()
    lines = "\n".join(packed[at : at + 100] for at in range(0, len(packed), 100))
    return f'<run xmlns="{NAMESPACE}">\n{lines}\n</run>'


def attached_names(names: Sequence[str]) -> list[str]:
    """What to call the runs of these names when they are attached to one PDF, in their order."""
    if len(names) == 1:
        return [ATTACHED]
    digits = len(str(len(names)))
    return [f"{place:0{digits}}_{name}{SUFFIX}" for place, name in enumerate(names, 1)]


def extracted(data: bytes, suffix: str) -> str:
    """The text of the (first) saved run in a picture of this kind (one of ``SUFFIXES``). Raises ``EmbeddedError``."""
    return next(iter(runs(data, suffix).values()))


def runs(data: bytes, suffix: str) -> dict[str, str]:
    """Name -> text of every saved run in it, the first one first; one at least. Raises ``EmbeddedError``."""
    if len(data) > MAX_FILE:
        raise EmbeddedError("too-large", allowed=MAX_FILE)
    return attached(data) if suffix == ".pdf" else {_plain(ATTACHED): in_svg(data)}


# --- SVG ---


def in_svg(data: bytes) -> str:
    """The text of the saved run in an SVG. Raises ``EmbeddedError``."""
    found: list[str] = []
    is_inside = [False]

    def start(name: str, _attributes: object) -> None:
        if name == f"{NAMESPACE} run" and not found:
            is_inside[0] = True

    def end(name: str) -> None:
        if name == f"{NAMESPACE} run":
            is_inside[0] = False

    def characters(text: str) -> None:
        if is_inside[0]:
            found.append(text)

    def entity(*_told: object) -> None:
        raise EmbeddedError("entities")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.EntityDeclHandler = characters, entity
    try:
        parser.Parse(data, True)  # noqa: FBT003  expat's own signature
    except expat.ExpatError as error:
        raise EmbeddedError("xml", found=str(error)) from None
    if not found:
        raise EmbeddedError("none")
    return _unpacked("".join(found))


def _unpacked(text: str) -> str:
    try:
        packed = base64.b64decode("".join(text.split()), validate=True)
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(packed, MAX_BYTES)
    except (binascii.Error, ValueError, zlib.error):
        raise EmbeddedError("packed") from None
    if unpacking.unconsumed_tail:
        raise EmbeddedError("too-large", allowed=MAX_BYTES)
    if not unpacking.eof:
        raise EmbeddedError("packed")
    return _decoded(data)


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise EmbeddedError("packed") from None


# --- PDF ---


def attached(data: bytes) -> dict[str, str]:
    """Name -> text of the saved runs attached to a PDF, in the order of their lecture. Raises ``EmbeddedError``."""
    import io
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it mends is nobody's concern
    try:
        reader = PdfReader(io.BytesIO(data))
        files = {each.name: each for each in reader.attachment_list if each.name.endswith(SUFFIX)}
        names = sorted(files, key=lambda name: (name != ATTACHED, name))[:MOST_RUNS]
        found = {name: files[name].content for name in names}
    except Exception as error:  # noqa: BLE001  a damaged PDF raises whatever its parser stumbled over
        raise EmbeddedError("pdf", found=str(error)[:200] or type(error).__name__) from None
    if not found:
        raise EmbeddedError("none")
    if sum(map(len, found.values())) > MAX_BYTES:
        raise EmbeddedError("too-large", allowed=MAX_BYTES)
    return {_plain(name): _decoded(bytes(content)) for name, content in found.items()}


def _plain(name: str) -> str:
    """The name of an attachment without its number and its ending."""
    return _NUMBER.sub("", name.removesuffix(SUFFIX))


_NUMBER = re.compile(r"^\d+_")
