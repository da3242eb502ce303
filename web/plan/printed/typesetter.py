"""The process that typesets: reads a document as JSON and writes a PDF; it is given nothing else.

It imports nothing of ours, so that it starts quickly: it is run as a file, for one document, and ends.
"""

import json
import resource
import sys
from pathlib import Path

import typst

_MOST_MEMORY = 4 * 1024**3
_MOST_CPU_SECONDS = 60


def typeset(document: str, at: int, fonts: list[str]) -> bytes:
    """The PDF of a document, for the archive (PDF/A-2a) and for who reads with a screen reader (PDF/UA-1).

    The same document gives the same bytes. `at`: its moment, in seconds since 1970. `fonts`: the folders of fonts
    that it needs beside the compiler's own.

    Raises typst.TypstError where the document holds what cannot be shown.
    """
    return typst.compile(
        Path(__file__).with_name("plan.typ").read_bytes(),
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        timestamp=at,
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=fonts),
        sys_inputs={"plan": document},
    )


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_CPU_SECONDS, _MOST_CPU_SECONDS))
    asked = json.load(sys.stdin)
    sys.stdout.buffer.write(typeset(json.dumps(asked["document"]), asked["at"], asked["fonts"]))
