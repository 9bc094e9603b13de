"""Plain fields in one form: dates, amounts, telephone numbers, words."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.text import normalised

DAY = r"(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})"
WAN = 10_000


def date_text(text: ir.StringValue) -> ir.StringValue:
    """A date as eight digits; a text that starts with no date is null."""
    plain = normalised(text)
    digits = plain.re_extract(r"^(\d{8})", 1)
    parts = [plain.re_extract("^" + DAY, part) for part in (1, 2, 3)]
    whole = parts[0] + parts[1].lpad(2, "0") + parts[2].lpad(2, "0")
    return ibis.coalesce(digits.nullif(""), whole.nullif("").nullif("0000"))


def number_of(text: ir.StringValue) -> ir.DecimalValue:
    """An amount in yuan; 万 counts ten thousand; a text without a number is null."""
    plain = normalised(text)
    number = plain.re_replace(",", "").re_extract(r"(\d{1,14}(?:\.\d{1,6})?)", 1).nullif("").cast("decimal(24,6)")
    return (number * ibis.ifelse(plain.contains("万"), WAN, 1)).round(0).cast("decimal(24,0)")


def phone_text(text: ir.StringValue) -> ir.StringValue:
    """A telephone number by its last eight digits, a website by its host without www."""
    plain = text.strip().lower().re_replace(r"^https?://", "").re_replace(r"^www\.", "").re_replace("/.*$", "")
    digits = plain.re_replace(r"\D", "")
    return ibis.ifelse(plain.re_search("[a-z]"), plain, digits.right(8)).nullif("")


def word_text(text: ir.StringValue) -> ir.StringValue:
    """A word in small letters, blanks as one."""
    return text.strip().lower().re_replace(r"\s+", " ").nullif("")
