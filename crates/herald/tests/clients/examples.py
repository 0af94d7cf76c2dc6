"""Whether every example of an OpenAPI document is what its schema says, and whether the products' operations have one.

Asked with the URL of the document; prints how many examples were judged."""

import json
import sys
import urllib.request

import jsonschema_rs

PRODUCTS = {"OAuth", "Akto", "Testiny", "Insights", "Frontegg", "Aegis"}


def closed(schema, schemas):
    """The schema, where an object may hold nothing that it does not name."""
    if isinstance(schema, list):
        return [closed(part, schemas) for part in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: value if key == "example" else closed(value, schemas) for key, value in schema.items()}
    if "properties" in schema:
        schema.setdefault("unevaluatedProperties", False)
    if "allOf" in schema:
        # Each part sees the fields of the others: the whole is closed, not they.
        schema["allOf"] = [opened(part, schemas) for part in schema["allOf"]]
        schema["unevaluatedProperties"] = False
    return schema


def opened(part, schemas):
    """As it stands within another: what it refers to is written out, and may hold more."""
    if "$ref" in part:
        part = closed(schemas[part["$ref"].rsplit("/", 1)[1]], schemas)
    return {key: value for key, value in part.items() if key != "unevaluatedProperties"}


def bodies(operation):
    """What is sent and what is answered, each with its place."""
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"request {media}", content
    for status, response in operation["responses"].items():
        for media, content in response.get("content", {}).items():
            yield f"{status} {media}", content


def examples(content):
    if "example" in content:
        yield content["example"]
    for named in content.get("examples", {}).values():
        yield named["value"]


def main(url):
    document = json.load(urllib.request.urlopen(url))
    schemas = document["components"]["schemas"]
    parts = {"components": {"schemas": {name: closed(schema, schemas) for name, schema in schemas.items()}}}
    faults, judged = [], 0

    def judge(place, schema, value):
        nonlocal judged
        judged += 1
        validator = jsonschema_rs.Draft202012Validator({**closed(schema, schemas), **parts})
        faults.extend(f"{place}: {error.message}" for error in validator.iter_errors(value))

    for path, item in document["paths"].items():
        for method, operation in item.items():
            here = f"{method.upper()} {path}"
            for parameter in operation.get("parameters", []):
                if "example" in parameter:
                    judge(f"{here} {parameter['name']}", parameter["schema"], parameter["example"])
            for place, content in bodies(operation):
                values = list(examples(content))
                for value in values:
                    judge(f"{here} {place}", content["schema"], value)
                wanted = PRODUCTS & set(operation["tags"]) and place[0] in "r2"
                if wanted and not values:
                    faults.append(f"{here} {place}: no example")
    for name, schema in schemas.items():
        for field, part in schema.get("properties", {}).items():
            if "example" in part:
                judge(f"{name}.{field}", part, part["example"])
    print("\n".join(faults) or f"{judged} examples are what their schemas say")
    return 1 if faults or not judged else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
