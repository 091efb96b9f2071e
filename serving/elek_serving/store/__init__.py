"""The store: one module a noun, each with its table and the functions that read and change it."""
