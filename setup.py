"""Where the packages live; all other metadata stands in pyproject.toml.

``ckanext`` is a namespace that CKAN itself and every extension share, so this folder of it has no
``__init__.py`` and is found as a namespace package under ``ckanext-govdata/``.
"""

from setuptools import find_namespace_packages, setup

PORTAL = "ckanext-govdata"

setup(
    package_dir={"ckanext": f"{PORTAL}/ckanext"},
    packages=[
        *find_namespace_packages(PORTAL, include=["ckanext.govdata*"]),
        *find_namespace_packages(include=["anonymize*", "licensing*"]),
    ],
    include_package_data=False,
    package_data={
        "": [
            "*.yaml",
            "*.yml",
            "*.lock",
            "*.json",
            "*.typed",
            "*.html",
            "*.xml",
            "*.txt",
            "*.ini",
            "*.mako",
            "*.typ",
        ],
        "ckanext.govdata": [
            "templates/**/*",
            "assets/**/*",
            "public/**/*",
            "i18n/**/*",
            "schemas/*",
            "migration/**/*",
        ],
    },
)
