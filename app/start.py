"""`make run`: everything on one machine, started in order, kept up, and stopped in the opposite order."""

import contextlib
import http.client
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

import structlog

from app.children import Child
from app.databases import Reached, migrate_all, open_ledger, reach
from app.demo.address import forget_address, keep_address
from app.demo.identifiers import CONTACT as DEMO_CONTACT
from app.demo.people import played_in
from app.demo_provider.guard import DemoProviderForbidden, refuse_outside_demo
from app.demo_provider.sign_in_file import HOST as PROVIDER_HOST
from app.demo_provider.sign_in_file import READY_PATH, remove_sign_in_file, write_sign_in_file
from app.errors import NotAble
from app.settings import Settings
from app.sign_in import FILE as SIGN_IN_FILE

READY_SECONDS = 120
LOOK_SECONDS = 1.0
STARTED_DEMO = "demo-unfinished"

log = structlog.get_logger()
Tell = Callable[[str], None]
Place = tuple[str, int, str]
"""Where something answers that is ready: host, port, path."""


def run(settings: Settings, tell: Tell) -> None:
    """Run until told to stop (SIGINT, SIGTERM, SIGHUP); `tell` speaks to the person at the terminal.

    Raises NotAble when something cannot start or will not stay up, and what opening the ledger raises.
    """
    with _stopped_by_signals(), ExitStack() as started:
        try:
            _run(settings, tell, started)
        finally:
            _ignore_signals()


def _run(settings: Settings, tell: Tell, started: ExitStack) -> None:
    _refuse_taken_port(settings.host, settings.port, "PORT")
    if settings.has_demo and settings.urls() is None:
        _refuse_taken_port(PROVIDER_HOST, settings.provider_port, "DEMO_PORT")
    reached = started.enter_context(reach(settings))
    if reached.server is not None:
        tell(f"PostgreSQL runs in {reached.server.place.folder}")
    migrate_all(settings, reached.urls)
    with open_ledger(settings, reached.urls) as ledger:
        is_empty = not any(ledger.feed_positions().values())
    environment = _environment(settings, reached)
    children = [_started("worker", environment, started)]
    _fill(settings, environment, started, tell, is_empty=is_empty)
    places = [(_reachable(settings.host), settings.port, "/livez")]
    is_demo = settings.has_demo and played_in(settings.home) is not None
    provider = _offer_demo_people(settings, started, tell) if is_demo else None
    if provider is None:
        remove_sign_in_file(settings.home / SIGN_IN_FILE)
    else:
        children.append(provider)
        places.append((PROVIDER_HOST, settings.provider_port, READY_PATH))
    children.append(_started("serve", environment | _contact(settings, is_demo=is_demo), started))
    _wait_until_ready(places, children)
    if provider is not None:
        started.callback(forget_address, settings.home)
        keep_address(settings.home, settings.address)
    tell(f"Liggare runs on {_address(settings)} (Ctrl-C stops it)")
    _keep_up(reached, children)


def _offer_demo_people(settings: Settings, stack: ExitStack, tell: Tell) -> Child | None:
    """Start the demo's identity provider and let the server use it; None if it may not run.

    Beside somebody's own sign-in file, which stays as it is, it runs for whoever names it there.
    """
    try:
        refuse_outside_demo(settings, PROVIDER_HOST)
    except DemoProviderForbidden as forbidden:
        tell(str(forbidden))
        return None
    if settings.sign_in_file is None and not write_sign_in_file(settings, settings.home / SIGN_IN_FILE):
        tell(f"{settings.home / SIGN_IN_FILE} is your own, and is used as it is.")
    provider = Child("demo", "provider", "--with-parent", environment=_places(settings))
    stack.callback(provider.stop)
    provider.start()
    return provider


def _started(name: str, environment: dict[str, str], stack: ExitStack) -> Child:
    child = Child(name, "--with-parent", environment=environment)
    stack.callback(child.stop)
    child.start()
    return child


def _environment(settings: Settings, reached: Reached) -> dict[str, str]:
    return reached.urls.environment() | _places(settings) | {"LIGGARE_RUN": str(reached.run)}


def _places(settings: Settings) -> dict[str, str]:
    return {"LIGGARE_HOME": str(settings.home), "PORT": str(settings.port)}


def _contact(settings: Settings, *, is_demo: bool) -> dict[str, str]:
    """How the demo's municipality is reached, for the public page; nothing where somebody has said it, or is real."""
    return {"LIGGARE_CONTACT": DEMO_CONTACT} if is_demo and not settings.contact_lines else {}


def _fill(settings: Settings, environment: dict[str, str], stack: ExitStack, tell: Tell, *, is_empty: bool) -> None:
    """Let the demo fill an empty ledger; half a demo, left by an interrupted start, is named as such."""
    unfinished = settings.home / STARTED_DEMO
    if not is_empty and unfinished.exists():
        tell(
            f"An earlier start was interrupted while it filled the demo school, so that is not whole. {_over(settings)}"
        )
    if not is_empty or not settings.has_demo:
        return
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished.touch()
    demo = Child("demo", environment=environment)
    stack.callback(demo.stop)
    demo.start()
    code = demo.wait()
    if code:
        msg = f"The demo school could not be filled (exit code {code}). {_over(settings)}"
        raise NotAble(msg)
    unfinished.unlink()


def _over(settings: Settings) -> str:
    return f"To start over, stop Liggare and remove {settings.home}; LIGGARE_DEMO=0 starts without a demo school."


def _refuse_taken_port(host: str, port: int, variable: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            another = f"{variable}={port + 1} make run"
            msg = f"Port {port} on {host} cannot be used ({problem.strerror}). Choose another: {another}"
            raise NotAble(msg) from None


def _wait_until_ready(places: Sequence[Place], children: list[Child]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not all(_answers(*place) for place in places):
        for child in children:
            child.keep_up()
        if time.monotonic() > deadline:
            ports = ", ".join(str(port) for _, port, _ in places)
            msg = f"There was no answer on port {ports} within {READY_SECONDS} s; the log lines say why."
            raise NotAble(msg)
        time.sleep(0.05)


def _answers(host: str, port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _address(settings: Settings) -> str:
    host = _reachable(settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - the address of everywhere is read, not bound


def _keep_up(reached: Reached, children: list[Child]) -> None:
    while True:
        time.sleep(LOOK_SECONDS)
        if reached.server is not None and not reached.server.alive():
            log.error("postgres_was_gone")
            reached.server.start()
        for child in children:
            child.keep_up()


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Let each signal that asks us to stop unwind what was started, as Ctrl-C does; that is a good end."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        yield


def _ignore_signals() -> None:
    """What was started is now being stopped; a second Ctrl-C would leave half of it running."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
