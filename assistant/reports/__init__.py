"""Reports: what was done, for whom, and what came of it. Counts and tables; no pages, no Rasa, and nobody's name."""
