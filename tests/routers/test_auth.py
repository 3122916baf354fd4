"""Sign-in with Google, refresh, logout and the account."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt
from google.auth import jwt as google_jwt
from jose import jwt

from tests.conftest import MakeApi
from tests.support.factories import Learner, make_token, somebody, upload
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

AUDIENCE = "client-id.test"


def make_signer(kid: str) -> tuple[crypt.RSASigner, str]:
    """Returns a new RSA key as a signer, and its self-signed certificate as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "issuer.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = certificate.public_bytes(serialization.Encoding.PEM).decode()
    return crypt.RSASigner.from_string(pem.decode(), kid), public  # type: ignore[no-untyped-call]


class GoogleIssuer:
    """A loopback issuer with real RSA keys: serves certificates like Google, and signs matching tokens."""

    def __init__(self, max_age_s: int = 3600) -> None:
        self.fetches = 0
        self._signers: dict[str, crypt.RSASigner] = {}
        self._certificates: dict[str, str] = {}
        self._make_key("key-1")
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.fetches += 1
                body = json.dumps(issuer._certificates).encode()
                self.send_response(200)
                self.send_header("Cache-Control", f"public, max-age={max_age_s}")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/certs"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _make_key(self, kid: str) -> None:
        self._signers[kid], self._certificates[kid] = make_signer(kid)

    def token(self, **claims: Any) -> str:
        now = int(time.time())
        payload = {
            "iss": "https://accounts.google.com",
            "aud": AUDIENCE,
            "sub": "google-1",
            "email": "learner@gmail.test",
            "email_verified": True,
            "name": "Learner",
            "iat": now,
            "exp": now + 600,
        } | claims
        return str(google_jwt.encode(self._signers["key-1"], payload).decode())  # type: ignore[no-untyped-call]

    def forged(self) -> str:
        """Returns a token that names the genuine key and was signed with another."""
        genuine = self._signers["key-1"]
        self._signers["key-1"], _ = make_signer("key-1")
        try:
            return self.token()
        finally:
            self._signers["key-1"] = genuine

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def issuer() -> Iterator[GoogleIssuer]:
    issuer = GoogleIssuer()
    yield issuer
    issuer.close()


@pytest.fixture(scope="module")
def google(make_api: MakeApi, issuer: GoogleIssuer) -> Iterator[httpx.Client]:
    server = make_api(GOOGLE_CLIENT_ID=AUDIENCE, GOOGLE_CERTS_URL=issuer.url)
    with httpx.Client(base_url=server.url) as http:
        yield http


def sign_in_with_google(google: httpx.Client, token: str) -> httpx.Response:
    return google.post("/api/auth/google", json={"id_token": token})


def test_a_google_token_opens_a_session(google: httpx.Client, issuer: GoogleIssuer) -> None:
    answer = sign_in_with_google(google, issuer.token(name="길동"))
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["token_type"], body["user"]["email"], body["user"]["name"]) == ("bearer", "learner@gmail.test", "길동")
    assert google.get("/api/auth/me", headers={"Authorization": f"Bearer {body['access_token']}"}).status_code == 200


def test_user_is_identified_by_subject_and_not_by_email(google: httpx.Client, issuer: GoogleIssuer) -> None:
    first = sign_in_with_google(google, issuer.token(sub="s-1", email="before@gmail.test")).json()["user"]
    later = sign_in_with_google(google, issuer.token(sub="s-1", email="after@gmail.test")).json()["user"]
    other = sign_in_with_google(google, issuer.token(sub="s-2", email="after@gmail.test")).json()["user"]
    assert later["id"] == first["id"] != other["id"]
    assert later["email"] == "after@gmail.test"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "somebody-else.test"},
        {"aud": None},
        {"iss": "https://accounts.evil.test"},
        {"exp": int(time.time()) - 3600},
        {"email_verified": False},
        {"email_verified": None},
        {"email": None, "email_verified": "true"},
    ],
)
def test_google_token_with_bad_claims_is_refused(
    google: httpx.Client, issuer: GoogleIssuer, claims: dict[str, Any]
) -> None:
    answer = sign_in_with_google(google, issuer.token(**claims))
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_google_token")
    assert "www-authenticate" in answer.headers


