"""Methods: how every number is made, how often it is wrong, what it rests on, and how to cite it."""

import streamlit as st

from dashboard import cached, state
from dashboard.components import methods
from dashboard.components.caption import download
from dashboard.components.classifier import model_card, wait_for_classifier
from dashboard.components.downloads import table_download, text_download
from dashboard.components.glossary import glossary
from dashboard.components.methods_bar import jumps, search
from dashboard.components.page import empty, head, nothing, raw, section
from dashboard.components.rows import fold, quiet, sentence
from pipelines.evidence.methods import matching

key = state.current().key
page = cached.methods_page(*key)

head(page.title, page.subtitle, page.basis.study, f"data version {page.basis.data_version}")
jumps()

section("What every word means, worked out by hand", "definitions")
for place, topic in enumerate(page.topics):
    raw(methods.topic(topic, opened=place == 0))

section("The words of the pages, and how to say them", "glossary")
raw(fold("Every word", glossary(), kind="ls-fold"))

section("How an estimate comes about", "estimates")
raw(methods.remarks(page.estimates))

section(f"{len(page.settings)} thresholds, each with its reason and source", "thresholds")
wanted = search("thresholds", "Search: milk, people, pain …")
found = matching(page.settings, wanted)
if found:
    raw(methods.settings(found, opened=bool(wanted)))
else:
    empty("No threshold has these words. Clear the search to see all.")
table_download("Thresholds (CSV)", page.setting_numbers)

section(page.errors.title, "error-rates")
raw(methods.scenarios(page.errors))
table_download("Every claim in every simulation (CSV)", page.errors.numbers)
section(page.errors.power_title, "power")
raw(
    methods.power(page.errors)
    + quiet("Share of simulated cohorts in which the claim is called supported, ± Monte Carlo error.")
    + quiet(page.errors.power_note)
)
table_download("Power table (CSV)", page.errors.power_numbers)

section(page.rules.title, "review-rules")
raw(sentence(page.rules.sentence) + methods.rules(page.rules.rows))
table_download("Review rules (CSV)", page.rules.numbers)

section("The classifier’s model card", "model-card")
foreseen = cached.classifier_section(*key)
if foreseen.waiting:
    wait_for_classifier(key)
elif foreseen.card:
    model_card(foreseen.card, page.basis)
else:
    nothing(foreseen.result.reason, "insufficient_data")

collected, known = page.dictionary.collected, page.dictionary.known
section(f"This study has answers to {collected} of {known} factors", "dictionary")
asked = search("factors", "Search: stress, flange, not collected …")
entries = matching(page.dictionary.factors, asked)
if entries:
    raw(methods.factors(entries, opened=bool(asked)))
else:
    empty("No factor has these words. Clear the search to see all.")
download(page.basis, page.dictionary.numbers)
section("Questionnaires: scoring, time asked about, terms", "questionnaires")
raw(methods.instruments(page.dictionary.instruments))

section("What these methods cannot do", "limits")
raw(methods.remarks(page.limits))
section("What stays private, and how", "privacy")
raw(methods.remarks(page.privacy))
section("Where a reporting guideline finds its answers", "reporting")
raw(methods.remarks(page.reporting))

section("What these numbers rest on", "provenance")
raw(methods.origin(page.provenance))
synthetic = page.basis.synthetic
with st.container(horizontal=True, gap="small"):
    text, machine = page.provenance.as_text(), page.provenance.as_json()
    text_download("Provenance (text)", text, "provenance.txt", "text/plain", synthetic=synthetic)
    text_download("Provenance (JSON)", machine, "provenance.json", "application/json", synthetic=synthetic)

section("How to cite", "citing")
raw(sentence(page.citation.line) + quiet(page.citation.message))
st.code(page.citation.bibtex, language="bibtex", wrap_lines=True)
