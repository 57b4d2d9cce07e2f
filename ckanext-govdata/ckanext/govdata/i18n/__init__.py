"""Translations of the portal: sources/*.po is written by people, the rest is built from it."""
