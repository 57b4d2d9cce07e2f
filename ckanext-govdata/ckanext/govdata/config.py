"""Every option of the portal, one typed reader each; the declaration stands in config_declaration.yaml."""

from __future__ import annotations

import ipaddress
from datetime import timedelta

from ckan.plugins import toolkit as tk

from ckanext.govdata.storage.s3 import S3Settings

PREFIX = "ckanext.govdata."


def k_floor() -> int:
    """The least k (rows that share their quasi-identifiers) that a plan may ask for."""
    return int(tk.config[PREFIX + "release.k_floor"])


def availability_period() -> int:
    """Seconds between two rounds of probes of the public ways; 0: nothing is probed."""
    return int(tk.config[PREFIX + "availability.period"])


def availability_address() -> str:
    """The own address that is probed: what is configured for it, else the public one."""
    return str(tk.config[PREFIX + "availability.address"] or tk.config["ckan.site_url"])


def availability_outage() -> timedelta:
    """How long an outage lasts before the administrator is told and a case is drafted."""
    return timedelta(minutes=int(tk.config[PREFIX + "availability.outage"]))


def lease() -> timedelta:
    """How long a worker may be silent before its release counts as abandoned."""
    return timedelta(seconds=int(tk.config[PREFIX + "release.lease_seconds"]))


def formats() -> tuple[str, ...]:
    """The formats that a release is published in, in the order of the download list."""
    return tuple(tk.config[PREFIX + "release.formats"])


def keep_raw() -> bool:
    """Whether the sealed raw file outlives publication."""
    return bool(tk.config[PREFIX + "release.keep_raw"])


def max_bytes() -> int:
    """The largest raw file that is accepted, in bytes."""
    return int(tk.config[PREFIX + "release.max_bytes"])


def scheduler_interval() -> float:
    """Seconds between two rounds of the scheduler."""
    return float(tk.config[PREFIX + "scheduler.interval"])


def dump_hour() -> int:
    """The hour of the day, in the time zone that the site shows, from which the nightly dump is due."""
    return int(tk.config[PREFIX + "dump.hour"])


def dump_timeout() -> int:
    """Seconds after which a dump that is still running is ended."""
    return int(tk.config[PREFIX + "dump.timeout"])


def catalogue_page() -> int:
    """Entries of one page of the catalogue as RDF."""
    return int(tk.config[PREFIX + "catalogue.page"])


def s3(bucket: str) -> S3Settings:
    """Where ``bucket`` is and who may use it."""
    return S3Settings(
        endpoint=tk.config[PREFIX + "s3.endpoint"],
        access_key=tk.config[PREFIX + "s3.access_key"],
        secret_key=tk.config[PREFIX + "s3.secret_key"],
        region=tk.config[PREFIX + "s3.region"],
        bucket=bucket,
    )


def webhook_networks() -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Networks of the installation's own that webhooks may reach beside the public internet."""
    return tuple(ipaddress.ip_network(each) for each in tk.config[PREFIX + "webhook.networks"])


def trusted_proxies() -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Networks of the proxies whose word on the visitor's address is believed; none by default."""
    return tuple(ipaddress.ip_network(each) for each in tk.config[PREFIX + "trusted_proxies"])


def staging_bucket() -> str:
    """The private bucket of sealed objects."""
    return str(tk.config[PREFIX + "s3.staging_bucket"])


def public_bucket() -> str:
    """The bucket of published files."""
    return str(tk.config[PREFIX + "s3.public_bucket"])
