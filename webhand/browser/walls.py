"""Walls: what keeps a visitor from a page until it is dealt with. Recognised and told, never got around. Pure.

A normal page that merely has a small field to sign in, a banner at its edge or the word "captcha" in its text is none:
where the signs are in doubt, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from webhand.browser.difference import REFS
from webhand.browser.observation import Box, Element, FrameInfo, Observation

Kind = Literal["captcha", "bot check", "consent", "sign-in"]
KINDS: tuple[Kind, ...] = get_args(Kind)
FIELDS = ("textbox", "searchbox", "combobox", "spinbutton")
BARE = 12
"""Elements of a page that is there for one thing only."""
BRIEF = 400
"""Tokens of its text."""
PLAIN = 60
"""Elements of a page to sign in, with all the links around it."""
HEADER = 120
"""Pixels from the top, within which a field belongs to the site's header."""
LABEL = 40
"""Characters of a button that says yes to cookies."""
NEAR = 12
"""Lines above a button that may say what it is for."""


@dataclass(frozen=True, slots=True)
class Wall:
    """One wall: its kind, and whose it is where that is known, such as `reCAPTCHA`."""

    kind: Kind
    whose: str = ""

    def __str__(self) -> str:
        return f"{self.kind} ({self.whose})" if self.whose else self.kind


def walls(seen: Observation) -> tuple[Wall, ...]:
    """The walls that stand in the view, one of each kind at most."""
    if seen.dialog is not None:  # the page stands still behind it
        return ()
    shown = _shown(seen)
    found = (look(seen, shown) for look in _LOOKS)
    return tuple(wall for wall in found if wall is not None)


def _any(*ways: str) -> re.Pattern[str]:
    return re.compile("|".join(ways), re.IGNORECASE)


def _shown(seen: Observation) -> list[Element]:
    """The elements in the view that the text names."""
    named = dict.fromkeys(ref for ref in REFS.findall(seen.text) if ref in seen.elements)
    return [element for ref in named if (element := seen.elements[ref]).in_view]


# --- CAPTCHA ------------------------------------------------------------------------------------------------------

_FRAMES: tuple[tuple[str, re.Pattern[str]], ...] = (
    # By their paths where these are like no others: the same are served from several hosts.
    ("reCAPTCHA", re.compile(r"^https?://[^/]+/recaptcha/(?:api2|enterprise)/(?:anchor|bframe)(?!.*[?&]size=invisible)")),
    ("hCaptcha", re.compile(r"^https?://[^/]+/captcha/v1/[^?]*/hcaptcha(?:-\w+)?\.html")),
    ("Turnstile", re.compile(r"^https?://[^/]+/cdn-cgi/challenge-platform/[^?]*/turnstile/")),
    ("DataDome", re.compile(r"^https?://(?:[\w-]+\.)*captcha-delivery\.com/captcha|^https?://[^/]+/captcha/\?initialCid=")),
    ("Arkose Labs", re.compile(r"^https?://(?:[\w-]+\.)*(?:arkoselabs|funcaptcha)\.com/|^https?://[^/]+/fc/(?:gc|assets)/")),
    ("Friendly Captcha", re.compile(r"^https?://(?:[\w-]+\.)*frcapi\.com/api/v\d/captcha/")),
    ("GeeTest", re.compile(r"^https?://(?:[\w-]+\.)*geetest\.com/")),
    ("MTCaptcha", re.compile(r"^https?://(?:[\w-]+\.)*mtcaptcha\.com/mtcv1/")),
    ("SmartCaptcha", re.compile(r"^https?://smartcaptcha\.(?:yandexcloud\.net|yandex\.ru|cloud\.yandex\.\w+)/")),
    ("Tencent Captcha", re.compile(r"^https?://(?:[\w-]+\.)*captcha\.(?:qcloud|qq|gtimg)\.com/")),
)  # fmt: skip
_SEEN_IN_FRAME = (100, 40)
"""Width and height that a frame shows at least; smaller ones, and those out of sight, ask nobody anything."""
_WAITS = ("Turnstile", "Friendly Captcha")
"""Those that mostly let people through by themselves, and ask only where they show something to press."""
_PRESS = _any(
    r"i'?m not a robot|i am not a robot|i am (?:a )?human|verify (?:that )?(?:you are|i am) (?:a )?human",
    r"click to verify|click (?:here )?to start verification|press (?:&|and) hold",
    r"(?:slide|drag|swipe)(?: the slider)?(?: right)? to (?:verify|unlock|continue)",
    r"ich bin (?:kein roboter|ein mensch)|je ne suis pas un robot|no soy un robot",
)
_COPY = _any(
    r"\b(?:characters?|letters|digits|numbers|symbols|text|code|words?)\b(?: that)?(?: (?:are|is))? (?:you see|shown"
    r"|displayed|(?:as )?(?:it )?appears?|(?:in|from|on) the (?:image|picture|box|graphic)|below|above)",
    r"\bcaptcha\b",
    r"(?:zeichen|buchstaben|code) (?:aus|in|auf) (?:dem|der) (?:bild|grafik)",
    r"(?:caractères|code) (?:de|dans|sur) l'image",
)
_NAMED = _any("captcha")
_IN_IMAGE = _any(r"captcha|\b(?:image|picture|see|robot|human)\b")


