"""Words that a page shows in the lines and with the indents in which they were written: code, poems, logs."""

from collections.abc import Awaitable, Callable

import pytest

from webhand.browser import Tab

Show = Callable[[str], Awaitable[Tab]]

CODE = "def f(x):\n    if x < 3:\n        return 'a  b'\n\n    return x"
HTML = CODE.replace("<", "&lt;")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f"<pre>{HTML}</pre>", CODE.replace("\n\n", "\n")),
        (f"<pre><code>\n{HTML}\n</code></pre>", CODE.replace("\n\n", "\n")),
        ("<pre><b>for</b> <i>x</i> in y:\n  <b>print</b>(<i>x</i>)\nend</pre>", "for x in y:\n  print(x)\nend"),
        ("<pre>\tone\n\ttwo</pre>", "    one\n    two"),
        ("<p style='white-space: pre-line'>One\n   two   three\nfour", "One\ntwo three\nfour"),
        ("<p style='white-space: pre-wrap'>One\n   two   three", "One\n   two   three"),
        ("<p>One\n   two   three", "One two three"),
        ("<p style='white-space: nowrap'>One\n   two", "One two"),
        ("<ul><li>Run<pre>a\n  b</pre><li>Then</ul>", "- Run a\n    b\n- Then"),
        ("<ul><li style='white-space: pre-wrap'>\nOne\n</ul>", "- One"),
        ("<pre>see\n  <a href=/x>more</a> of it\nend</pre>", "see\ne1 link more · of it\nend"),
        (
            "".join(f"<div style='white-space:pre'>{line}</div>" for line in ("if a:", "    b", "\tc")),
            "if a:\n    b\n    c",
        ),
        ("<p style='white-space: break-spaces'>  One", "  One"),
        ("<p style='white-space: pre-line'>  One", "One"),
        ("<div><span>&nbsp;&nbsp;<b>for</b> x</span></div><p>&nbsp;One", "  for x\nOne"),
        ("<div>  Two  words</div><div>   <p>Not in</p></div>", "Two words\nNot in"),
        ("<table><tr><td><pre>a\nb</pre><td>c</table>", "a b\tc"),
    ],
)
async def test_lines(show: Show, html: str, text: str) -> None:
    assert (await (await show(html)).observe()).text == text


async def test_what_is_read_on_has_its_indents_as_well(show: Show) -> None:
    tab = await show(f"<p> First\n   words <div><pre>{HTML}</pre> and\n   more</div>")
    assert (await tab.read()).text == f"First words\n\n{CODE}\nand more"
