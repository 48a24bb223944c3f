"""Doors in: every reader takes a path and returns `Checked`, rows in = rows accepted + rows rejected."""
