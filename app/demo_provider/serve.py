"""Serving the provider until it is told to stop."""

import uvicorn

from app.demo.people import DemoPeople, played_in
from app.demo_provider.application import provider
from app.demo_provider.guard import refuse_outside_demo
from app.demo_provider.sign_in_file import HOST, address, client
from app.errors import RefusedByRule
from app.settings import Settings


def serve(settings: Settings, *, host: str = HOST) -> None:
    """Answer on the host and DEMO_PORT.

    Raises DemoProviderForbidden where it must not run, and RefusedByRule where there is no demo school.
    """
    refuse_outside_demo(settings, host)
    played = played_in(settings.home)
    if played is None:
        msg = "There is no demo school in this data folder, so nobody to sign in as."
        raise RefusedByRule(msg)
    people = DemoPeople(played, tenant=settings.tenant).everybody
    uvicorn.run(
        provider(address(settings), client(settings), people),
        host=host,
        port=settings.provider_port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
