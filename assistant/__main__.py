"""`python -m assistant` is `linkway`."""

from assistant.cli import main

if __name__ == "__main__":
    main()
