"""What files say, as text: plain ones, tables, PDF and Word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from webhand.errors import ActionError, MissingExtra

PICTURES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp"))
"""Endings of files that are shown rather than read."""


def text_of(path: Path) -> str:
    """The text of a file; pages of a PDF and sheets of a workbook begin with a line of their own.

    Raises ActionError for what is no text or cannot be read, MissingExtra where the library for it is not installed.
    """
    reader = _READERS.get(path.suffix.lower())
    try:
        return reader(path) if reader else _plain(path)
    except ImportError:
        raise MissingExtra(f'{path.name} needs more to be read: pip install "webhand[documents]"') from None
    except (ActionError, MissingExtra):
        raise
    except Exception as problem:  # each library has its own errors for files that are damaged
        raise ActionError(f"{path.name} cannot be read: {type(problem).__name__}: {problem}") from None


def _plain(path: Path) -> str:
    data = path.read_bytes()
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in data[:4096] and not wide:
        raise ActionError(f"{path.name} is no text ({len(data):,} bytes)")
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _pdf(path: Path) -> str:
    from pypdf import PdfReader

    pages = PdfReader(path).pages
    return "\n".join(f"(page {number} of {len(pages)})\n{page.extract_text()}" for number, page in enumerate(pages, 1))


def _word(path: Path) -> str:
    from docx import Document
    from docx.table import Table

    blocks = Document(str(path)).iter_inner_content()
    return "\n".join(
        "\n".join("\t".join(cell.text for cell in row.cells) for row in one.rows)
        if isinstance(one, Table)
        else one.text
        for one in blocks
    )


def _workbook(path: Path) -> str:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(  # pyright: ignore[reportUnknownMemberType] - its PathLike has no parameter
        str(path)
    )
    sheets = ((name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
    return "\n".join(f"(sheet {name})\n{_table(rows)}" for name, rows in sheets)


def _table(rows: Sequence[Sequence[object]]) -> str:
    return "\n".join("\t".join(map(_cell, row)) for row in rows)


def _cell(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


_READERS: Mapping[str, Callable[[Path], str]] = {
    ".pdf": _pdf,
    ".docx": _word,
    ".xlsx": _workbook,
    ".xls": _workbook,
    ".ods": _workbook,
}
