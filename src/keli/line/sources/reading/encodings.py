"""The encoding of a text file, proved on the whole stream, and whether its quotes come in pairs."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from keli.base.errors import Place, SourceError
from keli.line.sources.reading.delivery import CHUNK_BYTES, GZIP_MAGIC, Delivery, open_bytes

AUTOMATIC = ("utf-8", "gb18030")
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
QUOTE = b'"'


@dataclass(frozen=True)
class Encoding:
    """How the bytes of a file become text.

    Args:
        name: Name of the codec.
        quotes_pair: The number of double quotes in the file is even.
    """

    name: str
    quotes_pair: bool


def encoding_of(delivery: Delivery) -> Encoding:
    """Return the encoding in which the whole file is valid.

    Method: the encoding of keli.yaml where it is given; else strict UTF-8, then GB18030. The file is read once for
    each attempt, in pieces.

    Raises:
        SourceError: No encoding fits, or the file is UTF-16 or a broken gz.
    """
    given = delivery.source.encoding
    candidates = AUTOMATIC if given == "auto" else (given,)
    failures: list[int] = []
    for name in candidates:
        quotes, bad_line = _tried(delivery, name)
        if bad_line is None:
            return Encoding(name, quotes % 2 == 0)
        failures.append(bad_line)
    raise SourceError(
        f"The text is not valid {' or '.join(name.upper() for name in candidates)}.",
        where=Place(delivery.label, failures[0]),
        example="encoding: gb18030",
        next_step="Save the file as CSV UTF-8, or give its encoding in keli.yaml.",
    )


def _tried(delivery: Delivery, name: str) -> tuple[int, int | None]:
    """Number of quotes, and the line where decoding fails (None where it does not)."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    quotes, lines = 0, 1
    for chunk in _chunks(delivery):
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return quotes, lines + error.object[: error.start].count(b"\n")
        quotes += chunk.count(QUOTE)
        lines += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return quotes, lines
    return quotes, None


def _chunks(delivery: Delivery) -> Iterator[bytes]:
    try:
        with open_bytes(delivery.path) as stream:
            first = stream.read(CHUNK_BYTES)
            _refuse_binary(first, delivery)
            yield first
            while chunk := stream.read(CHUNK_BYTES):
                yield chunk
    except (EOFError, zlib.error, OSError) as error:
        raise SourceError(
            "The gz file is damaged or was cut off.",
            where=delivery.place,
            next_step="Ask for the file again; compare its size with the sender's.",
        ) from error


def _refuse_binary(first: bytes, delivery: Delivery) -> None:
    if first.startswith(UTF_16_MARKS):
        raise SourceError(
            'The file is UTF-16 ("Unicode text" of a spreadsheet).',
            where=delivery.place,
            next_step="Save it as CSV UTF-8 or as .xlsx.",
        )
    head = first.partition(b"\n")[0]
    if b"\x00" in head or head.startswith(GZIP_MAGIC):
        raise SourceError(
            "This is not a text file.",
            where=delivery.place,
            next_step="Deliver CSV, XLSX or Parquet; the name of the file ends accordingly.",
        )
