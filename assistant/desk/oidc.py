"""Sign-in by OpenID Connect: to the issuer and back, with state, nonce and PKCE; for accounts that exist, never new ones.

The issuer looks after passwords and second steps. It vouches for a subject; which account that is stands here: a subject
linked by hand, or an e-mail address the issuer has verified, which binds the subject the first time.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.desk import audit
from assistant.errors import NotSignedIn, TooMany, Unavailable
from assistant.logs import log
from assistant.settings import Settings
from assistant.store.staff_tables import oidc_tries, staff

CALLBACK = "/navigator/oidc/callback"
GOOD_FOR = timedelta(minutes=10)  # from leaving for the issuer to coming back
MOST_TRIES = 500  # under way at once; each is a row
LEEWAY_SECONDS = 60
CONFIRM_SECONDS = 300  # a confirmation must come from a sign-in at the issuer no older than this
ALGORITHMS = ["RS256", "PS256", "ES256"]
TIMEOUT_SECONDS = 10.0
NOBODY = (
    "That sign-in is good, but no open account here belongs to it. Ask your manager to link your account, or sign in with "
    "your username, password and code."
)
AGAIN = "That sign-in could not be used: it was too old, used before, or from another browser. Please start again."
AWAY = "Your organisation's sign-in cannot be reached just now. Try again, or use your username, password and code."


@dataclass(frozen=True)
class Vouched:
    """What an issuer says of a person, checked."""

    subject: str  # issuer and subject: a subject alone is only unique to its issuer
    email: str | None  # only when the issuer has verified it
    auth_time: int | None


def is_set_up(settings: Settings) -> bool:
    """Whether an issuer can be asked."""
    return bool(settings.oidc_issuer and settings.oidc_client_id and settings.oidc_client_secret.get_secret_value())


def _client(settings: Settings) -> Any:
    # Imported here: an installation without an issuer should not pay for it at every start.
    from authlib.integrations.requests_client import OAuth2Session

    return OAuth2Session(
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value(),
        scope="openid email",
        redirect_uri=f"{settings.public_base_url}{CALLBACK}",
        code_challenge_method="S256",
        default_timeout=TIMEOUT_SECONDS,
    )


make_client: Callable[..., Any] = _client  # a test puts its issuer here


def discovered(client: Any, settings: Settings) -> dict[str, Any]:
    """The issuer's addresses. Raises Unavailable when it cannot be reached or names itself otherwise."""
    try:
        answer = client.get(f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration", withhold_token=True)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        if found["issuer"] != settings.oidc_issuer:
            raise ValueError("another issuer answered")
        return {key: found[key] for key in ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")}
    except Exception as error:  # a network's, a parser's or a missing key: there is no sign-in this way now
        log.error("oidc issuer not reached", error=type(error).__name__)
        raise Unavailable(AWAY) from error


def begin(connection: Connection, settings: Settings, where: dict[str, Any], back: str, session: str | None) -> tuple[str, str]:
    """(the issuer's address to go to, the state to keep in a cookie). `session`: of a confirmation, whom it is for.

    Raises:
        TooMany: more sign-ins are under way than people work here.
    """
    now = clock.now()
    connection.execute(oidc_tries.delete().where(oidc_tries.c.begun_at < now - GOOD_FOR))
    if connection.execute(sa.select(sa.func.count()).select_from(oidc_tries)).scalar_one() >= MOST_TRIES:
        raise TooMany("Too many sign-ins are under way. Please try again in ten minutes.")
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    connection.execute(
        oidc_tries.insert().values(
            state_hash=_digest(state), nonce=nonce, verifier=verifier, session=session, back=back, begun_at=now
        )
    )
    fresh = {"prompt": "login", "max_age": "0"} if session else {}
    with make_client(settings) as client:
        address, _ = client.create_authorization_url(
            where["authorization_endpoint"], state=state, code_verifier=verifier, nonce=nonce, **fresh
        )
    return str(address), state


def take(connection: Connection, state: str, cookie: str) -> Row:
    """The try this answer belongs to, used up.

    Raises:
        NotSignedIn: another browser's, too old, or it came before.
    """
    if not state or not hmac.compare_digest(state.encode("utf-8", "replace"), cookie.encode("utf-8", "replace")):
        raise NotSignedIn(AGAIN)
    row = connection.execute(sa.select(oidc_tries).where(oidc_tries.c.state_hash == _digest(state))).first()
    gone = connection.execute(oidc_tries.delete().where(oidc_tries.c.state_hash == _digest(state)))
    if row is None or gone.rowcount != 1 or row.begun_at < clock.now() - GOOD_FOR:
        raise NotSignedIn(AGAIN)
    return row


def vouched(settings: Settings, where: dict[str, Any], row: Row, code: str) -> Vouched:
    """Trade the code for a token, and check all of it: signature, issuer, audience, times, nonce.

    Raises:
        NotSignedIn: anything does not fit. Unavailable: the issuer is away.
    """
    from authlib.integrations.base_client import OAuthError
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    with make_client(settings) as client:
        try:
            token = client.fetch_token(where["token_endpoint"], code=code, code_verifier=row.verifier, grant_type="authorization_code")
            keys = client.get(where["jwks_uri"], withhold_token=True)
            keys.raise_for_status()
            key_set = KeySet.import_key_set(keys.json())
        except OAuthError as error:
            raise NotSignedIn(AGAIN) from error
        except Exception as error:
            log.error("oidc issuer not reached", error=type(error).__name__)
            raise Unavailable(AWAY) from error
    try:
        decoded = jwt.decode(str(token["id_token"]), key_set, algorithms=ALGORITHMS)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": settings.oidc_issuer},
                "aud": {"essential": True, "value": settings.oidc_client_id},
            },
            params={
                "nonce": row.nonce,
                "client_id": settings.oidc_client_id,
                "access_token": token.get("access_token"),
                "max_age": CONFIRM_SECONDS if row.session else None,
            },
        )
        claims.validate(now=int(clock.now().timestamp()), leeway=LEEWAY_SECONDS)
        subject = str(claims["sub"])
        if not 1 <= len(subject) <= 255:
            raise ValueError("no subject")
    except (JoseError, ValueError, KeyError, TypeError) as error:
        log.warning("oidc token refused", error=type(error).__name__)
        raise NotSignedIn(AGAIN) from error
    email = claims.get("email") if claims.get("email_verified") is True else None
    return Vouched(
        f"{settings.oidc_issuer} {subject}", str(email).strip().lower() if email else None, claims.get("auth_time")
    )


def account_of(connection: Connection, who: Vouched) -> Row | None:
    """The open account this is, or None. A verified e-mail address binds the subject, so it works for one person once."""
    row = connection.execute(sa.select(staff).where(staff.c.oidc_subject == who.subject)).first()
    if row is None and who.email:
        row = connection.execute(
            sa.select(staff).where(staff.c.email == who.email, staff.c.oidc_subject.is_(None))
        ).first()
        if row is not None and row.disabled_at is None:
            connection.execute(staff.update().where(staff.c.id == row.id).values(oidc_subject=who.subject))
            audit.record(connection, row.id, "account.linked", row.id)
    return row if row is not None and row.disabled_at is None else None


def is_fresh(who: Vouched) -> bool:
    """Whether the person signed in at the issuer just now, and not by a session it remembered."""
    return who.auth_time is not None and clock.now().timestamp() - who.auth_time <= CONFIRM_SECONDS


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()
