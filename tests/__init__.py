"""The tests; being a package puts the repository's root on the path."""
