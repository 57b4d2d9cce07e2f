"""Table of contents of the plugin: which module answers which CKAN interface."""

from __future__ import annotations

from typing import Any

from ckan import plugins as p
from ckan.lib.plugins import DefaultTranslation
from ckan.plugins import toolkit as tk
from ckan.types import CKANApp

from ckanext.govdata import views
from ckanext.govdata.cache import recording, start
from ckanext.govdata.catalogue import index, search
from ckanext.govdata.cli import ckan_commands
from ckanext.govdata.door import presented
from ckanext.govdata.logic import action, auth
from ckanext.govdata.portal import facets
from ckanext.govdata.storage import spool


@tk.blanket.actions(action.get_actions)
@tk.blanket.auth_functions(auth.get_auth_functions)
@tk.blanket.validators
@tk.blanket.helpers
@tk.blanket.config_declarations
@tk.blanket.blueprints(views.get_blueprints)
@tk.blanket.cli(ckan_commands.get_commands)
class GovdataPlugin(DefaultTranslation, p.SingletonPlugin):
    """The portal as one CKAN plugin, named ``govdata``."""

    p.implements(p.IConfigurer)
    p.implements(p.IConfigurable)
    p.implements(p.ITranslation)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.IMiddleware, inherit=True)

    def update_config(self, config: Any) -> None:
        """Register templates, public files and web assets of the portal."""
        tk.add_template_directory(config, "templates")
        tk.add_public_directory(config, "public")
        tk.add_resource("assets", "govdata")
        # An entry is complete without files: they come from releases, and adding one by hand is refused.
        config["ckan.dataset.create_on_ui_requires_resources"] = False

    def configure(self, config: Any) -> None:  # noqa: ARG002
        """Let every process that changes something tell the cache."""
        start.watch()

    def i18n_domain(self) -> str:
        return "ckanext-govdata"

    def make_middleware(self, app: CKANApp, config: Any) -> CKANApp:  # noqa: ARG002
        """Keep uploads off the disk in plain, and tell the cache which view answered, for every request."""
        return presented.install(spool.install(start.tell_endpoints(app)))

    def dataset_facets(self, facets_dict: Any, package_type: str) -> Any:  # noqa: ARG002
        """The facets of the search page."""
        return facets.dataset_facets()

    def organization_facets(self, facets_dict: Any, organization_type: str, package_type: Any) -> Any:  # noqa: ARG002
        """The facets of a department's page: the department itself is chosen already."""
        titles = facets.dataset_facets()
        del titles["organization"]
        return titles

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Add column names, department names and multiple codes to the search document."""
        return index.extend(pkg_dict)

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Read a visitor's words by the portal's query profile; what can be taken at once comes first."""
        recording.searched(search_params)
        return search.ordered(search.profile(search_params))

    def after_dataset_show(self, context: Any, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """A page that shows an entry depends on it."""
        recording.shown(pkg_dict)
