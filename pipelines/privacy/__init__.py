"""Stage 3: identifiers end here, and small cells are hidden here."""