@pytest.mark.parametrize("token", ["x", "a.b.c", "e30.e30.e30", "W10.W10.W10", "\u00e9.\u00e9.\u00e9"])
def test_malformed_google_token_is_refused(google: httpx.Client, token: str) -> None:
    assert sign_in_with_google(google, token).status_code == 401


def test_a_forged_signature_is_refused(google: httpx.Client, issuer: GoogleIssuer) -> None:
    assert sign_in_with_google(google, issuer.forged()).status_code == 401


def test_certificates_are_fetched_once_while_fresh(google: httpx.Client, issuer: GoogleIssuer) -> None:
    sign_in_with_google(google, issuer.token())
    before = issuer.fetches
    for _ in range(5):
        sign_in_with_google(google, issuer.token())
    assert issuer.fetches == before


def test_kept_certificates_serve_while_google_cannot_be_reached(make_api: MakeApi) -> None:
    issuer = GoogleIssuer(max_age_s=0)
    server = make_api(GOOGLE_CLIENT_ID=AUDIENCE, GOOGLE_CERTS_URL=issuer.url)
    with httpx.Client(base_url=server.url) as http:
        assert sign_in_with_google(http, issuer.token()).status_code == 200
        issuer.close()
        assert sign_in_with_google(http, issuer.token()).status_code == 200
        assert sign_in_with_google(http, issuer.forged()).status_code == 401
    wait_until(lambda: "Google's certificates cannot be fetched" in server.log)


def test_google_sign_in_without_a_client_id_is_refused(client: httpx.Client) -> None:
    answer = client.post("/api/auth/google", json={"id_token": "x"})
    assert (answer.status_code, answer.json()["code"]) == (401, "google_not_configured")


def test_me_needs_a_valid_token(client: httpx.Client, learner: Learner, api: ServerProcess) -> None:
    assert client.get("/api/auth/me").json()["code"] == "not_authenticated"
    assert client.get("/api/auth/me", headers=learner.headers).json()["id"] == learner.user["id"]
    now = int(time.time())
    good = jwt.get_unverified_claims(learner.access_token)
    key = api.env["SECRET_KEY"]
    same = {"Authorization": f"Bearer {jwt.encode(good, key, algorithm='HS256')}"}
    assert client.get("/api/auth/me", headers=same).status_code == 200
    bad = [
        "nonsense",
        jwt.encode(good, "another-key", algorithm="HS256"),
        jwt.encode({**good, "exp": now - 60}, key, algorithm="HS256"),
        jwt.encode({**good, "aud": "elsewhere"}, key, algorithm="HS256"),
        jwt.encode({**good, "aud": "yousync-stream"}, key, algorithm="HS256"),
        jwt.encode({**good, "typ": "ticket"}, key, algorithm="HS256"),
        jwt.encode(good, key, algorithm="HS512"),
        *(jwt.encode({k: v for k, v in good.items() if k != name}, key, algorithm="HS256") for name in good),
    ]
    for token in bad:
        answer = client.get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_access_token"), token


def test_accepted_access_token_is_refused_once_expired(
    client: httpx.Client, learner: Learner, api: ServerProcess
) -> None:
    soon = jwt.get_unverified_claims(learner.access_token) | {"exp": int(time.time()) + 2}
    headers = {"Authorization": f"Bearer {jwt.encode(soon, api.env['SECRET_KEY'], algorithm='HS256')}"}
    assert client.get("/api/auth/me", headers=headers).status_code == 200
    wait_until(lambda: client.get("/api/auth/me", headers=headers).json().get("code") == "invalid_access_token")
    assert time.time() > soon["exp"]


