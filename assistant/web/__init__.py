"""What patients see: pages, styles, the chat and the widget that puts it on a practice's website."""
