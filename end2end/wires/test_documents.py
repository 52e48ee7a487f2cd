"""Runs the examples of `docs/wires.md` and compares their output with the documented output."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.server import ROOT

DOCUMENT = ROOT / "docs/wires.md"
HERE = Path(__file__).resolve().parent
SECONDS = 20
RUN = {
    "python": [sys.executable, "-W", "error", "-"],
    "js": ["node", "--input-type=module", "-"],
    "sh": ["sh", "-eu", "-s"],
}
"""The interpreter of an example, which is passed on standard input."""

VARIES = [
    (r"user_[a-z]{6}\d\d", r"user_[a-z]{6}\d\d"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
    (r"eyJ[\w.-]+", r"eyJ[\w.-]+"),
    (r"\b\d+\b", r"\d+"),
    (r"\.\.\.", r".*"),
]
"""Parts that differ in each run: names, times, tokens, numbers; and `...` for omitted text."""


def examples():
    """Returns the fenced blocks with their output: `(heading, language, code, printed)`."""
    heading, found = "", []
    fences = re.compile(r"^## (?P<heading>[^\n]+)$|^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
    for fence in fences.finditer(DOCUMENT.read_text(encoding="utf-8")):
        if fence["heading"]:
            heading = fence["heading"]
        elif fence["language"] == "text":
            assert found and found[-1][3] is None, f"under {heading}, something is printed by nobody"
            found[-1][3] = fence["text"]
        else:
            found.append([heading, fence["language"], fence["text"], None])
    return found


def pattern(printed):
    """Returns a regular expression for `printed` that accepts the parts that differ."""
    varies = "|".join(f"(?:{what})" for what, _ in VARIES)
    parts, end = [], 0
    for match in re.finditer(varies, printed):
        parts.append(re.escape(printed[end : match.start()]))
        parts.append(next(expression for what, expression in VARIES if re.fullmatch(what, match.group())))
        end = match.end()
    return "".join(parts) + re.escape(printed[end:])


def test_examples_print_the_documented_output(server):
    # One server for the whole page, because examples depend on earlier ones.
    ran = 0
    for heading, language, code, printed in examples():
        assert language in RUN, f"under {heading}: nothing runs {language or 'a block without a language'}"
        assert printed is not None, f"under {heading}: what does it print?"
        host = server.host.replace("127.0.0.1", "localhost")
        done = subprocess.run(
            RUN[language],
            input=code.replace("localhost:3000", host),
            cwd=HERE,
            timeout=SECONDS,
            text=True,
            encoding="utf-8",
            capture_output=True,
        )
        assert done.returncode == 0, f"under {heading}: {done.stderr}"
        said = done.stdout.replace(host, "localhost:3000")
        assert re.fullmatch(pattern(printed), said), f"under {heading}:\n{said}\ninstead of\n{printed}"
        ran += 1
    assert ran >= 8


@pytest.mark.parametrize("heading", ["JSON actions", "Plain text", "Web form", "Socket.IO", "Typed events", "REST"])
def test_every_wire_has_an_example(heading):
    assert heading in {example[0] for example in examples()}
