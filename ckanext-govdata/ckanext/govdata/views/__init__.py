"""Pages and download URLs: one blueprint a module."""

from __future__ import annotations

from flask import Blueprint


def get_blueprints() -> list[Blueprint]:
    """Every blueprint of the portal, imported late because views import actions.

    Add one import and one entry of the list for each new blueprint module.
    """
    from ckanext.govdata.views import licensing
    from ckanext.govdata.views.accounts import accounts, recovery
    from ckanext.govdata.views.auditor import auditor
    from ckanext.govdata.views.catalogue import catalogue
    from ckanext.govdata.views.catalogue_documents import catalogue_documents
    from ckanext.govdata.views.clocks import clocks
    from ckanext.govdata.views.complaints import complaints
    from ckanext.govdata.views.corrections import corrections
    from ckanext.govdata.views.corrections import public as corrections_public
    from ckanext.govdata.views.dataset_documents import dataset_documents
    from ckanext.govdata.views.demands import demands
    from ckanext.govdata.views.door import door
    from ckanext.govdata.views.download import download
    from ckanext.govdata.views.error_report import pages as error_report
    from ckanext.govdata.views.evaluations import evaluations, supervision_statistics
    from ckanext.govdata.views.feeds import feeds
    from ckanext.govdata.views.guard import guard
    from ckanext.govdata.views.home import home
    from ckanext.govdata.views.house import house
    from ckanext.govdata.views.rectifications import criticisms, rectifications
    from ckanext.govdata.views.registers import registers
    from ckanext.govdata.views.release import release
    from ckanext.govdata.views.release_bulk import release_bulk
    from ckanext.govdata.views.reuse import pages as reuse
    from ckanext.govdata.views.similar import pages as similar
    from ckanext.govdata.views.statistics import pages as statistics
    from ckanext.govdata.views.subscription import pages as subscription
    from ckanext.govdata.views.table import table
    from ckanext.govdata.views.trail import life_cycle
    from ckanext.govdata.views.upload import upload
    from ckanext.govdata.views.whole_dataset import whole_dataset

    # The gate of auditors asks before any other: whatever else would refuse a request tells less.
    blueprints: list[Blueprint] = [auditor, guard, home, release, download, upload, table, statistics]
    blueprints += [catalogue, registers, catalogue_documents, dataset_documents, feeds, whole_dataset]
    blueprints += [similar, subscription, error_report, reuse]
    blueprints += [demands, complaints, recovery, accounts, release_bulk, door, clocks]
    blueprints += [rectifications, criticisms, house]
    blueprints += [life_cycle, corrections, corrections_public]
    blueprints += [evaluations, supervision_statistics]
    return [*blueprints, *licensing.blueprints()]
