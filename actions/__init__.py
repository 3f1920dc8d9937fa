"""rasa-sdk actions, one file per job. They import the directory and nothing else of ours; see surroundings.py."""
