"""Numbers by a documented rule: a table of sessions in, a table with the metric out, as Ibis expressions."""
