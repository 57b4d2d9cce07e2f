"""A small certificate authority (证书认证机构) with time stamps, OCSP and CRL, for trials and demonstrations.

An installation that has a licensed electronic certification service (依法设立的电子认证服务提供者) names its
roots and its time-stamp service in the configuration, and nothing of this folder runs.
"""

from licensing.signatures.authority.ca import Authority, Issued, Subject
from licensing.signatures.authority.tsa import TimeStampAuthority

__all__ = ["Authority", "Issued", "Subject", "TimeStampAuthority"]
