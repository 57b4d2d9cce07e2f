"""A picture of a reuse: read as an image and written anew, so that nothing else of the file is kept.

Where it was taken, by whom and with what stands in photographs (EXIF); a file can also be an image and a page
at once. Only pixels pass: JPEG at most 1200 pixels wide.
"""

from __future__ import annotations

import io
from typing import IO

from licensing.core.errors import InvalidInput

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
WIDEST = 1200
MEDIA_TYPE = "image/jpeg"
_FORMATS = ("PNG", "JPEG", "WEBP")


def clean(stream: IO[bytes]) -> bytes | None:
    """The picture as a new JPEG; None for an empty upload.

    Raises:
        InvalidInput: too large, or no PNG, JPEG or WebP.
    """
    from PIL import Image, ImageOps

    data = stream.read(MOST_BYTES + 1)
    if not data:
        return None
    if len(data) > MOST_BYTES:
        raise InvalidInput("图片不能超过 5 MB。", "A picture has at most 5 MB.")
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise InvalidInput("图片尺寸过大。", "The picture has too many pixels.")
            picture = ImageOps.exif_transpose(opened).convert("RGB")
        picture.thumbnail((WIDEST, WIDEST))
        # An image of these pixels alone: what the file said besides travels with the opened one.
        picture = Image.frombytes("RGB", picture.size, picture.tobytes())
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=85, optimize=True)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise InvalidInput(
            "无法读取图片，请使用 PNG、JPEG 或 WebP 格式。", "This is no readable PNG, JPEG or WebP picture."
        ) from None
    return out.getvalue()
