"""Makes of whatever was sent as a picture a small one of ours: decoded within limits, upright, nothing beside."""

import io
import warnings
from threading import Lock

from PIL import Image, ImageOps

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes of a picture as it is sent (S-SET-3)."""
MEDIA_TYPE = "image/webp"
"""What every picture is once it is ours."""

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_MOST_PIXELS = {"JPEG": 64_000_000}
_MOST_PIXELS_OF_OTHERS = 20_000_000
"""A photo is decoded small at once, the other kinds first as a whole."""
_LEAST_SIDE = 32
_SIDE = 512
_QUALITY = 82
_WHITE = (255, 255, 255)
_one_at_a_time = Lock()
"""Decoding takes up to 350 MB: of one picture, however many people send one."""


class NotAPicture(Exception):
    """What was sent cannot be made a picture: of another kind, broken, too small, or too many pixels."""


def remade(sent: bytes) -> bytes:
    """The picture as WebP, at most 512 pixels a side, upright, on white, without a byte of what else the file held.

    Animations become their first frame. Raises NotAPicture.
    """
    if len(sent) > LARGEST_FILE:
        raise NotAPicture
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd metadata, which is dropped; limits are checked below
        try:
            return _remade(sent)
        except NotAPicture:
            raise
        except Exception as error:  # a decoder may fail in any way on a hostile file
            raise NotAPicture from error


def _remade(sent: bytes) -> bytes:
    with Image.open(io.BytesIO(sent), formats=_FORMATS) as opened:
        width, height = opened.size
        most = _MOST_PIXELS.get(opened.format or "", _MOST_PIXELS_OF_OTHERS)
        if min(width, height) < _LEAST_SIDE or width * height > most:
            raise NotAPicture
        opened.draft("RGB", (_SIDE * 2, _SIDE * 2))  # JPEG alone: decoded small at once
        opened.load()
        smaller = opened.reduce(max(1, max(opened.size) // (2 * _SIDE)))  # before anything that makes a copy
        smaller.thumbnail((_SIDE, _SIDE))
        smaller.info["exif"] = opened.info.get("exif", b"")
        written = io.BytesIO()
        _on_white(ImageOps.exif_transpose(smaller)).save(written, "WEBP", quality=_QUALITY, method=4)
        return written.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """The pixels alone, in red, green and blue; what was transparent is white."""
    with_alpha = picture.convert("RGBA")
    flat = Image.new("RGB", picture.size, _WHITE)
    flat.paste(with_alpha, mask=with_alpha.getchannel("A"))
    return flat
