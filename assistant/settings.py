"""Every setting of an installation, with its help beside its default; docs/settings.md lists the same (a test holds it).

Values come from the environment (prefix LINKWAY_) and from a file `.env` in the working folder.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from dotenv import dotenv_values
from pydantic import BaseSettings, Field, SecretStr, validator

ROOT = Path(__file__).resolve().parent.parent  # where config.yml, domain.yml and nlu_data/ lie
PREFIX = "LINKWAY_"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
# Of `rasa shell` alone: the class that stands in for a practice there (actions/surroundings.py).
NOT_OURS = frozenset({"LINKWAY_SURROUNDINGS"})


class Settings(BaseSettings):
    """One installation's settings. Raises pydantic's ValidationError, naming the setting, on a bad value."""

    home: Path = Field(default=Path("var"), description="Folder for the database, models, index and backups.")
    database_url: str = Field(default="", description="SQLAlchemy URL. Empty: SQLite in the home folder.")
    programme_dir: Path = Field(default=Path("programme"), description="Folder with the practice's words and facts.")
    public_base_url: str = Field(
        default="http://127.0.0.1:8080", description="Address patients and gateways reach this server by."
    )
    demo: bool = Field(default=True, description="Demo mode: the practice page, the demo phone and drama numbers.")
    demo_site_port: int = Field(default=8081, description="Port of the demo practice's own website.")
    encoder: str = Field(
        default="minilm-int8", description="Sentence encoder. Any other name is a sentence-transformers model."
    )
    messages_per_minute: int = Field(
        default=20, ge=1, le=600, description="Messages one conversation may send in a minute before it is slowed."
    )
    conversations_per_hour: int = Field(
        default=120, ge=1, le=100_000, description="Conversations one network address may start in an hour."
    )
    sms_provider: str = Field(default="generic", description="Gateway for outgoing texts: generic, twilio or notify.")
    sms_generic_secret: SecretStr = Field(
        default=SecretStr(""), description="Secret shared with the generic gateway (Standard Webhooks, whsec_...)."
    )
    sms_generic_url: str = Field(default="", description="Where outgoing texts of the generic gateway are POSTed.")
    sms_pence_per_segment: float = Field(
        default=0.0, ge=0, le=100, description="What a segment of a text costs, in pence. 0: reports show no cost."
    )
    sms_number: str = Field(default="07700900000", description="The number patients text, for pages and HELP.")
    twilio_account_sid: str = Field(default="", description="Twilio account SID.")
    twilio_auth_token: SecretStr = Field(default=SecretStr(""), description="Twilio primary auth token.")
    twilio_from: str = Field(default="", description="Twilio sender number or messaging service SID.")
    notify_api_key: SecretStr = Field(default=SecretStr(""), description="GOV.UK Notify API key.")
    notify_template_id: str = Field(default="", description="GOV.UK Notify template holding ((body)).")
    notify_callback_token: SecretStr = Field(
        default=SecretStr(""), description="Bearer token GOV.UK Notify sends with its callbacks."
    )
    referrer_url: str = Field(default="", description="Where news for referrers is POSTed. Empty: the desk sends it by hand.")
    referrer_secret: SecretStr = Field(
        default=SecretStr(""), description="Secret shared with the referrer's system (Standard Webhooks, whsec_...)."
    )
    staff_idle_minutes: int = Field(default=30, ge=1, le=480, description="Minutes before an idle sign-in ends.")
    staff_absolute_hours: int = Field(default=12, ge=1, le=48, description="Hours after which any sign-in ends.")
    oidc_issuer: str = Field(default="", description="OpenID Connect issuer staff may sign in with. Empty: none.")
    oidc_client_id: str = Field(default="", description="Our client id at the issuer.")
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), description="Our client secret at the issuer.")
    oidc_name: str = Field(default="your organisation", max_length=40, description="The issuer's name on the sign-in page.")
    secret_key: SecretStr = Field(
        default=SecretStr(""), description="Signs form fields. Empty: made once and kept in the home folder."
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR. Never logs message text.")
    exit_url: str = Field(
        default="https://www.bbc.co.uk/weather", description="Neutral site that 'Exit this page' goes to."
    )

    class Config:
        """Environment names are LINKWAY_ plus the field's name in capitals."""

        env_prefix = PREFIX
        env_file = ".env"
        extra = "forbid"

    @validator("sms_provider")
    def known_provider(cls, value: str) -> str:  # noqa: N805 - pydantic 1 passes the class
        """Only gateways we speak to; a typing slip must fail at start, not at the first text."""
        if value not in {"generic", "twilio", "notify"}:
            raise ValueError("use 'generic', 'twilio' or 'notify'")
        return value

    @validator("oidc_issuer")
    def secure_issuer(cls, value: str) -> str:  # noqa: N805
        """Keys and tokens come from there: over https, but for a trial on this machine."""
        if value and not value.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("must start with https://")
        return value

    @validator("log_level")
    def known_level(cls, value: str) -> str:  # noqa: N805
        """In capitals; a level nobody knows would log nothing, or everything."""
        if value.upper() not in LOG_LEVELS:
            raise ValueError(f"use one of {', '.join(LOG_LEVELS)}")
        return value.upper()

    @validator("home", "programme_dir")
    def without_tilde(cls, value: Path) -> Path:  # noqa: N805
        """A shell does not expand '~' inside .env."""
        return value.expanduser()

    @validator("public_base_url")
    def no_trailing_slash(cls, value: str) -> str:  # noqa: N805
        """Signatures are computed over this address, so it is kept in one form."""
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.home / 'linkway.db'}"

    @property
    def models_dir(self) -> Path:
        """Where trained Rasa models lie."""
        return self.home / "models"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The process's settings, read once."""
    return Settings()


def unknown_names(folder: Path = Path()) -> list[str]:
    """LINKWAY_ names of the environment, or of `folder`'s .env, that are no setting: slips that would pass unseen."""
    known = {PREFIX + name.upper() for name in Settings.__fields__} | NOT_OURS
    given = {*os.environ, *dotenv_values(folder / ".env")}
    return sorted(name for name in given if name.upper().startswith(PREFIX) and name.upper() not in known)
