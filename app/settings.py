"""What the environment may set: read once, when a process starts."""

from datetime import date
from pathlib import Path
from typing import Literal

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import DirectoryPath, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.errors import WrongSettings
from app.postgres_roles import Urls
from store.settings import StoreSettings
from transparency.errors import Malformed
from transparency.publishing import Folder
from transparency.witnesses import Witness

ROOT = Path(__file__).parent.parent
_LAST_PORT = 65535
URLS = ("owner_url", "app_url", "purge_url", "read_url", "keys_url")


class Settings(BaseSettings):
    """Every setting of Liggare. A setting `x` is the variable LIGGARE_X, but for PORT."""

    model_config = SettingsConfigDict(env_prefix="LIGGARE_", frozen=True, extra="ignore", hide_input_in_errors=True)

    home: Path = ROOT / ".liggare"
    """The data folder: the embedded PostgreSQL, its passwords and the key file."""
    run: Path | None = None
    """The folder of the sockets between processes; else `run` in the data folder."""
    key_file: Path | None = None
    """The wrapping keys; else `keys/ring.json` in the data folder. Keep a copy of it apart from the databases'."""
    notary_key_file: Path | None = None
    """The key that signs checkpoints and certificates; else `keys/notary.json` in the data folder."""
    checkpoints: Path | None = None
    """The folder where what is signed is published; else `checkpoints` in the data folder. Keep it off the databases'
    machine, or copy it from there."""
    witnesses: str = ""
    """Who cosigns checkpoints, with semicolons: a verifier key in note form, a space, and the witness's address."""
    tenant: str = Field(default="liggare", pattern="^[a-z][a-z0-9_]{0,62}$")
    """The municipality: bound into every ciphertext, and the schema of its tables. Never change it on a ledger."""
    owner_url: SecretStr | None = None
    """The role that migrates. Of the five URLs give all, or none to run the embedded PostgreSQL."""
    app_url: SecretStr | None = None
    """The role that server and worker use."""
    purge_url: SecretStr | None = None
    """The role that destroys what the schedule says."""
    read_url: SecretStr | None = None
    """The role that only reads."""
    keys_url: SecretStr | None = None
    """The application's role at the database of keys."""
    host: str = "127.0.0.1"
    """The address that the server listens on."""
    port: int = Field(default=8000, ge=1, le=_LAST_PORT, validation_alias="PORT")
    """The port that the server listens on: PORT."""
    environment: Literal["demo", "production"] = "demo"
    """In `production` there is never a demo school, and its identity provider refuses to start."""
    base_url: str | None = Field(default=None, pattern=r"^https?://[A-Za-z0-9.:\[\]-]+$")
    """The address that people's browsers know us by, without a path; else http://127.0.0.1 and the port."""
    sign_in_file: Path | None = None
    """How people sign in: providers, levels, limits; else `sign-in.yaml` in the data folder, where there is one."""
    contact: str = ""
    """How the municipality is reached, as the public page says it: its name, address and telephone, with semicolons."""
    print_fonts: DirectoryPath | None = None
    """A folder with fonts for the printed plan, for scripts that its own lack: TTF or OTF files, read at the start."""
    proxies: str = ""
    """The addresses, with commas, of the proxies before us whose word on a caller's address is believed."""
    demo: bool = True
    """Whether `make run` fills an empty ledger with the demo school."""
    demo_port: int | None = Field(default=None, ge=1, le=_LAST_PORT, validation_alias="DEMO_PORT")
    """The port of the demo school's identity provider, on this machine only: DEMO_PORT, else the one after PORT."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least serious log lines that are written."""
    max_event_bytes: int = Field(default=32_768, ge=1024, le=1_048_576)
    """The largest event, in bytes of its JSON."""
    max_events: int = Field(default=100, ge=1, le=10_000)
    """The most events that one command may store."""
    longest_delegation_days: int = Field(default=365, ge=1, le=3660)
    """For how many days a guardian may let another adult read, from the day of consent."""
    today: date | None = None
    """The day on which what is due for disposal is looked at, for tests and the demo alone; never in `production`."""
    register_file: Path | None = None
    """What was destroyed, in a file outside the databases; else `register/purged.jsonl` in the data folder."""
    key_rotation_days: int = Field(default=30, ge=1, le=366)
    """How old the wrapping key may become before the worker asks for another one."""
    key_copies_days: int = Field(default=30, ge=0, le=3660)
    """For how long copies of the key file, and backups of the databases, are kept."""
    archive_folder: Path | None = None
    """The folder where files are handed over to the archive, on a disk of the archive's. It is never made by us."""
    archive_creator: str = ""
    """Whose records are handed over: the authority's name, a semicolon and its code; else what the contact begins
    with."""
    archive_agreement: str = ""
    """Where what is agreed with the archive on what is handed over is found: a reference or an address."""
    session: SecretStr | None = None
    """The session of the officer who gives the commands of `./liggare retention`."""

    @field_validator(*URLS)
    @classmethod
    def _is_postgres(cls, url: SecretStr | None) -> SecretStr | None:
        try:
            conninfo_to_dict(url.get_secret_value() if url else "")
        except ProgrammingError:
            kind, text = "no_url", "This is no PostgreSQL connection URL"
            raise PydanticCustomError(kind, text) from None
        return url

    @field_validator("today")
    @classmethod
    def _is_not_in_production(cls, today: date | None, info: ValidationInfo) -> date | None:
        if today is not None and info.data.get("environment") != "demo":
            kind, text = "no_other_day", "In production what is due is due today"
            raise PydanticCustomError(kind, text)
        return today

    @field_validator("witnesses")
    @classmethod
    def _are_witnesses(cls, witnesses: str) -> str:
        try:
            for one in witnesses.split(";"):
                Witness.parse(one) if one.strip() else None
        except Malformed:
            kind, text = "no_witness", "A witness is a verifier key in note form, a space and an address"
            raise PydanticCustomError(kind, text) from None
        return witnesses

    @property
    def provider_port(self) -> int:
        """Where the demo school's identity provider listens."""
        return self.demo_port or (self.port + 1 if self.port < _LAST_PORT else self.port - 1)

    @property
    def has_demo(self) -> bool:
        """Whether `make run` fills an empty ledger with the demo school, and lets its people sign in."""
        return self.demo and self.environment == "demo"

    def urls(self) -> Urls | None:
        """The databases that the environment names; None for the embedded one."""
        given = [url for url in (getattr(self, name) for name in URLS) if url is not None]
        if not given:
            return None
        owner, app, purge, read, keys = (url.get_secret_value() for url in given)
        return Urls(owner=owner, app=app, purge=purge, read=read, keys=keys)

    @property
    def address(self) -> str:
        """The address that people's browsers know us by."""
        return self.base_url or f"http://127.0.0.1:{self.port}"

    @property
    def contact_lines(self) -> tuple[str, ...]:
        """How the municipality is reached, line by line."""
        return tuple(line.strip() for line in self.contact.split(";") if line.strip())

    @property
    def key_ring(self) -> Path:
        """Where the wrapping keys are."""
        return self.key_file or self.home / "keys" / "ring.json"

    @property
    def notary_key(self) -> Path:
        """Where the notary's key file is."""
        return self.notary_key_file or self.home / "keys" / "notary.json"

    @property
    def register(self) -> Path:
        """Where the purge register is."""
        return self.register_file or self.home / "register" / "purged.jsonl"

    @property
    def folder(self) -> Folder:
        """Where what is signed is published."""
        return Folder(self.checkpoints or self.home / "checkpoints")

    @property
    def known_witnesses(self) -> list[Witness]:
        """Who cosigns checkpoints."""
        return [Witness.parse(one) for one in self.witnesses.split(";") if one.strip()]

    def store(self, urls: Urls) -> StoreSettings:
        """What the store needs to open the ledger in these databases."""
        return StoreSettings(
            app_url=urls.app,
            keys_url=urls.keys,
            key_file=self.key_ring,
            tenant=self.tenant,
            schema=self.tenant,
            max_event_bytes=self.max_event_bytes,
            max_events=self.max_events,
        )


def read_settings() -> Settings:
    """The settings of this process. Raises WrongSettings, which names the variables and never their values."""
    try:
        settings = Settings()
    except ValidationError as error:
        faults = "\n".join(
            f"  {_variable(fault['loc'])}: {fault['msg']}" for fault in error.errors(include_input=False)
        )
        msg = f"These settings cannot be used:\n{faults}"
        raise WrongSettings(msg) from None
    missing = [_variable((name,)) for name in URLS if getattr(settings, name) is None]
    if 0 < len(missing) < len(URLS):
        msg = (
            f"Some database URLs are set, but not {', '.join(missing)}. "
            "Set all five, or none to run the embedded PostgreSQL."
        )
        raise WrongSettings(msg)
    return settings.model_copy(update={"home": settings.home.expanduser().resolve()})


def _variable(place: tuple[int | str, ...]) -> str:
    name = str(place[0]) if place else "settings"
    return name if name.endswith("PORT") and name.isupper() else f"LIGGARE_{name.upper()}"
