"""What schemathesis is told besides its settings: how a body of one JSON object a line is written; an example of each
operation whose parameters or body must name something that is there; and to keep a list of the operations that were
answered with a success."""

import itertools
import json
import os
import urllib.error
import urllib.request

import schemathesis
from schemathesis import auths

URL = os.environ["HERALD_TEST_URL"]
SESSION = os.environ["HERALD_TEST_SESSION"]
REACHED = set()
NUMBERS = itertools.count()
PASSWORD = "nine otters under the bridge"
TENANT = "/v1/tenants/northwind"
# The id of nothing.
NONE = "01a20244-e800-7c11-9a3e-5d0f6b7a8c21"


@schemathesis.serializer("application/x-ndjson")
def ndjson(_context, value):
    return json.dumps(value).encode() + b"\n"


@schemathesis.hook
def after_call(_context, case, response):
    if 200 <= response.status_code < 300 and case.operation.label not in REACHED:
        REACHED.add(case.operation.label)
        with open(os.environ["HERALD_TEST_REACHED"], "a", encoding="utf-8") as kept:
            kept.write(case.operation.label + "\n")


def post(path, body, session=SESSION):
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {session}"}
    request = urllib.request.Request(URL + path, json.dumps(body).encode(), headers)
    return json.load(urllib.request.urlopen(request))


def key():
    return f"x{next(NUMBERS)}"


def address():
    return f"{key()}@northwind.example"


def user():
    return post("/v1/users", {"email": address(), "password": PASSWORD, "tenant": "northwind", "roles": ["guest"]})


def sign_in(email, password):
    return post("/v1/sign-in", {"email": email, "password": password})


def mira():
    return sign_in("mira.holt@northwind.example", "correct horse battery staple")


def session_of():
    made = user()
    return {"id": made["id"], "session": sign_in(made["email"], PASSWORD)["session_id"]}


def invitation():
    return post(f"{TENANT}/invitations", {"email": address(), "roles": ["guest"]})


def link(body):
    return body["link"].rsplit("token=", 1)[1]


def named(path, body):
    return {"tenant": "northwind", "id": post(TENANT + path, body)["id"]}


def site():
    return named("/sites", {"key": key(), "name": "A site"})


def token():
    return named("/tokens", {"name": "A token", "roles": ["guest"]})


def webhook():
    return named("/webhooks", {"name": key(), "url": "https://hooks.example/x", "kind": "SLACK"})


def own_token():
    return post("/v1/me/tokens", {"name": "A token"})["id"]


def role():
    return {"id": post("/v1/roles", {"key": key(), "tenant": "northwind"})["id"]}


def client():
    return {"id": post("/v1/clients", {"grants": ["client_credentials"]})["id"]}


def permission():
    return {"key": post("/v1/permissions", {"key": f"{key()}:read"})["key"]}


def tenant():
    return {"tenant": post("/v1/tenants", {"key": key(), "name": "A tenant"})["key"]}


def refresh_token():
    body = {"email": user()["email"], "password": PASSWORD}
    return post("/identity/resources/auth/v1/user", body)["refreshToken"]


# Made at once: wrong passwords that are tried later lock her out.
SESSIONS = [mira()["session_id"] for _ in range(5)]


def here():
    return {"tenant": "northwind"}


def member():
    return {"tenant": "northwind", "user": user()["id"]}


def of_user():
    return {"id": user()["id"]}


def person():
    return {"x": user()["email"]}


