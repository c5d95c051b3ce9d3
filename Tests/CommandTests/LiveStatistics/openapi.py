"""Holds answers of the daemon to docs/openapi.yaml.

    usage: openapi.py DOCUMENT < ANSWERS

ANSWERS is JSON: a list of {"path", "status", "headers" (names in lower case), "body"}. The document itself is checked as well. Prints
what does not fit, and exits with 1 then.
"""

import json
import sys

import jsonschema
import yaml
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

with open(sys.argv[1]) as file:
    document = yaml.safe_load(file)
validate(document)
resource = DRAFT202012.create_resource(document)
registry = Registry().with_resource("", resource)


def resolved(node):
    if isinstance(node, dict) and "$ref" in node:
        for name in ["$ref"]:
            target = document
            for part in node[name].removeprefix("#/").split("/"):
                target = target[part]
            return resolved(target)
    return node


def check(schema, value):
    # A resource of its own, in which "#/components/…" is found.
    whole = {**schema, "components": document["components"]}
    OAS31Validator(whole, registry=registry, format_checker=OAS31Validator.FORMAT_CHECKER).validate(value)


mistakes, seen = [], set()
for answer in json.load(sys.stdin):
    name = f"{answer['path']} {answer['status']}"
    responses = document["paths"].get(answer["path"], {}).get("get", {}).get("responses", {})
    response = responses.get(str(answer["status"]))
    if response is None:
        mistakes.append(f"{name}: not in the document")
        continue
    seen.add(name)
    for header, description in response.get("headers", {}).items():
        description = resolved(description)
        value = answer["headers"].get(header.lower())
        if value is None:
            if description.get("required"):
                mistakes.append(f"{name}: no header {header}")
            continue
        try:
            check(description["schema"], value)
        except jsonschema.ValidationError as error:
            mistakes.append(f"{name}: header {header}: {error.message}")
    kind = answer["headers"].get("content-type", "").split(";")[0]
    content = response.get("content", {}).get(kind)
    if content is None:
        mistakes.append(f"{name}: its type is {kind}")
    elif kind == "application/json":
        try:
            check(content["schema"], json.loads(answer["body"]))
        except (ValueError, jsonschema.ValidationError) as error:
            mistakes.append(f"{name}: {error}")
for line in mistakes:
    print(line)
for name in sorted(seen):
    print(f"checked: {name}")
sys.exit(1 if mistakes else 0)
