"""What is made of a picture that somebody sends: small, upright, clean; and of a file that means harm: nothing."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from store.pictures import LARGEST_FILE, NotAPicture, remade

SECRET = b"GPS 63.8258 20.2630"


def picture(size: tuple[int, int] = (640, 480), mode: str = "RGB", colour: Any = None) -> Image.Image:  # noqa: ANN401
    """A picture whose upper left quarter is darker."""
    made = Image.new(mode, size, colour if colour is not None else {"RGB": (200, 60, 60)}.get(mode, 0))
    made.paste(Image.new(mode, (size[0] // 2, size[1] // 2), 0 if mode in {"L", "P", "1"} else None), (0, 0))
    return made


def saved(made: Image.Image, kind: str, **more: Any) -> bytes:  # noqa: ANN401 - whatever the format takes
    """The picture as a file."""
    written = io.BytesIO()
    made.save(written, kind, **more)
    return written.getvalue()


def opened(file: bytes) -> Image.Image:
    """What we made, which must be a plain WebP picture."""
    made = Image.open(io.BytesIO(file))
    assert (made.format, made.mode, getattr(made, "n_frames", 1)) == ("WEBP", "RGB", 1)
    assert not {"exif", "icc_profile", "xmp"} & made.info.keys()
    return made


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_kind_becomes_the_same_kind_and_no_larger_than_needed(kind: str) -> None:
    """At most 512 pixels a side, in the shape it had."""
    assert opened(remade(saved(picture((1600, 1200)), kind))).size == (512, 384)
    assert opened(remade(saved(picture((100, 80)), kind))).size == (100, 80)


def test_it_is_upright_and_carries_nothing_else() -> None:
    """The camera's orientation is carried out; position, camera, comments and thumbnails are gone."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = SECRET.decode()
    file = saved(picture((640, 480)), "JPEG", exif=exif, comment=SECRET)
    assert SECRET in file
    made = remade(file)
    assert opened(made).size == (384, 512)
    assert SECRET not in made
    red, *_ = opened(made).getpixel((370, 20))  # type: ignore[misc]  # a pixel of three
    assert red < 80, "the dark quarter has moved to the upper right"


def test_what_is_transparent_becomes_white() -> None:
    """And not whatever stood unseen behind it."""
    made = opened(remade(saved(Image.new("RGBA", (64, 64), (255, 0, 0, 0)), "PNG")))
    assert min(made.tobytes()) > 245


@pytest.mark.parametrize(
    "file",
    [
        saved(picture(mode="CMYK", colour=(0, 200, 200, 30)), "JPEG"),
        saved(picture(mode="L"), "PNG"),
        saved(picture(mode="1"), "PNG"),
        saved(picture(mode="I;16", colour=30_000), "PNG"),
        saved(picture(mode="RGB"), "GIF", save_all=True, append_images=[picture(), picture((640, 480), "L")]),
        saved(picture(mode="RGB"), "WEBP", save_all=True, append_images=[picture(colour=(0, 90, 0))]),
        saved(picture(), "JPEG", progressive=True),
        saved(picture(), "JPEG") + b"PK\x03\x04<script>alert(1)</script>" + SECRET,
    ],
    ids=["CMYK", "grey", "black and white", "16 bits", "moving GIF", "moving WebP", "progressive", "with a tail"],
)
def test_odd_pictures_are_made_plain(file: bytes) -> None:
    """Print colours, greys, animations, and files that are something else too: nothing of that is left."""
    made = remade(file)
    opened(made)
    assert SECRET not in made
    assert b"script" not in made


def bomb(side: int) -> bytes:
    """A PNG of few bytes that says it is very large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def text_bomb() -> bytes:
    """A PNG with a compressed comment that grows without end."""
    plain = saved(picture((64, 64)), "PNG")
    body = b"c\0\0" + zlib.compress(bytes(200_000_000), 9)
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    return plain[:33] + chunk + plain[33:]


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"",
        lambda: b"hello",
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg' width='64' height='64'><script>alert(1)</script></svg>",
        lambda: b"<?xml version='1.0'?><!DOCTYPE s [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>",
        lambda: b"%PDF-1.7\n",
        lambda: saved(picture(), "TIFF"),
        lambda: saved(picture(), "BMP"),
        lambda: saved(picture(), "ICO"),
        lambda: saved(picture((1, 1)), "PNG"),
        lambda: saved(picture((31, 500)), "JPEG"),
        lambda: saved(picture(), "JPEG")[:2000],
        lambda: saved(picture((900, 900), colour=(1, 2, 3)), "PNG")[:-200],
        lambda: saved(picture(), "GIF")[:30],
        lambda: saved(picture(), "WEBP")[:60],
        lambda: bomb(60_000),
        lambda: bomb(5_000),
        text_bomb,
        lambda: b"GIF89a" + struct.pack("<HH", 65_000, 65_000) + bytes(30),
        lambda: saved(picture((64, 64)), "PNG") + bytes(LARGEST_FILE),
    ],
    ids=[
        "nothing", "text", "SVG", "entities", "PDF", "TIFF", "BMP", "ICO", "one pixel", "too narrow", "cut JPEG",
        "cut PNG", "cut GIF", "cut WebP", "huge PNG", "large and empty", "text bomb", "huge GIF", "too many bytes",
    ],
)  # fmt: skip
def test_what_is_no_sound_picture_is_refused(make: Callable[[], bytes]) -> None:
    """By one name, whatever is wrong with it."""
    file = make()
    with pytest.raises(NotAPicture):
        remade(file)


def test_a_picture_of_many_pixels_takes_little_time() -> None:
    """A photo as large as phones make them; the limit stands above it."""
    assert opened(remade(saved(picture((6_000, 4_000)), "JPEG"))).size == (512, 341)
    with pytest.raises(NotAPicture):
        remade(saved(Image.new("L", (5_000, 4_001)), "PNG"))
    with pytest.raises(NotAPicture):
        remade(saved(Image.new("L", (8_000, 8_001)), "JPEG"))
