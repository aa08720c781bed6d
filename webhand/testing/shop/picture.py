"""Product pictures: inline SVG whose shape depends on the category and the product."""

from zlib import crc32

from webhand.testing.shop.catalogue import Product, catalogue
from webhand.testing.shop.markup import Markup

_DARK = "#38312c"
_SHADE = 'fill="#000" opacity=".14"'
_LIGHT = 'fill="#fff" opacity=".28"'


def picture(product: Product, colour: str | None = None) -> Markup:
    """The product as an SVG element; the main parts take the CSS colour of the element."""
    seed = crc32(product.slug.encode())
    colours = product.category.colours
    chosen = colour or colours[product.position % len(colours)]
    shapes = _DRAWINGS[product.category.slug](seed)
    sun = 40 + seed % 160
    return Markup(
        f'<svg class="picture" viewBox="0 0 240 190" aria-hidden="true" focusable="false" '
        f'style="color:{catalogue().palette[chosen]}">'
        f'<rect width="240" height="190" fill="{product.category.tone}"/>'
        f'<circle cx="{sun}" cy="{34 + seed % 30}" r="{44 + seed % 22}" fill="#fff" opacity=".5"/>'
        f'<path d="M0 150 q60 {-14 - seed % 12} 120 0 t120 0 V190 H0 z" fill="#fff" opacity=".55"/>'
        f'<ellipse cx="122" cy="158" rx="86" ry="9" fill="#000" opacity=".1"/>{shapes}</svg>'
    )


def _boot(seed: int) -> str:
    top = 26 + seed % 4 * 9
    laces = "".join(
        f'<path d="M112 {y} l26 6" stroke="#f6efe2" stroke-width="3.5" stroke-linecap="round"/>'
        for y in range(top + 20, 104, 14)
    )
    return (
        f'<g transform="translate(-20)"><path d="M85 {top} H139 L142 92 Q144 107 158 111 L184 119 Q206 126 208 154 '
        f'H80 Q76 112 85 88 z" fill="currentColor"/>'
        f'<path d="M80 122 q22 -12 30 32 H80 z" {_SHADE}/><path d="M180 118 Q206 125 208 154 H184 Q187 134 180 118 z" '
        f'{_SHADE}/><path d="M139 {top} L142 92 Q144 107 158 111 l-9 12 q-19 -6 -21 -28 L125 {top} z" {_SHADE}/>'
        f'<rect x="80" y="{top - 6}" width="64" height="15" rx="7" fill="currentColor"/>'
        f'<rect x="80" y="{top - 6}" width="64" height="15" rx="7" {_LIGHT}/>{laces}'
        f'<path d="M74 150 h138 v6 q0 6 -6 6 h-64 l-6 -5 h-12 l-4 5 H80 q-6 0 -6 -6 z" fill="{_DARK}"/></g>'
    )


def _kettle(seed: int) -> str:
    width = 54 + seed % 3 * 8
    height = 84 + seed // 3 % 3 * 10
    left, right, top = 124 - width, 124 + width, 158 - height
    return (
        f'<path d="M{left + 8} 122 q-26 -4 -30 -36 l-12 -12 q-4 -6 4 -8 l18 4 q10 34 30 30 z" fill="currentColor"/>'
        f'<path d="M{left + 14} {top + 14} C{left + 14} {top - 42} {right - 14} {top - 42} {right - 14} {top + 14}" '
        f'fill="none" stroke="{_DARK}" stroke-width="9" stroke-linecap="round"/>'
        f'<path d="M{left} 158 Q{left - 4} {top} 124 {top} Q{right + 4} {top} {right} 158 z" fill="currentColor"/>'
        f'<path d="M124 {top} Q{right + 4} {top} {right} 158 H150 Q166 {top + 30} 124 {top} z" {_SHADE}/>'
        f'<path d="M{left + 16} 140 Q{left + 12} {top + 30} {left + 36} {top + 18}" fill="none" stroke="#fff" '
        f'stroke-width="6" stroke-linecap="round" opacity=".45"/>'
        f'<ellipse cx="124" cy="{top + 4}" rx="26" ry="6" fill="{_DARK}"/><circle cx="124" cy="{top - 5}" r="7" '
        f'fill="{_DARK}"/><rect x="{left - 2}" y="152" width="{2 * width + 4}" height="9" rx="4" fill="{_DARK}"/>'
    )


def _lamp(seed: int) -> str:
    top, low = 24 + seed % 3 * 8, 84 + seed // 3 % 2 * 8
    half = 24 + seed // 7 % 3 * 8
    return (
        f'<path d="M{118 - half - 24} {low} L34 158 H206 L{122 + half + 24} {low} z" fill="#ffe7a3" opacity=".5"/>'
        f'<rect x="116" y="{low - 4}" width="8" height="{154 - low}" fill="{_DARK}"/>'
        f'<path d="M84 160 q0 -16 36 -16 t36 16 z" fill="{_DARK}"/>'
        f'<path d="M{120 - half} {top} H{120 + half} L{120 + half + 26} {low} H{120 - half - 26} z" '
        f'fill="currentColor"/><path d="M{120 + half - 14} {top} h14 L{120 + half + 26} {low} h-26 z" {_SHADE}/>'
        f'<path d="M{120 - half + 6} {top} h10 L{120 - half - 4} {low} h-12 z" {_LIGHT}/>'
        f'<ellipse cx="120" cy="{low}" rx="{half + 26}" ry="5" fill="#fff3cd"/>'
        f'<path d="M{138 + half // 2} {low} v20" stroke="{_DARK}" stroke-width="2"/>'
        f'<circle cx="{138 + half // 2}" cy="{low + 23}" r="4" fill="currentColor"/>'
    )


