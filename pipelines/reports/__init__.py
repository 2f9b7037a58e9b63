"""Whole documents for print: content in, one HTML file out that any browser turns into a PDF."""
