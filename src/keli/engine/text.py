"""Text as the stages compare it: one normal form for names, addresses and business scopes."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

_FULL_WIDTH = "".join(chr(point) for point in range(0xFF01, 0xFF5F))
_HALF_WIDTH = "".join(chr(point - 0xFEE0) for point in range(0xFF01, 0xFF5F))
_BRACKETS = "〔〕【】[]｛｝{}"
_ROUND_BRACKETS = "()()()()()"


@ibis.udf.scalar.builtin(name="regexp_extract_all", signature=(("string", "string"), "array<string>"))
def _matches(text: str, pattern: str) -> list[str]: ...  # type: ignore[empty-body]


def normalised(text: ir.StringValue) -> ir.StringValue:
    """The form in which two names are the same: half-width, round brackets, upper case, without blanks.

    An empty text is no name and becomes null.
    """
    # The braces of full width become half-width in the first translation, hence brackets come second.
    half_width = text.translate(_FULL_WIDTH, _HALF_WIDTH).translate(_BRACKETS, _ROUND_BRACKETS)
    return half_width.re_replace(r"[\s\x{3000}\x{00A0}\x{FEFF}]+", "").upper().nullif("")


def matches_of(text: ir.StringValue, pattern: str) -> ir.ArrayValue:
    """All parts of the text that match the pattern, from left to right."""
    return _matches(text, pattern)
