"""Telling people what happened to their cases, and what falls due: on a page, by mail, by webhook."""
