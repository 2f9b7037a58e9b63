"""The study kit: what a new study needs to collect the right things, made from the codebook."""

from pipelines.kit.files import as_zip, kit_files, write_kit

__all__ = ["as_zip", "kit_files", "write_kit"]
