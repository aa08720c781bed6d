"""Who visits, and everything that the shop remembers from its start to its end."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock

from webhand.testing.shop.cart import Cart
from webhand.testing.shop.order import Address, Delivery, Order

MOST_SESSIONS = 5000
FIRST_NUMBER = 10001


@dataclass(frozen=True, slots=True)
class Session:
    """One visitor: `key` is in the cookie, `token` in every form, `user` the account once signed in."""

    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    user: str | None = None
    cart: Cart = Cart()


class Ledger:
    """Sessions and orders; every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sessions: dict[str, Session] = {}
        self._orders: list[Order] = []

    @property
    def orders(self) -> tuple[Order, ...]:
        """All orders, the oldest first."""
        with self._lock:
            return tuple(self._orders)

    def order(self, number: str, customer: str) -> Order | None:
        """A customer's own order, or None."""
        mine = (order for order in self.orders if order.customer == customer)
        return next((order for order in mine if order.number == number), None)

    def session(self, key: str | None) -> Session:
        """The session of this key, or a new one."""
        with self._lock:
            found = self._sessions.get(key) if key else None
            return found or self._keep(Session())

    def sign_in(self, session: Session, user: str) -> Session:
        """A session with a new key and the same cart; the old key is worth nothing from now on."""
        with self._lock:
            old = self._sessions.pop(session.key, session)
            return self._keep(Session(user=user, cart=old.cart))

    def sign_out(self, session: Session) -> None:
        """Forget the session and its cart."""
        with self._lock:
            self._sessions.pop(session.key, None)

    def change_cart(self, session: Session, change: Callable[[Cart], Cart]) -> Session:
        """The session with its cart changed."""
        with self._lock:
            now = self._sessions.get(session.key, session)
            return self._keep(replace(now, cart=change(now.cart)))

    def place(self, session: Session, address: Address, delivery: Delivery) -> Order | None:
        """The order of what is in the cart, which is empty afterwards; None if it was empty before."""
        with self._lock:
            now = self._sessions.get(session.key, session)
            if now.user is None or not now.cart.lines:
                return None
            number = f"WH-{FIRST_NUMBER + len(self._orders)}"
            order = Order(number, now.user, now.cart.lines, address, delivery)
            self._orders.append(order)
            self._keep(replace(now, cart=Cart()))
            return order

    def _keep(self, session: Session) -> Session:
        self._sessions[session.key] = session
        if len(self._sessions) > MOST_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        return session
