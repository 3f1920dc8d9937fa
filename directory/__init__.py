"""The directory of local services: listings, import, encoder, index, search and places.

Imports neither Rasa nor `assistant/`. Nothing heavy is loaded by importing this package.
"""
