"""Doors out: tables, reports and maps; every file is written under a temporary name and renamed when whole."""
