"""The database itself: engine, schema, backups, and the ways in and out of any table."""
