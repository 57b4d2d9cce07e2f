"""The first flow: one raw table of one dataset becomes one published version."""
