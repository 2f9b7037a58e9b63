"""Stage 4: where the canonical tables are kept; the only place that opens the engine."""
