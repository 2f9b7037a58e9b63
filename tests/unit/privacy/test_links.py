"""The link file: only the key opens it, and one of the two always fits the store."""

from pipelines.privacy.links import Link, Links, keep_links, link_file, prepare_links, read_links

KEY = b"a secret of the study"
FIRST = Links(1, {"P-A": Link(19_800, 19_790), "P-B": Link(None, None)})
SECOND = Links(2, {"P-A": Link(19_795, 19_790)})


def test_links_come_back_as_they_were_and_only_with_the_key(tmp_path):
    store = tmp_path / "s.duckdb"
    prepare_links(store, KEY, FIRST)
    keep_links(store)
    assert read_links(store, KEY, 1) == FIRST
    assert read_links(store, b"another key", 1) is None
    assert b"19800" not in link_file(store).read_bytes() and b"P-A" not in link_file(store).read_bytes()


def test_links_prepared_for_a_store_that_was_never_swapped_do_not_count(tmp_path):
    store = tmp_path / "s.duckdb"
    prepare_links(store, KEY, FIRST)
    keep_links(store)
    prepare_links(store, KEY, SECOND)
    assert read_links(store, KEY, 1) == FIRST


def test_links_of_a_store_that_was_swapped_are_found_though_they_were_not_kept(tmp_path):
    store = tmp_path / "s.duckdb"
    prepare_links(store, KEY, FIRST)
    keep_links(store)
    prepare_links(store, KEY, SECOND)
    assert read_links(store, KEY, 2) == SECOND
    assert read_links(store, KEY, 2) == SECOND


def test_a_damaged_or_missing_link_file_is_no_link_file(tmp_path):
    store = tmp_path / "s.duckdb"
    assert read_links(store, KEY, 1) is None
    prepare_links(store, KEY, FIRST)
    keep_links(store)
    link_file(store).write_bytes(link_file(store).read_bytes()[:-5])
    assert read_links(store, KEY, 1) is None
