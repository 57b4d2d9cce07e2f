"""The ports for a library that runs alone: tables of its own, a folder for objects, the machine's time."""
