"""A month of invented life for the demo's practices, so that every page and plot has something to show."""
