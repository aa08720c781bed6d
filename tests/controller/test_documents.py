"""Files as text."""

from pathlib import Path

import pytest
from docx import Document

from webhand.browser import Context
from webhand.controller.documents import text_of
from webhand.errors import ActionError

DATA = Path(__file__).parents[1] / "data"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"a;b\n1;2", "a;b\n1;2"),
        ("\N{BYTE ORDER MARK}Tür".encode(), "Tür"),
        ("Tür".encode("utf-16"), "Tür"),
        ("Tür €".encode("cp1252"), "Tür €"),
    ],
)
def test_texts_in_what_they_are_written_in(tmp_path: Path, data: bytes, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    assert text_of(path) == text


async def test_a_pdf_page_by_page(context: Context, tmp_path: Path) -> None:
    tab = await context.open()
    await tab.page.set_content("<p>Invoice 4711</p><p style='break-before: page'>Total 12.50</p>")
    path = tmp_path / "invoice.PDF"
    path.write_bytes(await tab.pdf())
    assert text_of(path).splitlines() == ["(page 1 of 2)", "Invoice 4711", "(page 2 of 2)", "Total 12.50"]


def test_a_word_document_with_its_tables_in_place(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Stock")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Lamp", "3"
    document.add_paragraph("End")
    path = tmp_path / "stock.docx"
    document.save(str(path))
    assert text_of(path) == "Stock\nLamp\t3\nEnd"


def test_a_workbook_sheet_by_sheet() -> None:
    assert text_of(DATA / "stock.xlsx") == "(sheet Stock)\nName\tCount\nLamp\t3\nChair\t2.5\n(sheet Empty)\n"


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.xlsx", "a.bin"])
def test_what_is_damaged_is_said(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\0\1\2 nothing of the kind")
    with pytest.raises(ActionError, match=rf"{name} (cannot be read|is no text \(23 bytes\))"):
        text_of(path)
