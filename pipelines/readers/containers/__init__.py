"""Opening what people send: text in any encoding, tables with damage in them, workbooks, Parquet."""
