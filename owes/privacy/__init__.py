"""Personal data: what is kept of whom and why, and how a person is taken out of it.

`inventory` says what each column is for, `inventory.toml` is the register itself.
"""
