"""The commands of `linkway`, a file per subject."""
