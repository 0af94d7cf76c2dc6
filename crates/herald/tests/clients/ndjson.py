"""Bodies of one JSON object a line, which schemathesis has no writer for."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def ndjson(_context, value):
    return json.dumps(value).encode() + b"\n"
