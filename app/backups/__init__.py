"""Backups of both databases, apart from each other; putting them back; and trying whether that works."""
