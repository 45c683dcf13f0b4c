"""The webhook file: a mistake is named with its line, and what a missing key is for."""

from pathlib import Path

import pytest

from starter.webhooks.file import InvalidWebhooks, load_connections


def test_a_missing_key_is_explained(tmp_path: Path) -> None:
    file = tmp_path / "webhooks.yaml"
    file.write_text("sources:\n  zendesk:\n    api: {product: zendesk, token: ZENDESK_TOKEN}\n", encoding="utf-8")
    with pytest.raises(InvalidWebhooks, match=r"add `url:` — address of the help desk"):
        load_connections(file, None)
