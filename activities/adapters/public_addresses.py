"""Which IP addresses are on the public Internet; a request to any other one would come from inside our own network."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")

Address = IPv4Address | IPv6Address


def unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 address leads to, where it does; else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    within = any(address in network for network in (_NAT64, _COMPATIBLE)) and int(address) > 1
    return IPv4Address(int(address) & 0xFFFF_FFFF) if within else address


def is_public(address: Address) -> bool:
    """Whether it is; not for loopback, private, link-local, shared, documentation, multicast and reserved ranges."""
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    )
