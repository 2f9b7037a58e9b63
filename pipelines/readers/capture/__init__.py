"""What all questionnaire systems share: from a table of answers to an extract, whatever program wrote it."""