def _captcha(seen: Observation, shown: Sequence[Element]) -> Wall | None:
    for frame in seen.frames:
        if (whose := _provider(frame)) and _asks(whose, frame, shown):
            return Wall("captcha", whose)
    pressable = any(not _is_field(one) and _open(one) and _PRESS.fullmatch(_words(one.name)) for one in shown)
    return Wall("captcha") if pressable or any(_copies(one, seen) for one in shown) else None


def _provider(frame: FrameInfo) -> str | None:
    width, height = _SEEN_IN_FRAME
    if frame.box.width < width or frame.box.height < height:
        return None
    return next((whose for whose, address in _FRAMES if address.search(frame.url)), None)


def _asks(whose: str, frame: FrameInfo, shown: Sequence[Element]) -> bool:
    """Whether it is not answered yet, and does not answer itself."""
    within = [one for one in shown if one.frame == frame.url]
    boxes = [one for one in within if one.role == "checkbox"]
    if boxes:
        return any(map(_open, boxes))
    return bool(within) or whose not in _WAITS


def _copies(field: Element, seen: Observation) -> bool:
    """Whether what is to be typed there is drawn on the page."""
    if not _is_field(field) or field.value:
        return False
    said = " ".join((field.name, field.label, field.attributes.get("placeholder", "")))
    names = " ".join(field.attributes.get(name, "") for name in ("id", "name"))
    if _NAMED.search(names) or (_COPY.search(said) and _IN_IMAGE.search(f"{said} {seen.text}")):
        return True
    return len(seen.elements) <= BARE and seen.tokens <= BRIEF and _IN_IMAGE.search(seen.text) is not None and (
        _COPY.search(seen.text) is not None
    )  # fmt: skip


def _words(name: str) -> str:
    return name.replace("’", "'").strip(" .!")


def _open(element: Element) -> bool:
    return not {"checked", "disabled"} & {*element.states}


# --- bot checks ---------------------------------------------------------------------------------------------------

_CHECKS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (whose, re.compile(said, re.IGNORECASE | re.DOTALL))
    for whose, said in (
        ("Cloudflare", r"just a moment\.\.\..*(?:security|cloudflare|human|connection|javascript)"),
        ("Cloudflare", r"needs to review the security of your connection|performing security verification"),
        ("Cloudflare", r"attention required! \| cloudflare|sorry, you have been blocked.*cloudflare"),
        ("Akamai", r"access denied.*(?:you don't have permission to access.*reference #|errors\.edgesuite\.net)"),
        ("HUMAN", r"press (?:&|and) hold.*\b(?:human|robot|bot)\b|access to this page has been denied"),
        ("Imperva", r"pardon our interruption|incapsula incident id"),
        ("DataDome", r"please enable js and disable any ad blocker"),
        ("AWS WAF", r"let's confirm you are human|human verification.*\bbegin\b"),
        ("CloudFront", r"the request could not be satisfied.*request blocked"),
        ("Sucuri", r"sucuri website firewall"),
        ("DDoS-Guard", r"ddos-guard.*(?:checking|check) "),
        ("Vercel", r"vercel security checkpoint|we're verifying your browser"),
        ("Anubis", r"making sure you're not a bot"),
        ("Google", r"unusual traffic from your computer network"),
        ("", r"verif(?:y|ying) (?:that )?you(?:'re| are) (?:a )?(?:human|not a (?:ro)?bot)"),
        ("", r"are you (?:a )?(?:robot|human)\?"),
        ("", r"\b(?:confirm|prove|sure) (?:that )?you(?:'re| are) (?:a )?(?:human|not a (?:ro)?bot)"),
        ("", r"checking (?:your browser|if the site connection is secure)"),
    )
)  # fmt: skip


def _bot_check(seen: Observation, shown: Sequence[Element]) -> Wall | None:
    """A page that holds nothing but the check: an article about such checks is longer, a form has fields."""
    if len(seen.elements) > BARE or seen.tokens > BRIEF or any(_is_field(one) for one in shown):
        return None
    said = f"{seen.title}\n{seen.text}".replace("’", "'")
    return next((Wall("bot check", whose) for whose, sign in _CHECKS if sign.search(said)), None)


# --- consent ------------------------------------------------------------------------------------------------------