def _tent(seed: int) -> str:
    top, wide = 32 + seed % 4 * 10, 78 + seed // 4 % 3 * 8
    left, right = 120 - wide, 120 + wide
    return (
        f'<path d="M120 {top} L{left - 14} 160 M120 {top} L{right + 14} 160" stroke="{_DARK}" stroke-width="2"/>'
        f'<path d="M120 {top} V{top - 16}" stroke="{_DARK}" stroke-width="4" stroke-linecap="round"/>'
        f'<path d="M121 {top - 16} l18 5 l-18 6 z" fill="#c9553f"/>'
        f'<path d="M120 {top} Q{120 - wide // 2} {top + 70} {left} 158 H{right} Q{120 + wide // 2} {top + 70} '
        f'120 {top} z" fill="currentColor"/>'
        f'<path d="M120 {top} Q{120 + wide // 2} {top + 70} {right} 158 H152 z" {_SHADE}/>'
        f'<path d="M120 {top} L90 158 H150 z" fill="{_DARK}"/>'
        f'<path d="M120 {top} L90 158 H112 Q126 {top + 60} 120 {top} z" fill="currentColor"/>'
        f'<path d="M120 {top} L90 158 H112 Q126 {top + 60} 120 {top} z" {_LIGHT}/>'
    )


def _mug(seed: int) -> str:
    top, half = 62 + seed % 4 * 8, 44 + seed // 4 % 2 * 8
    left, right = 112 - half, 112 + half
    steam = "".join(
        f'<path d="M{x} {top - 14} q-9 -11 0 -20 t0 -20" fill="none" stroke="#fff" stroke-width="5" '
        f'stroke-linecap="round" opacity=".9"/>'
        for x in (94, 114, 134)[: 2 + seed % 2]
    )
    band = f'<rect x="{left}" y="{top + 34 + seed % 18}" width="{2 * half}" height="{8 + seed % 9}" {_LIGHT}/>'
    return (
        f'{steam}<path d="M{right - 4} {top + 18} h14 q26 0 26 26 t-26 26 h-14" fill="none" stroke="currentColor" '
        f'stroke-width="13"/><path d="M{left} {top} H{right} V138 q0 22 -22 22 H{left + 22} q-22 0 -22 -22 z" '
        f'fill="currentColor"/>{band}<path d="M{right - 18} {top} H{right} V138 q0 22 -22 22 h-10 q14 -2 14 -22 z" '
        f'{_SHADE}/><ellipse cx="112" cy="{top}" rx="{half}" ry="9" fill="currentColor"/>'
        f'<ellipse cx="112" cy="{top}" rx="{half}" ry="9" {_LIGHT}/>'
        f'<ellipse cx="112" cy="{top + 1}" rx="{half - 7}" ry="6" fill="#6b4630"/>'
    )


def _rucksack(seed: int) -> str:
    top, half = 34 + seed % 3 * 10, 46 + seed // 3 % 3 * 5
    left, right = 120 - half, 120 + half
    pocket = 106 + seed % 2 * 6
    buckles = "".join(
        f'<rect x="{x}" y="{top + 40}" width="8" height="26" rx="2" fill="{_DARK}"/>'
        f'<rect x="{x - 2}" y="{top + 54}" width="12" height="8" rx="2" fill="#e8d9a8"/>'
        for x in (120 - half // 2 - 4, 120 + half // 2 - 4)
    )
    return (
        f'<path d="M104 {top + 4} q0 -18 16 -18 t16 18" fill="none" stroke="{_DARK}" stroke-width="6"/>'
        f'<rect x="{left - 10}" y="98" width="20" height="54" rx="9" fill="currentColor"/>'
        f'<rect x="{right - 10}" y="98" width="20" height="54" rx="9" fill="currentColor"/>'
        f'<rect x="{left - 10}" y="98" width="20" height="54" rx="9" {_SHADE}/>'
        f'<rect x="{right - 10}" y="98" width="20" height="54" rx="9" {_SHADE}/>'
        f'<rect x="{left}" y="{top}" width="{2 * half}" height="{160 - top}" rx="26" fill="currentColor"/>'
        f'<path d="M{left} {top + 46} V{top + 26} q0 -26 26 -26 H{right - 26} q26 0 26 26 v20 '
        f'q-{half} 14 -{2 * half} 0 z" {_SHADE}/>'
        f'{buckles}<rect x="{left + 14}" y="{pocket}" width="{2 * half - 28}" height="{148 - pocket}" '
        f'rx="10" {_LIGHT}/>'
        f'<path d="M{left + 20} {pocket + 11} H{right - 20}" stroke="{_DARK}" stroke-width="3"/>'
    )


_DRAWINGS = {
    "boots": _boot,
    "kettles": _kettle,
    "lamps": _lamp,
    "tents": _tent,
    "mugs": _mug,
    "rucksacks": _rucksack,
}
