"""Where messages may go: public addresses only, unless the installation says otherwise.

Otherwise whoever writes an address could make the server knock at doors that only it can reach.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from calidez.kit.faces.webhooks.special_addresses import Address, is_public

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Refused(Exception):
    """A sentence that says why nothing is sent there."""


@dataclass(frozen=True)
class Allowed:
    """What is allowed besides public addresses by HTTPS."""

    private: bool = False
    networks: tuple[Network, ...] = ()

    def includes(self, address: Address) -> bool:
        return self.private or any(address in network for network in self.networks)


@dataclass(frozen=True)
class Place:
    """An address taken apart; `target` is what stands in the request line."""

    secure: bool
    host: str
    port: int
    target: str


def read(address: str) -> Place:
    """Refuses what is no address of the web, before any name is looked up."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Refused(_("This is no web address; write it as https://example.org/hook.")) from None
    clean = address.isascii() and address.isprintable() and " " not in address
    if not clean or parts.scheme not in {"https", "http"} or not parts.hostname:
        raise Refused(_("This is no web address; write it as https://example.org/hook."))
    if parts.username is not None or parts.password is not None:
        raise Refused(
            _("An address with a name and a password in it would be shown to others; leave them out.")
        )
    secure = parts.scheme == "https"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(secure, parts.hostname, port or (443 if secure else 80), target)


def check(place: Place, allowed: Allowed) -> None:
    """What can be said without looking up the name: for the form."""
    literal = _literal(place.host)
    if literal is not None:
        _check_one(literal, place, allowed)
    elif not place.secure and not (allowed.private or allowed.networks):
        raise Refused(_("Messages are sent by HTTPS only; write https:// instead of http://."))


def resolve(place: Place, allowed: Allowed) -> list[Address]:
    """The very addresses to connect to: all checked, and not looked up again, so that the name cannot change meanwhile."""
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except OSError:
        raise Unreachable(_("The name %(host)s is not known.") % {"host": place.host}) from None
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for address in addresses:
        _check_one(address, place, allowed)
    return addresses


class Unreachable(Exception):
    """Nobody answers there at the moment."""


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Raises ValueError for what is no network."""
    return tuple(ipaddress.ip_network(text) for text in texts)


def _check_one(address: Address, place: Place, allowed: Allowed) -> None:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if allowed.includes(address):
        return
    if not is_public(address):
        raise Refused(
            _(
                "%(host)s leads to %(address)s, an address inside a network, and nothing is sent there. Who runs this "
                "installation can allow it: CALIDEZ_WEBHOOK_ALLOW names networks, CALIDEZ_WEBHOOK_PRIVATE=1 allows all."
            )
            % {"host": place.host, "address": address}
        )
    if not place.secure:
        raise Refused(_("Messages are sent by HTTPS only; write https:// instead of http://."))


def _literal(host: str) -> Address | None:
    """The address that stands in the place of a name, however it is written."""
    bare = host.partition("%")[0].rstrip(".").lower()
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    if bare == "localhost" or bare.endswith(
        ".localhost"
    ):  # RFC 6761: this machine, whatever a name server says
        return ipaddress.IPv4Address("127.0.0.1")
    try:
        # 127.1, 0x7f.1, 017700000001 and 2130706433 are addresses to the resolver, so they are to us.
        return ipaddress.IPv4Address(socket.inet_aton(bare))
    except (OSError, ValueError):
        return None
