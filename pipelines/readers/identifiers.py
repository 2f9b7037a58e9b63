"""Columns that identify people by their name alone: left behind and reported, whatever else a file holds."""

import re

from pipelines.readers.containers.tables import plain_name

# Whole words of a column name. Free text is here too: people write names into notes.
_WORDS = frozenset(
    [
        "name",
        "names",
        "firstname",
        "lastname",
        "surname",
        "forename",
        "fullname",
        "email",
        "mail",
        "phone",
        "telephone",
        "mobile",
        "cell",
        "fax",
        "address",
        "street",
        "city",
        "town",
        "postcode",
        "postal",
        "zip",
        "zipcode",
        "dob",
        "birthday",
        "birthdate",
        "ssn",
        "nhs",
        "mrn",
        "nhsnumber",
        "passport",
        "insurance_no",
        "ip",
        "ipaddress",
        "ipv4",
        "latitude",
        "longitude",
        "lat",
        "lon",
        "lng",
        "gps",
        "device",
        "deviceid",
        "imei",
        "submitter",
        "caregiver",
        "username",
        "login",
        "signature",
        "photo",
        "contact",
        "note",
        "notes",
        "comment",
        "comments",
        "remark",
        "remarks",
        "memo",
        "diary_text",
        "text",
        "freetext",
    ]
)
_CAPITAL_INSIDE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PHRASES = (
    "date_of_birth",
    "birth_date",
    "logged_by",
    "created_by",
    "updated_by",
    "medical_record",
    "e_mail",
)


def is_identifier(column: str) -> bool:
    """Whether a column's name says that it holds a name, contact, birth date, place, device or free text."""
    plain = plain_name(column)
    # "SubmitterName" is two words, "iPhone" and "DeviceID" are better known as one.
    parts = [*plain.split("_"), *plain_name(_CAPITAL_INSIDE.sub(" ", column)).split("_")]
    words = [word.rstrip("0123456789") for word in parts]
    return bool(_WORDS & set(words)) or any(phrase in plain for phrase in _PHRASES)
