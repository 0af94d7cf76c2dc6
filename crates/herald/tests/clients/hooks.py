"""What schemathesis is told besides its settings: how a body of one JSON object a line is written, and to keep a list of
the operations that were answered with a success, in the file that HERALD_TEST_REACHED names."""

import json
import os

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def ndjson(_context, value):
    return json.dumps(value).encode() + b"\n"


@schemathesis.hook
def after_call(_context, case, response):
    if 200 <= response.status_code < 300 and case.operation.label not in REACHED:
        REACHED.add(case.operation.label)
        with open(os.environ["HERALD_TEST_REACHED"], "a", encoding="utf-8") as kept:
            kept.write(case.operation.label + "\n")


REACHED = set()
