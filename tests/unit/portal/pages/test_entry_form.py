"""The form of a catalogue entry, whose files come from releases alone."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.govdata import plugin


def test_saving_a_new_entry_never_leads_to_a_form_for_files(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("add_template_directory", "add_public_directory", "add_resource"):
        monkeypatch.setattr(plugin.tk, name, lambda *_: None, raising=False)
    config: dict[str, Any] = {}
    plugin.GovdataPlugin.update_config(object(), config)
    assert config["ckan.dataset.create_on_ui_requires_resources"] is False
