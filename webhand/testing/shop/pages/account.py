"""Signing in and out."""

import hmac

from webhand.testing.shop.markup import Markup, fill
from webhand.testing.shop.message import Request, Response, redirect
from webhand.testing.shop.pages.layout import page
from webhand.testing.shop.session import Ledger

USER = "anna"
PASSWORD = "boots-and-tea"


def sign_in_form(request: Request, _: Ledger) -> Response:
    """The form; who is signed in already goes on."""
    after = _own_path(request.query.first("next"))
    if request.session.user is not None:
        return redirect(after)
    return _form(request, after, "")


def sign_in(request: Request, ledger: Ledger) -> Response:
    """Check name and password, and go on to the page that was wanted."""
    form = request.form
    user = form.first("user").strip()
    fits = hmac.compare_digest(form.first("password").encode(), PASSWORD.encode())
    after = _own_path(form.first("next"))
    if user != USER or not fits:
        return _form(request, after, user, "The user name or the password is wrong.")
    return redirect(after, ledger.sign_in(request.session, user).key)


def sign_out(request: Request, ledger: Ledger) -> Response:
    """Forget the visitor."""
    ledger.sign_out(request.session)
    return redirect("/", session="")


def _form(request: Request, after: str, user: str, problem: str = "") -> Response:
    alert = fill("alert", text=problem) if problem else ""
    main = fill(
        "sign_in",
        alert=alert,
        invalid=Markup(' aria-invalid="true" aria-describedby="problem"' if problem else ""),
        token=request.session.token,
        after=after,
        user=user,
        demo_user=USER,
        demo_password=PASSWORD,
    )
    return page(request, "Sign in", main, 422 if problem else 200)


def _own_path(path: str) -> str:
    """The path itself if it leads to this site; a second slash or a backslash could lead elsewhere."""
    own = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if own and path.isascii() else "/"
