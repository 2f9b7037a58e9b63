"""The participant's code for whoever holds the key."""

from pathlib import Path

from pipelines.errors import InputError, StoreError
from pipelines.privacy.deidentify import key_check, pseudonym
from pipelines.privacy.keys import load_key
from pipelines.run.files import legible
from pipelines.store.tables import open_store
from pipelines.study import default_study


def participant_code(raw_id: str, store: str | Path, centre: str | None = None) -> str:
    """The pseudonym that this store gives to an id as the study writes it.

    Raises InputError when the id is blank or there is no key, StoreError when the key is not the store's.
    """
    path = Path(store)
    if not raw_id.strip():
        raise InputError("the id is empty; give it as the study writes it.")
    with open_store(path) as opened:
        check = opened.info.key_check
    key = load_key(default_study().pseudonym_key, path)
    if key_check(key.value) != check:
        raise StoreError(f"{path}: made with another key; set the key it was made with.")
    return pseudonym(key.value, centre, legible(raw_id))