def test_refresh_rotates_and_the_new_pair_works(client: httpx.Client, learner: Learner) -> None:
    answer = client.post("/api/auth/refresh", json={"refresh_token": learner.refresh_token})
    assert answer.status_code == 200
    fresh = answer.json()
    assert fresh["refresh_token"] != learner.refresh_token
    client.cookies.clear()
    assert client.post("/api/auth/refresh", json={"refresh_token": fresh["refresh_token"]}).status_code == 200
    client.cookies.clear()


def test_two_tabs_refreshing_at_once_stay_signed_in(client: httpx.Client, learner: Learner, api: ServerProcess) -> None:
    def refresh(token: str) -> httpx.Response:
        return httpx.post(f"{api.url}/api/auth/refresh", json={"refresh_token": token}, timeout=30)

    with ThreadPoolExecutor(20) as tabs:
        answers = list(tabs.map(refresh, [learner.refresh_token] * 40))
    winners = [answer for answer in answers if answer.status_code == 200]
    assert len(winners) == 1
    assert {a.json()["code"] for a in answers if a.status_code == 401} == {"refresh_token_spent"}
    assert refresh(winners[0].json()["refresh_token"]).status_code == 200


def test_reuse_after_the_grace_period_revokes_the_whole_family(make_api: MakeApi) -> None:
    server = make_api(REFRESH_GRACE_S="0")
    with httpx.Client(base_url=server.url) as client:
        learner = somebody(client)
        fresh = client.post("/api/auth/refresh", json={"refresh_token": learner.refresh_token}).json()
        client.cookies.clear()
        stolen = client.post("/api/auth/refresh", json={"refresh_token": learner.refresh_token})
        assert (stolen.status_code, stolen.json()["code"]) == (401, "invalid_refresh_token")
        assert client.post("/api/auth/refresh", json={"refresh_token": fresh["refresh_token"]}).status_code == 401


def test_refresh_by_cookie_and_logout(api: ServerProcess) -> None:
    with httpx.Client(base_url=api.url) as browser:
        signed_in = browser.post("/api/auth/dev", json={"email": "cookie@yousync.test", "name": "C"})
        assert all(
            flag in header.lower()
            for header in signed_in.headers.get_list("set-cookie")
            for flag in ("httponly", "samesite=strict")
        )
        refreshed = browser.post("/api/auth/refresh")
        assert refreshed.status_code == 200
        headers = {"Authorization": f"Bearer {refreshed.json()['access_token']}"}
        assert browser.post("/api/auth/logout", headers=headers).status_code == 204
        assert not browser.cookies
        again = browser.post("/api/auth/refresh", json={"refresh_token": refreshed.json()["refresh_token"]})
        assert again.status_code == 401


@pytest.mark.parametrize("body", [None, {}, {"refresh_token": None}, {"refresh_token": "unknown"}])
def test_refresh_without_a_valid_token_is_401(client: httpx.Client, body: object) -> None:
    assert client.post("/api/auth/refresh", json=body).status_code == 401


def test_erasing_the_account_deletes_recordings_and_revokes_tokens(
    client: httpx.Client, learner: Learner, admin: Learner, s3: Any, api: ServerProcess
) -> None:
    token = make_token(client, admin)
    job_id = upload(client, learner, token["id"]).json()["job_id"]
    prefix = f"recordings/{learner.user['id']}/"
    store = s3.account.client()

    def recordings() -> int:
        return int(store.list_objects_v2(Bucket=s3.account.bucket, Prefix=prefix)["KeyCount"])

    wait_until(recordings)
    assert recordings() == 1
    assert client.delete("/api/auth/me", headers=learner.headers).status_code == 204
    assert recordings() == 0
    assert client.get("/api/auth/me", headers=learner.headers).status_code == 401
    assert client.get(f"/api/tokens/analysis-result/{job_id}", headers=learner.headers).status_code == 401
    assert upload(client, learner, token["id"]).status_code == 401
    bookmark = client.post("/api/mypage/bookmarks/", json={"token_id": token["id"]}, headers=learner.headers)
    assert bookmark.status_code == 401


