"""What one context may open, and the gate that holds it to that."""

from __future__ import annotations

from ada_url import URL

from webhand.browser.guard.gate import Gate
from webhand.browser.guard.patterns import DEFAULT_PORTS
from webhand.browser.guard.rules import AddressRules
from webhand.errors import BlockedURL

SWITCHES = (
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--proxy-server=http://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
)
"""For a browser whose contexts go through gates: it looks up no name and sends nothing past them.

What is no context's, such as its own reports, is sent to where nobody listens.
"""


class Guard:
    """`rules` are asked before an address is opened and, once the gate is open, of every connection that is made."""

    def __init__(self, rules: AddressRules) -> None:
        self.rules = rules
        self._gate = Gate(lambda url, answers: self.rules.judge(url, "subresource", answers))

    async def open(self) -> str:
        """Let the gate listen until `close`; its address, as a browser is given it."""
        await self._gate.open()
        return f"http://{self._gate.address}"

    def own(self, url: str) -> None:
        """Take an address that the user's program opens, or the task names, for the user's own."""
        self.rules = self.rules.with_own(url)

    def check(self, url: str) -> None:
        """Raises BlockedURL, with the reason, for an address that may not be opened."""
        if (reason := self.denies(url)) is not None:
            raise BlockedURL(f"{url} is not opened: {reason}")

    def denies(self, url: str) -> str | None:
        """Why the rules do not allow an address, None where they do, and for the browser's own page of an error."""
        if not url or url.startswith("chrome-error:"):
            return None
        verdict = self.rules.judge(url)
        return None if verdict.allowed else verdict.reason

    def why(self, url: str) -> str | None:
        """Why there was no connection to the server of an address, if that has just been so."""
        try:
            read = URL(url)
        except ValueError:  # it is none, but words for a page of the tab's history
            return None
        there = read.hostname, int(read.port or DEFAULT_PORTS.get(read.protocol.removesuffix(":"), 0))
        return next((one.reason for one in reversed(self._gate.refusals) if (one.host, one.port) == there), None)

    async def close(self) -> None:
        """Listen no more, and break all connections off."""
        await self._gate.close()
