"""Reads a PDF with a library that is not ours (pypdf) and tells what is in it, as JSON.

    read_pdf.py FILE
"""

import json
import sys
from collections import Counter

from pypdf import PdfReader

reader = PdfReader(sys.argv[1], strict=True)
root = reader.trailer["/Root"]


def roles(node, count):
    """Counts the kinds of elements of the structure, and gathers what stands for pictures."""
    node = node.get_object()
    if isinstance(node, list):
        for one in node:
            roles(one, count)
        return
    if not hasattr(node, "get") or "/S" not in node:
        return
    count[node["/S"][1:]] += 1
    if "/Alt" in node:
        meanings.append(str(node["/Alt"]))
    if "/K" in node:
        roles(node["/K"], count)


def fonts_of(page):
    for font in (page["/Resources"].get("/Font") or {}).values():
        for below in font.get_object().get("/DescendantFonts", []):
            descriptor = below.get_object()["/FontDescriptor"].get_object()
            yield descriptor["/FontName"][1:], "/FontFile2" in descriptor or "/FontFile3" in descriptor


count, meanings = Counter(), []
roles(root["/StructTreeRoot"]["/K"], count)
fonts = {name: embedded for page in reader.pages for name, embedded in fonts_of(page)}
json.dump(
    {
        "pages": [page.extract_text() for page in reader.pages],
        "title": reader.metadata.title,
        "author": reader.metadata.author,
        "language": root.get("/Lang"),
        "marked": bool(root["/MarkInfo"]["/Marked"]),
        "shows_title": bool(root["/ViewerPreferences"]["/DisplayDocTitle"]),
        "outline": [entry.title for entry in reader.outline if not isinstance(entry, list)],
        "roles": count,
        "meanings": meanings,
        "fonts": fonts,
    },
    sys.stdout,
    ensure_ascii=False,
)