def is_admin(server: ServerProcess, access_token: str) -> tuple[bool, bool, int]:
    """Returns what the account and my page say of an administrator, and the status of a change to the catalogue."""
    headers = {"Authorization": f"Bearer {access_token}"}
    account = httpx.get(f"{server.url}/api/auth/me", headers=headers).json()
    page = httpx.get(f"{server.url}/api/mypage/overview", headers=headers).json()["user"]
    assert set(page) == set(account)
    change = httpx.delete(f"{server.url}/api/scripts/999999999", headers=headers)
    return account["is_admin"], page["is_admin"], change.status_code


ADMIN, LEARNER = (True, True, 404), (False, False, 403)


def test_administrators_are_verified_addresses_of_a_named_issuer(
    make_api: MakeApi, api: ServerProcess, issuer: GoogleIssuer
) -> None:
    boss = "boss@gmail.test"
    shared = {"GOOGLE_CLIENT_ID": AUDIENCE, "GOOGLE_CERTS_URL": issuer.url, "ADMIN_EMAILS": boss.upper()}
    shared["DATABASE_URL"] = api.env["DATABASE_URL"]
    production = make_api(**shared, ENVIRONMENT="production")
    body = {"id_token": issuer.token(sub="boss", email=boss)}
    signed_in = httpx.post(f"{production.url}/api/auth/google", json=body).json()
    assert signed_in["user"]["is_admin"]
    assert is_admin(production, signed_in["access_token"]) == ADMIN
    # Anybody may take an address at the sign-in of development, which has left its accounts in this database.
    claimed = httpx.post(f"{api.url}/api/auth/dev", json={"email": boss, "name": "B"}).json()["access_token"]
    assert is_admin(production, claimed) == LEARNER
    elsewhere = make_api(**shared, ENVIRONMENT="production", ADMIN_EMAIL_ISSUERS="https://id.example.org")
    assert is_admin(elsewhere, signed_in["access_token"]) == LEARNER


def test_administrators_are_named_by_issuer_and_subject(make_api: MakeApi, issuer: GoogleIssuer) -> None:
    shared = {"GOOGLE_CLIENT_ID": AUDIENCE, "GOOGLE_CERTS_URL": issuer.url, "ENVIRONMENT": "production"}
    server = make_api(**shared, ADMIN_EMAILS="", ADMIN_SUBJECTS="https://accounts.google.com#chief, https://b.test#x")
    for subject, expected in (("chief", ADMIN), ("x", LEARNER), ("chie", LEARNER)):
        body = {"id_token": issuer.token(sub=subject, email="same@gmail.test")}
        answer = httpx.post(f"{server.url}/api/auth/google", json=body).json()
        assert is_admin(server, answer["access_token"]) == expected


def test_production_has_secure_cookies_and_no_development_sign_in(make_api: MakeApi, issuer: GoogleIssuer) -> None:
    server = make_api(ENVIRONMENT="production", GOOGLE_CLIENT_ID=AUDIENCE, GOOGLE_CERTS_URL=issuer.url)
    assert httpx.post(f"{server.url}/api/auth/dev", json={"email": "a@b.test", "name": "A"}).status_code == 404
    assert "/api/auth/dev" not in httpx.get(f"{server.url}/openapi.json").json()["paths"]

    signed_in = httpx.post(f"{server.url}/api/auth/google", json={"id_token": issuer.token()})
    cookies = signed_in.headers.get_list("set-cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Secure-yousync_session", "__Secure-yousync_refresh"}
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "SameSite=strict"} <= set(cookie.split("; "))
    sent = {"Cookie": f"__Secure-yousync_refresh={signed_in.json()['refresh_token']}"}
    assert httpx.post(f"{server.url}/api/auth/refresh", headers=sent).status_code == 200
