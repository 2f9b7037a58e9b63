"""Stage 2: cells are checked and become canonical values; nothing is dropped here."""