_ACCEPT = _any(
    r"(?:yes,? )?(?:i )?(?:accept|agree|allow|consent|understand|got it|ok(?:ay)?)\b",
    r"alle[sn]? .*(?:akzeptieren|zulassen|annehmen|erlauben|accepteren|toestaan)|akzeptier|zustimmen|einverstanden",
    r"(?:tout )?accepter|j'accepte|accett|acepta|aceit|akkoord|godkänn|acceptera|zaakceptuj|принять|同意",
)
_COOKIES = _any(
    r"cookie|\bgdpr\b|tracking technolog|\btrackers\b|einwilligung",
    r"consent to the (?:use|processing)|your consent",
)


def _consent(seen: Observation, shown: Sequence[Element]) -> Wall | None:
    """One that lies over the page, or stands in its place; what only takes room at its edge keeps nobody away."""
    if not _COOKIES.search(seen.text):
        return None
    buttons = [
        one for one in shown if one.role in ("button", "link") and len(one.name) <= 40 and "covered" not in one.states
    ]
    if not any(_ACCEPT.match(one.name) and _about_cookies(one, seen) for one in buttons):
        return None
    covered = "covered by" in seen.text
    return Wall("consent") if covered or len(seen.elements) <= BARE else None


def _about_cookies(button: Element, seen: Observation) -> bool:
    lines = seen.text.splitlines()
    at = next((at for at, line in enumerate(lines) if button.ref in REFS.findall(line)), 0)
    return _COOKIES.search("\n".join(lines[max(0, at - NEAR) : at + 3])) is not None


# --- sign-in ------------------------------------------------------------------------------------------------------

_SIGN_IN = _any(
    r"\bsign(?:ing)?[ -]?in\b|\blog(?:ging)?[ -]?(?:in|on)\b|anmelde|einloggen|connexion|se connecter",
    r"iniciar sesión|\baccedi\b|inloggen|logga in|zaloguj|войти|登录|ログイン",
)
_WHO = _any(r"e-?mail|user ?-?name|\buser\b|phone|mobile|account|\blogin\b|benutzername|identifiant")
_CODE = _any(
    r"\b(?:verification|security|one-?time|authentication|authenticator|confirmation|login|access|\d-digit)"
    r"[ -](?:pass)?code",
    r"\botp\b|\b2fa\b|einmalcode|bestätigungscode|code de (?:vérification|sécurité)",
)
_SENT = _any(
    r"\b(?:sent|texted|emailed|gesendet|envoyé)\b|text message|authenticat(?:or|ion) app|two-factor|(?:2|two)-step"
)
_WITH = _any(
    r"(?:continue|sign in|log in|anmelden|weiter|continuer|se connecter) (?:with|using|via|mit|avec) "
    r"(?!e-?mail|phone|password)\S"
)


def _sign_in(seen: Observation, shown: Sequence[Element]) -> Wall | None:
    if len(seen.elements) > PLAIN or not shown:
        return None
    fields = [one for one in shown if _is_field(one) and _below_header(one.box)]
    secret = [one for one in fields if _is_password(one)]
    if len(secret) > 1 or len(fields) > 8:  # somebody registers, or changes a password
        return None
    if _asks_for_code(seen, fields):
        return Wall("sign-in", "one-time code")
    if not _is_about_signing_in(seen):
        return None
    if secret and len(fields) <= 3:
        return Wall("sign-in", "password")
    if any(_WITH.match(one.name) for one in shown) and len(fields) <= 2:
        return Wall("sign-in")
    who = len(fields) == 1 and _WHO.search(f"{fields[0].name} {fields[0].attributes.get('name', '')}")
    return Wall("sign-in") if who and len(seen.elements) <= 2 * BARE else None


def _asks_for_code(seen: Observation, fields: Sequence[Element]) -> bool:
    if not fields or len(seen.elements) > 2 * BARE or any(_is_password(one) for one in fields):
        return False
    said = "\n".join((seen.title, seen.text))
    digits = len(fields) >= 4 and all((one.box.width if one.box else 0) <= 80 for one in fields)
    named = len(fields) == 1 and _CODE.search(f"{fields[0].name} {fields[0].attributes.get('placeholder', '')}")
    return bool(_SENT.search(said)) and bool(named or (digits and re.search(r"\bcode\b", said, re.IGNORECASE)))


def _is_about_signing_in(seen: Observation) -> bool:
    headings = "\n".join(line for line in seen.text.splitlines() if line.lstrip().startswith("#"))
    path = re.sub(r"^\w+://[^/]*|[?#].*$", "", seen.url)
    return any(map(_SIGN_IN.search, (seen.title, headings, path)))


def _is_password(element: Element) -> bool:
    return "secret" in element.states or element.attributes.get("type") == "password"


def _below_header(box: Box | None) -> bool:
    return box is not None and box.y + box.height / 2 > HEADER


def _is_field(element: Element) -> bool:
    return element.role in FIELDS and not {"disabled", "readonly"} & {*element.states}


_LOOKS: tuple[Callable[[Observation, Sequence[Element]], Wall | None], ...] = (_bot_check, _captcha, _consent, _sign_in)
