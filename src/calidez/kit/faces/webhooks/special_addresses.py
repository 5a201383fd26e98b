"""The addresses that lead to no public machine, named here so that a newer Python does not move the border.

From IANA's registries “IPv4 Special-Purpose Address Space” and “IPv6 Special-Purpose Address Space” (RFC 6890, RFC 8190),
“IPv6 Global Unicast Address Space”, and of the multicast and reserved blocks. Of what the registries call globally
reachable, the relays and anycast services stay shut too: nobody's hook lives there.
"""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_IPV4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network (RFC 791)
        "10.0.0.0/8",  # private use (RFC 1918)
        "100.64.0.0/10",  # shared behind a carrier's translation (RFC 6598)
        "127.0.0.0/8",  # this machine (RFC 1122)
        "169.254.0.0/16",  # link-local (RFC 3927), where clouds keep their keys
        "172.16.0.0/12",  # private use (RFC 1918)
        "192.0.0.0/24",  # IETF protocol assignments (RFC 6890), with DS-Lite, the dummy address, PCP and TURN anycast
        "192.0.2.0/24",  # documentation (RFC 5737)
        "192.31.196.0/24",  # AS112 (RFC 7535)
        "192.52.193.0/24",  # automatic multicast tunnelling (RFC 7450)
        "192.88.99.0/24",  # 6to4 relays, deprecated (RFC 7526)
        "192.168.0.0/16",  # private use (RFC 1918)
        "192.175.48.0/24",  # AS112 (RFC 7534)
        "198.18.0.0/15",  # benchmarking (RFC 2544)
        "198.51.100.0/24",  # documentation (RFC 5737)
        "203.0.113.0/24",  # documentation (RFC 5737)
        "224.0.0.0/4",  # multicast (RFC 5771)
        "240.0.0.0/4",  # reserved (RFC 1112), with the limited broadcast (RFC 8190)
    )
)
# Outside it lie loopback, IPv4 in disguise (mapped, compatible, NAT64), discard, segment routing, unique local,
# link-local, the former site-local fec0::/10, and multicast.
_IPV6_GLOBAL = ipaddress.IPv6Network("2000::/3")
_IPV6 = tuple(
    ipaddress.IPv6Network(text)
    for text in (
        "2001::/23",  # IETF protocol assignments (RFC 2928): Teredo, benchmarking, ORCHID, AS112, anycast services
        "2001:db8::/32",  # documentation (RFC 3849)
        "2002::/16",  # 6to4 (RFC 3056): an IPv4 address in disguise
        "2620:4f:8000::/48",  # AS112 (RFC 7534)
        "3fff::/20",  # documentation (RFC 9637)
    )
)


def is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _IPV4)
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    return address in _IPV6_GLOBAL and not any(address in network for network in _IPV6)
