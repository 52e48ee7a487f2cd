"""Compares frames with expected frames."""

import re

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
"""A time on every wire: RFC 3339 in UTC, with milliseconds."""

GENERATED = re.compile(r"user_[a-z]{6}\d\d")
"""A generated guest name."""

ABSENT = object()
"""The field must be missing."""


def number(value):
    """An id or a position: a positive integer, and no number in a string or with a fraction."""
    return type(value) is int and value > 0


def sentence(value):
    """A text for people, not empty."""
    return isinstance(value, str) and len(value) > 3


def fits(found, wanted):
    """Whether all fields of `wanted` are in `found` with equal values and types. `found` may have more fields."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            (name not in found) if what is ABSENT else (name in found and fits(found[name], what))
            for name, what in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(fits(one, what) for one, what in zip(found, wanted))
        )
    if isinstance(wanted, re.Pattern):
        return isinstance(found, str) and wanted.fullmatch(found) is not None
    if isinstance(wanted, type):
        return type(found) is wanted
    if callable(wanted):
        return bool(wanted(found))
    # In Python True equals 1; on a wire it does not.
    return type(found) is type(wanted) and found == wanted


def told(wanted):
    """Formats `wanted` for the message of a failed test."""
    if wanted is ABSENT:
        return "absent"
    if isinstance(wanted, dict):
        return "{" + ", ".join(f"{name}: {told(what)}" for name, what in wanted.items()) + "}"
    if isinstance(wanted, list):
        return "[" + ", ".join(map(told, wanted)) + "]"
    if isinstance(wanted, re.Pattern):
        return f"/{wanted.pattern}/"
    return getattr(wanted, "__name__", None) or repr(wanted)
