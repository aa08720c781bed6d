"""What an encoded picture is, by its bytes alone: its type, and whether it breaks off. Pure."""

SCAN = 0xDA


def media_type(data: bytes) -> str | None:
    """The type of an encoded picture by its first bytes, whatever its name or sender says; None where it is none."""
    if data.startswith(b"\x89PNG"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"GIF8"):
        return "image/gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    return None


def breaks_off(data: bytes) -> bool:
    """Whether the file surely ends before its picture does; what is only odd is left to the vendor to judge.

    PNG (W3C, section 5) ends with an IEND chunk, JPEG (ITU T.81, annex B) with an EOI marker; WebP tells its length.
    """
    match media_type(data):
        case "image/png":
            return data[12:16] == b"IHDR" and data.find(b"IEND", 16) < 0
        case "image/jpeg":
            return _jpeg_breaks_off(data)
        case "image/webp":
            return len(data) < 8 + int.from_bytes(data[4:8], "little")
        case _:
            return False


def _jpeg_breaks_off(data: bytes) -> bool:
    """Walks the segments to the first scan: before it, a thumbnail may have an end of its own."""
    at = 2
    while data[at : at + 1] == b"\xff" and data[at + 1 : at + 2] >= b"\xc0":
        if data[at + 1] == SCAN:
            return data.find(b"\xff\xd9", at) < 0
        if len(data) < at + 4:
            return at > 2
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if at >= len(data):
            return True
    return False
