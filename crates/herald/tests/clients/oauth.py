"""Two OAuth clients of other houses against a running demo: oauth.py URL.

Each signs mira in, asks for her detail, refreshes, asks again, and reads a refusal; Authlib also asks what a token
proves and gives it back, and a program signs in in its own name. Whatever they do not get as they insist on it ends in
a non-zero exit code.
"""

import os
import sys

# It is a loopback address.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from joserfc import jwt
from joserfc.jwk import KeySet
from oauthlib.oauth2 import BackendApplicationClient, LegacyApplicationClient
from oauthlib.oauth2.rfc6749.errors import InvalidGrantError
from requests_oauthlib import OAuth2Session

URL = sys.argv[1]
TOKEN = URL + "/oauth/token"
DETAIL = URL + "/api/v2/users/loggedIn/detail"
CLIENT = {"client_id": "fixstreamapp", "client_secret": "fixstream"}
BACKEND = {
    "client_id": "7f4b6f0e-52c4-4c37-8f0a-2d6c1c5b9e01",
    "client_secret": "4e8a2c1b-90d3-4f57-a6de-3b7c5a1f2d01",
}
MIRA = {"username": "mira.holt@northwind.example", "password": "correct horse battery staple"}
SCOPES = ["read", "write", "trust"]


def is_mira(session):
    answer = session.get(DETAIL, timeout=20)
    assert answer.status_code == 200, (answer.status_code, answer.text)
    assert answer.json()["name"] == "Mira Holt", answer.text


def is_another(first, second):
    for key in ("access_token", "refresh_token", "jti"):
        assert first[key] != second[key], key
    assert second["token_type"] == "bearer" and 0 < second["expires_in"] <= 3600, second


def requests_oauthlib(in_body):
    """Basic is its default; on refresh it sends the client in the body."""
    client = LegacyApplicationClient(client_id=CLIENT["client_id"], scope=SCOPES)
    session = OAuth2Session(client=client)
    # It raises where the scopes that come back are not those it asked for.
    first = session.fetch_token(TOKEN, include_client_id=in_body or None, timeout=20, **CLIENT, **MIRA)
    assert first["scope"] == SCOPES and not first.scope_changed, first
    is_mira(session)
    second = session.refresh_token(TOKEN, timeout=20, **CLIENT)
    is_another(first, second)
    is_mira(session)
    try:
        wrong = dict(MIRA, password="wrong")
        OAuth2Session(client=client).fetch_token(TOKEN, timeout=20, **CLIENT, **wrong)
    except InvalidGrantError as refused:
        assert refused.description == "Bad credentials", refused
    else:
        raise AssertionError("a wrong password signed in")


def authlib(method):
    session = AuthlibSession(
        token_endpoint=TOKEN, token_endpoint_auth_method=method, scope=" ".join(SCOPES), **CLIENT
    )
    first = dict(session.fetch_token(timeout=20, **MIRA))
    assert first["scope"] == " ".join(SCOPES), first
    is_mira(session)
    second = dict(session.refresh_token(timeout=20))
    is_another(first, second)
    is_mira(session)
    try:
        session.fetch_token(timeout=20, **dict(MIRA, password="wrong"))
    except OAuthError as refused:
        assert (refused.error, refused.description) == ("invalid_grant", "Bad credentials"), refused
    else:
        raise AssertionError("a wrong password signed in")


def is_active(session, token):
    answer = session.introspect_token(URL + "/oauth/introspect", token=token, timeout=20)
    assert answer.status_code == 200, (answer.status_code, answer.text)
    return answer.json()["active"]


def given_back(method):
    """A gateway asks about a token; the client that it was issued to gives the sign-in back."""
    session = AuthlibSession(token_endpoint=TOKEN, token_endpoint_auth_method=method, **CLIENT)
    session.fetch_token(timeout=20, **MIRA)
    token = dict(session.token)
    gateway = AuthlibSession(token_endpoint_auth_method=method, **BACKEND)
    assert is_active(gateway, token["access_token"])
    session.revoke_token(URL + "/oauth/revoke", token=token["refresh_token"], timeout=20).raise_for_status()
    assert not is_active(gateway, token["access_token"])


def in_its_own_name():
    """The token verifies with the published keys alone, as a resource server does it."""
    session = OAuth2Session(client=BackendApplicationClient(client_id=BACKEND["client_id"]))
    token = session.fetch_token(TOKEN, timeout=20, **BACKEND)
    assert "refresh_token" not in token and "user" not in token, token
    about = requests.get(URL + "/.well-known/oauth-authorization-server", timeout=20).json()
    keys = KeySet.import_key_set(requests.get(about["jwks_uri"], timeout=20).json())
    read = jwt.decode(token["access_token"], keys, algorithms=["ES256"])
    assert read.header["typ"] == "at+jwt", read.header
    assert (read.claims["iss"], read.claims["sub"]) == (about["issuer"], BACKEND["client_id"]), read.claims


requests_oauthlib(in_body=False)
requests_oauthlib(in_body=True)
authlib("client_secret_basic")
authlib("client_secret_post")
given_back("client_secret_basic")
given_back("client_secret_post")
in_its_own_name()