# By operation: what its path names, and what is sent.
EXAMPLES = {
    "GET /v1/agents/{agent}/devices/{device}": (lambda: {"agent": "claude-desktop", "device": "lt-4471"}, None),
    "GET /v1/tenants/{tenant}": (here, None),
    "PATCH /v1/tenants/{tenant}": (here, lambda: {"name": "Northwind"}),
    "DELETE /v1/tenants/{tenant}": (tenant, None),
    "GET /v1/tenants/{tenant}/sites": (here, None),
    "POST /v1/tenants/{tenant}/sites": (here, lambda: {"key": key(), "name": "A site"}),
    "GET /v1/tenants/{tenant}/sites/{id}": (site, None),
    "PATCH /v1/tenants/{tenant}/sites/{id}": (site, lambda: {"name": "Another"}),
    "DELETE /v1/tenants/{tenant}/sites/{id}": (site, None),
    "GET /v1/tenants/{tenant}/networks": (here, None),
    "PUT /v1/tenants/{tenant}/networks": (here, lambda: {"private": ["10.0.0.0/8"], "partner": []}),
    "GET /v1/tenants/{tenant}/tokens": (here, None),
    "POST /v1/tenants/{tenant}/tokens": (here, lambda: {"name": "A token", "roles": ["guest"]}),
    "DELETE /v1/tenants/{tenant}/tokens/{id}": (token, None),
    "GET /v1/tenants/{tenant}/webhooks": (here, None),
    "POST /v1/tenants/{tenant}/webhooks": (
        here,
        lambda: {"name": key(), "url": "https://hooks.example/x", "kind": "SLACK"},
    ),
    "GET /v1/tenants/{tenant}/webhooks/{id}": (webhook, None),
    "PATCH /v1/tenants/{tenant}/webhooks/{id}": (webhook, lambda: {"name": key()}),
    "DELETE /v1/tenants/{tenant}/webhooks/{id}": (webhook, None),
    "GET /v1/tenants/{tenant}/invitations": (here, None),
    "POST /v1/tenants/{tenant}/invitations": (here, lambda: {"email": address(), "roles": ["guest"]}),
    "DELETE /v1/tenants/{tenant}/invitations/{id}": (
        lambda: {"tenant": "northwind", "id": invitation()["id"]},
        None,
    ),
    "GET /v1/tenants/{tenant}/members": (here, None),
    "POST /v1/tenants/{tenant}/members": (
        lambda: {"tenant": "contoso"},
        lambda: {"user": user()["id"], "roles": ["guest"]},
    ),
    "GET /v1/tenants/{tenant}/members/{user}": (member, None),
    "PATCH /v1/tenants/{tenant}/members/{user}": (member, lambda: {"roles": ["guest"]}),
    "DELETE /v1/tenants/{tenant}/members/{user}": (member, None),
    "GET /v1/users/{id}": (of_user, None),
    "PATCH /v1/users/{id}": (of_user, lambda: {"name": "Somebody"}),
    "DELETE /v1/users/{id}": (of_user, None),
    "POST /v1/users/{id}/lock": (of_user, None),
    "POST /v1/users/{id}/unlock": (of_user, None),
    "POST /v1/users/{id}/password": (of_user, lambda: {"password": PASSWORD + ", too"}),
    "POST /v1/users/{id}/password-reset": (of_user, None),
    "GET /v1/users/{id}/sessions": (of_user, None),
    "POST /v1/users/{id}/sessions/end": (of_user, None),
    "DELETE /v1/users/{id}/sessions/{session}": (session_of, None),
    "GET /v1/roles/{id}": (role, None),
    "PATCH /v1/roles/{id}": (role, lambda: {"name": "Another"}),
    "DELETE /v1/roles/{id}": (role, None),
    "DELETE /v1/permissions/{key}": (permission, None),
    "GET /v1/clients/{id}": (client, None),
    "PATCH /v1/clients/{id}": (client, lambda: {"name": "Another"}),
    "DELETE /v1/clients/{id}": (client, None),
    "POST /v1/clients/{id}/secret": (client, None),
    "DELETE /v1/me/sessions/{id}": (lambda: {"id": SESSIONS.pop()}, None),
    "DELETE /v1/me/tokens/{id}": (lambda: {"id": own_token()}, None),
    "GET /api/tokens/{x}": (lambda: {"x": "local"}, None),
    "POST /api/tokens/{x}": (lambda: {"x": "local"}, lambda: {"role": "view"}),
    "DELETE /api/tokens/{x}": (lambda: {"x": own_token()}, None),
    "GET /api/users/{x}": (lambda: {"x": "*"}, None),
    "PUT /api/users/{x}": (person, lambda: {"role": "developer"}),
    "POST /api/users/{x}": (person, lambda: {"isActive": False}),
    "DELETE /api/users/{x}": (person, None),
    "POST /v1/decisions": (dict, lambda: {"permission": "users:read"}),
    "POST /v1/sign-in": (
        dict,
        lambda: {"email": "mira.holt@northwind.example", "password": "correct horse battery staple"},
    ),
    "POST /v1/invitations/accept": (
        dict,
        lambda: {"token": link(invitation()), "password": PASSWORD, "name": "Somebody"},
    ),
    "POST /v1/password-resets/complete": (
        dict,
        lambda: {"token": link(post(f"/v1/users/{user()['id']}/password-reset", {})), "password": PASSWORD},
    ),
    "POST /identity/resources/auth/v1/user/token/refresh": (dict, lambda: {"refreshToken": refresh_token()}),
}


@schemathesis.hook
def before_add_examples(context, examples):
    operation = context.operation
    if operation.label not in EXAMPLES:
        return
    names, body = EXAMPLES[operation.label]
    try:
        sent = {} if body is None else {"body": body(), "media_type": "application/json"}
        example = operation.Case(path_parameters=names(), **sent)
        # As for those that it makes itself: an example without a credential proves nothing but 401.
        auths.set_on_case(example, auths.AuthContext(operation=operation, app=operation.app), None)
        examples.append(example)
    except urllib.error.HTTPError as refused:
        # What an operator alone may make is not there for anybody else.
        if refused.code != 403:
            raise


def me():
    request = urllib.request.Request(URL + "/v1/me", headers={"Authorization": f"Bearer {SESSION}"})
    return json.load(urllib.request.urlopen(request))


ONESELF = me()["user"]["id"]
# Of an operator, who can change and delete every tenant: the one that he does it to.
SPARE = tenant()["tenant"] if me()["operator"] else None


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """Whoever asks does nothing to himself, nor to the tenants of the examples: he would lock himself out of what comes
    after."""
    if SPARE and case.operation.path == "/v1/tenants/{tenant}" and case.method.upper() != "GET":
        if case.path_parameters["tenant"] != NONE:
            case.path_parameters["tenant"] = SPARE if case.method.upper() == "PATCH" else tenant()["tenant"]
    for name, value in (case.path_parameters or {}).items():
        if value == ONESELF and case.method.upper() != "GET":
            case.path_parameters[name] = NONE
