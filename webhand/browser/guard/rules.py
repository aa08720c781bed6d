"""The judge: whether an address may be opened. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, get_args

from ada_url import URL

from webhand.browser.guard.hosts import Host, Reach, host_of, reach_of
from webhand.browser.guard.patterns import DEFAULT_PORTS, Pattern
from webhand.errors import ConfigError

Use = Literal["navigate", "redirect", "popup", "iframe", "download", "form", "subresource", "websocket"]
"""What an address is wanted for; of all but the last two a document comes."""
DOCUMENTS = frozenset(get_args(Use)) - {"subresource", "websocket"}
EMPTY = {"about:blank": DOCUMENTS, "about:srcdoc": frozenset(("iframe",))}
OF_SOCKETS = {"ws:": "http:", "wss:": "https:"}
WEB = ("http:", "https:")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something may be opened, and why; `href` is what is to be opened instead of what was written."""

    allowed: bool
    reason: str
    href: str | None = None


class _Denied(Exception):
    """Why not."""


class AddressRules:
    """What may be opened: `allowed` None is every public host, a list is that list alone.

    Patterns are `[scheme://]host[:port]`, with `*.host` for all below it and `*` for all; without a scheme only https
    is allowed. `blocked` wins over all. Hosts of a private network have to be listed, or `allow_private_networks`;
    metadata services and the like by their very name. With a list, what documents load may come from any public host,
    but for `strict_subresources`.

    Raises ConfigError for a pattern that is none.
    """

    def __init__(
        self,
        allowed: Sequence[str] | None = None,
        blocked: Sequence[str] = (),
        allow_private_networks: bool = False,
        strict_subresources: bool = False,
    ) -> None:
        self._allowed = None if allowed is None else _patterns("allowed", allowed)
        self._blocked = _patterns("blocked", blocked)
        self._private = allow_private_networks
        self._strict = strict_subresources or self._allowed == ()
        self._own: tuple[Pattern, ...] = ()

    def with_own(self, url: str) -> AddressRules:
        """These rules and, where there is no list, the site of an address that the user opens: it may be private."""
        with suppress(ValueError):
            read = URL(url)
            if self._allowed is None and read.protocol in WEB and (host := host_of(read)) is not None:
                scheme = read.protocol.removesuffix(":")
                port = int(read.port) if read.port else DEFAULT_PORTS[scheme]
                own = Pattern(read.origin, frozenset((scheme,)), host, below=False, port=port)
                rules = copy(self)
                rules._own = (*self._own, own) if own not in self._own else self._own
                return rules
        return self

    def judge(self, url: str, context: Use = "navigate", resolves_to: Sequence[str] | None = None) -> Verdict:
        """Whether this address may be opened for that use; `resolves_to` are the addresses of its name, if known.

        What cannot be judged is denied; nothing is raised.
        """
        try:
            read = URL(url)
            self._judge(read, context, resolves_to)
        except _Denied as denied:
            return Verdict(False, str(denied))
        except Exception:  # whatever it is that cannot be read, it does not go out
            return Verdict(False, "this is no whole address")
        return Verdict(True, "allowed", read.href)

    def _judge(self, url: URL, use: Use, resolves_to: Sequence[str] | None) -> None:
        if use not in get_args(Use):
            raise _Denied(f"nothing is known of the use {use!r}")
        if url.href in EMPTY and use in EMPTY[url.href] or (url.protocol == "data:" and use == "subresource"):
            return  # nothing leaves for these
        scheme = url.protocol
        if use == "websocket":
            scheme = OF_SOCKETS.get(scheme, "")
        elif scheme == "blob:":
            url = URL(url.href.removeprefix(scheme))  # an object of a page: as that page is
            scheme = url.protocol
        if scheme not in WEB:
            raise _Denied(f"an address of the kind {url.protocol} is not opened as {use}")
        self._judge_host(url, scheme.removesuffix(":"), use in DOCUMENTS, resolves_to)

    def _judge_host(self, url: URL, scheme: str, is_document: bool, resolves_to: Sequence[str] | None) -> None:
        host = host_of(url)
        if host is None or url.username or url.password:
            raise _Denied("an address with a name or password in it, or without a whole host, is not opened")
        port = int(url.port) if url.port else DEFAULT_PORTS[scheme]
        for one in self._blocked:
            if one.blocks(scheme, host, port):
                raise _Denied(f"{host.text} is blocked by {one.text!r}")
        listed = [one for one in self._allowed or self._own if one.covers(scheme, host, port)]
        if self._allowed is not None and not listed and (is_document or self._strict):
            raise _Denied(f"{scheme}://{host.text}:{port} is not among the allowed addresses")
        self._judge_reach(host, listed)
        if host.ip is None and resolves_to is not None:
            self._judge_answers(scheme, host, port, listed, resolves_to)

    def _judge_reach(self, host: Host, listed: Sequence[Pattern]) -> None:
        """What is not public has to be named, so that no page leads into the network that it is looked at from."""
        by_name = any(one.names(host) for one in listed)
        if host.reach is Reach.PROTECTED and not by_name:
            raise _Denied(f"{host.text} is no place for a browser: metadata of a machine, or no real destination")
        if host.reach is Reach.PRIVATE and not (self._private or any(one.host is not None for one in listed)):
            raise _Denied(f"{host.text} is in a private network, and is not listed")

    def _judge_answers(
        self, scheme: str, host: Host, port: int, listed: Sequence[Pattern], answers: Sequence[str]
    ) -> None:
        """Every address of a name, the worst decides: a name says nothing of where it leads."""
        if not answers:
            raise _Denied(f"{host.text} has no address")
        is_named_protected = host.reach is Reach.PROTECTED and any(one.names(host) for one in listed)
        for answer in answers:
            ip = ip_address(answer)
            reach = reach_of(ip)
            if reach is Reach.PROTECTED and not is_named_protected:
                raise _Denied(f"{host.text} leads to {answer}, which is no place for a browser")
            if reach is Reach.PRIVATE and not (self._private or host.reach is Reach.PRIVATE):
                raise _Denied(f"{host.text} leads to {answer}, in a private network")
            at = Host.at(ip)
            if any(one.host is not None and one.host.ip and one.blocks(scheme, at, port) for one in self._blocked):
                raise _Denied(f"{host.text} leads to {answer}, which is blocked")


def _patterns(name: str, given: Sequence[str]) -> tuple[Pattern, ...]:
    if isinstance(given, str) or not all(isinstance(text, str) for text in given):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigError(f"{name} is a list of patterns such as 'https://shop.example', not {given!r}")
    try:
        return tuple(map(Pattern.parse, given))
    except ValueError as error:
        raise ConfigError(f"{name} has what is no pattern of addresses: {error}") from None
