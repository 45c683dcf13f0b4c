"""The JSON schema of the policy file, for editors; made from the models that check the file."""

import json

from escalation.compiler.model import PolicyFile


def schema_text() -> str:
    """The text of `policy.schema.json`."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **PolicyFile.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
