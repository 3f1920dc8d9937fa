"""Linkway's front door: the web service, the turn, the channels, the desk and the command line."""
