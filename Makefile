lock:
	$(UV) pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.10 --extra dev pyproject.toml -o requirements-dev.lock
