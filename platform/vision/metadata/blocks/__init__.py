"""The blocks of metadata in a file, found by the structure of its format, not yet rebuilt."""
