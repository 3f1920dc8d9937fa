"""`python -m assistant` is `linkway`."""

from assistant.cli import main

main()
