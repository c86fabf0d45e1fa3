"""How a value typed by a person is read: one function for each kind of value, used by forms,
filters, pasted rows and commands alike.

Every reader takes text (or the Excel value) and answers the value, or raises `ValidationError`
with a code the import reports. Only ASCII digits are digits: `int("٣")` is 3 for Python.

What could mean two things is asked, never guessed; the sentence names both. A file of the exchange
format holds fewer spellings (`read_file_date`, `read_file_time`), for nobody is asked there.
"""
