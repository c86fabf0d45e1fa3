"""Backups: one file of the database and all files, which can be proved and put back.

`archive` is the file itself, `databases` what each database gives and takes, `making` and
`restoring` the two ways through them, `keys` the encryption.
"""
