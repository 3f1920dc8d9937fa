"""The whole state in one file, and back again: the database, the practice's folder, the key, the editors' lines."""
