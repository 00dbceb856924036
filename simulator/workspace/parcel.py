"""What no query of an address can hold, as one word for its fragment, which no server or proxy logs.

A file of the user's own and pinned variants, as JSON, compressed.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from typing import Any

from simulator.values.limits import LINK_LETTERS, UPLOAD_BYTES

LONGEST = LINK_LETTERS.most  # of a word that addresses carry; what is longer is handed over as a file
MARK = "p1."  # what every parcel begins with: the form that it has
LARGEST = UPLOAD_BYTES.most + 2**17  # bytes of an unpacked parcel: a file that is uploaded, and its setting
NONSENSE = "found a link that is damaged or cut off, expected it whole; ask for it again, or for the file"


def packed(content: Mapping[str, Any]) -> str:
    """Some content as a word of letters, digits, ``-`` and ``_``; the same content gives the same word."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return MARK + base64.urlsafe_b64encode(zlib.compress(text, 9)).rstrip(b"=").decode()


def unpacked(word: str) -> dict[str, Any]:
    """The content of a parcel.

    Raises:
        ValueError: it is none, damaged, or larger than a file may be.
    """
    try:
        raw = base64.b64decode(word.removeprefix(MARK) + "==", altchars=b"-_", validate=False)
        unzip = zlib.decompressobj()
        text = unzip.decompress(raw, LARGEST)
        complete = unzip.eof and word.startswith(MARK)
        content = json.loads(text) if complete else None
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        raise ValueError(NONSENSE) from error
    if not isinstance(content, dict):
        raise ValueError(NONSENSE)
    return content
