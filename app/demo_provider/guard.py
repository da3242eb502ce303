"""Where the demo's identity provider may run: it lets anybody be anybody, so on one machine and for a demo."""

from ipaddress import ip_address

from app.errors import RefusedByRule
from app.settings import Settings


class DemoProviderForbidden(RefusedByRule):
    """The demo's identity provider must not run here; the text says why."""


def refuse_outside_demo(settings: Settings, host: str) -> None:
    """Raises DemoProviderForbidden in production, beside databases of one's own, or on an address others can reach."""
    if settings.environment == "production":
        reason = "LIGGARE_ENVIRONMENT is production"
    elif settings.urls() is not None:
        reason = "the settings name databases of your own, which may hold real people's data"
    elif not _is_loopback(host):
        reason = "it would listen on an address that other machines can reach; only 127.0.0.1 and ::1 are allowed"
    else:
        return
    msg = f"The demo's identity provider lets anybody sign in as anybody, and does not start here: {reason}."
    raise DemoProviderForbidden(msg)


def _is_loopback(host: str) -> bool:
    """Whether the address is of this machine alone. A name is not trusted: it may point anywhere."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
