"""From which address a request came, also behind proxies."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"


def client_address(request: HttpRequest) -> str:
    """The address that the outermost proxy of ours saw; what stands before it anybody may write.

    Each proxy adds to X-Forwarded-For the address that asked it, so the one that counts is as
    many places from the end as there are proxies.
    """
    direct = _plain(request.META.get("REMOTE_ADDR", "")) or UNKNOWN
    if not settings.PROXIES:
        return direct
    passed = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return _plain(passed[-settings.PROXIES] if len(passed) >= settings.PROXIES else "") or direct


def client_network(request: HttpRequest) -> str:
    """What one customer of a provider has: an address of IPv4, 64 bits of IPv6."""
    address = client_address(request)
    return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address


def _plain(text: str) -> str:
    """The address without a port and brackets; nothing of what is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)
