"""The written log as real export files: one module a format, each takes the log and returns files."""
