"""Writes images of many formats and modes into a folder, and beside each one what Pillow makes of it (NAME.rgb and NAME.rgba: size and bytes)."""

import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

folder = Path(sys.argv[1])
rng = np.random.default_rng(0)


def smooth(width, height):
    small = rng.integers(0, 256, (height // 8 + 1, width // 8 + 1, 3), dtype=np.uint8)
    big = np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)).astype(int)
    return Image.fromarray((big + rng.integers(-9, 9, big.shape)).clip(0, 255).astype(np.uint8))


def png16(name, colour_type, channels, width=37, height=29):
    rows = rng.integers(0, 65536, (height, width * channels)).astype(">u2")
    data = b"".join(b"\0" + row.tobytes() for row in rows)

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(data)), chunk(b"IEND", b"")]
    (folder / name).write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


image = smooth(97, 61)
alpha = image.copy()
alpha.putalpha(Image.fromarray(rng.integers(0, 256, (61, 97), dtype=np.uint8)))
rotated = Image.Exif()
rotated[0x112] = 6
for quality, subsampling, progressive in ((60, 0, False), (75, 1, True), (95, 2, False)):
    name = f"jpeg_{quality}.jpg"
    image.save(folder / name, quality=quality, subsampling=subsampling, progressive=progressive)
image.save(folder / "exif_rotation.jpg", exif=rotated)
image.convert("L").save(folder / "grey.jpg")
image.convert("CMYK").save(folder / "cmyk.jpg")
image.convert("CMYK").save(folder / "cmyk.tif")
image.save(folder / "rgb.png")
image.save(folder / "transparent_colour.png", transparency=(1, 2, 3))
image.convert("L").save(folder / "grey.png")
image.convert("P").save(folder / "palette.png")
image.quantize(64).save(folder / "palette_transparent.png", transparency=3)
image.convert("1").save(folder / "bilevel.png")
alpha.save(folder / "rgba.png")
alpha.convert("LA").save(folder / "grey_alpha.png")
image.save(folder / "rgb.webp", quality=80)
alpha.save(folder / "rgba.webp", lossless=True, exact=True)
image.save(folder / "rgb.tif")
image.save(folder / "rgb.gif")
Image.fromarray(rng.integers(0, 65536, (61, 97)).astype(np.uint16)).save(folder / "grey16.png")
png16("rgb16.png", 2, 3)
png16("rgba16.png", 6, 4)
png16("grey_alpha16.png", 4, 2)
for path in sorted(folder.iterdir()):
    for mode in ("RGB", "RGBA"):
        made = Image.open(path).convert(mode)
        Path(f"{path}.{mode.lower()}").write_bytes(struct.pack("<II", *made.size) + made.tobytes())
