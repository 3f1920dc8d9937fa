"""Text messages: numbers, STOP and START, what comes in, and one file per gateway."""
