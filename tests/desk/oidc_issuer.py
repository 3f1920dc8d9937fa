"""An OpenID Connect issuer in this process: real RS256 keys, codes that work once, PKCE checked."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey
from requests.adapters import BaseAdapter

from assistant.clock import clock

ISSUER, CLIENT, SECRET = "https://issuer.test", "linkway", "a-client-secret"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


class Issuer:
    """`claims` are put over the token's own; `key` signs."""

    def __init__(self) -> None:
        self.codes: dict[str, dict[str, Any]] = {}
        self.claims: dict[str, Any] = {}
        self.key, self.up, self.alg = KEY, True, "RS256"
        self.names_itself = ISSUER

    def reached_by(self, client: Any) -> Any:
        """The client, whose requests to the issuer end here."""
        client.mount(ISSUER, _Here(self))
        return client

    def sign_in(self, address: str, **claims: Any) -> dict[str, str]:
        """What a browser brings back after signing in there: code and state."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT and "openid" in asked["scope"]
        assert asked["code_challenge_method"] == "S256" and len(asked["state"]) >= 32 and len(asked["nonce"]) >= 32
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**asked, "claims": claims}
        return {"code": code, "state": asked["state"]}

    def answer(self, request: requests.PreparedRequest) -> tuple[int, Any]:
        """Status and JSON of any request."""
        if not self.up:
            raise requests.ConnectionError("away")
        path = urlsplit(str(request.url)).path
        if path.endswith("/openid-configuration"):
            return 200, {
                "issuer": self.names_itself, "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token", "jwks_uri": f"{ISSUER}/keys",
            }  # fmt: skip
        if path == "/keys":
            return 200, {"keys": [KEY.as_dict(private=False)]}
        return self._token({key: values[0] for key, values in parse_qs(str(request.body)).items()})

    def _token(self, form: dict[str, str]) -> tuple[int, Any]:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or create_s256_code_challenge(form.get("code_verifier", "")) != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(clock.now().timestamp())
        claims = {
            "iss": ISSUER, "sub": "subject-1", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"],
            "auth_time": now, **self.claims, **asked["claims"],
        }  # fmt: skip
        claims = {key: value for key, value in claims.items() if value is not None}
        if self.alg == "none":
            def part(value: Any) -> str:
                return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

            token = f"{part({'alg': 'none'})}.{part(claims)}."
        else:
            token = jwt.encode({"alg": self.alg, "kid": "one"}, claims, self.key)
        return 200, {"access_token": "at", "token_type": "Bearer", "id_token": token}


class _Here(BaseAdapter):
    """Hands requests to an issuer of this process."""

    def __init__(self, issuer: Issuer) -> None:
        super().__init__()
        self._issuer = issuer

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        made = requests.Response()
        made.status_code, content = self._issuer.answer(request)
        made._content, made.url, made.request = json.dumps(content).encode(), str(request.url), request
        made.headers["content-type"] = "application/json"
        return made

    def close(self) -> None:
        """Nothing is held."""
