"""Rasa NLU components of ours, named in config.yml. A trained model stores these dotted paths: do not move them."""
