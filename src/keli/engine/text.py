"""Text as the stages compare it: one normal form for names, addresses and business scopes."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

# A translation costs with the length of its alphabet: round brackets, which most names hold, are replaced; the signs of
# running text and the rest of full width are translated only in texts that hold any.
_SIGNS, _PLAIN = "，；：〔〕【】［］[]｛｝{}", ",;:()()()()()()"
_FULL_WIDTH = "".join(chr(point) for point in range(0xFF01, 0xFF5F))
_HALF_WIDTH = "".join(chr(point - 0xFEE0) for point in range(0xFF01, 0xFF5F))
_ANY_SIGN = r"[，；：〔〕【】［］\[\]｛｝{}]"
_ANY_FULL_WIDTH = r"[\x{FF01}-\x{FF5E}]"
_BLANKS = r"[\s\x{3000}\x{00A0}\x{FEFF}]+"


@ibis.udf.scalar.builtin(name="regexp_extract_all", signature=(("string", "string"), "array<string>"))  # type: ignore[untyped-decorator]
def _matches(text: str, pattern: str) -> list[str]: ...  # type: ignore[empty-body]


def normalised(text: ir.StringValue) -> ir.StringValue:
    """The form in which two names are the same: half-width, round brackets, upper case, without blanks.

    An empty text is no name and becomes null.
    """
    round_brackets = text.replace("（", "(").replace("）", ")")
    signs = ibis.ifelse(round_brackets.re_search(_ANY_SIGN), round_brackets.translate(_SIGNS, _PLAIN), round_brackets)
    half_width = ibis.ifelse(signs.re_search(_ANY_FULL_WIDTH), signs.translate(_FULL_WIDTH, _HALF_WIDTH), signs)
    return half_width.re_replace(_BLANKS, "").upper().nullif("")


def matches_of(text: ir.StringValue, pattern: str) -> ir.ArrayValue:
    """All parts of the text that match the pattern, from left to right."""
    return _matches(text, pattern)
