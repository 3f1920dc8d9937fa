"""The safety screen and its fixed routes. Imports neither Rasa nor the store, and works when all else is down."""
