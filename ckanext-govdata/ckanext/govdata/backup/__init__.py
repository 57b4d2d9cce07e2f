"""Backup and restore of one installation: ADR 0021. Start with :mod:`take` and :mod:`restore`."""
