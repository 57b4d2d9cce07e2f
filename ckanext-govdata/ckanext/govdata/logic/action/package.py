"""CKAN's own package actions, where a release needs them to behave otherwise."""

from __future__ import annotations

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Action, ActionResult, Context, DataDict

from ckanext.govdata.release import effects


@tk.side_effect_free
@tk.chained_action
def package_show(original_action: Action, context: Context, data_dict: DataDict) -> ActionResult.PackageShow:
    """Show a dataset as the database has it while the search index is still behind.

    CKAN answers from the index, which follows the publishing commit a moment later. Without this, whoever
    asks in that moment (an editor saving the entry, say) would be shown, and would save, the old resources.
    """
    if effects.index_is_behind(model.Session, str(data_dict.get("id") or data_dict.get("name_or_id") or "")):
        context["use_cache"] = False
    return original_action(context, data_dict)
