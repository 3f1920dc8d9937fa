"""How passwords and recovery codes are hashed."""

from __future__ import annotations

from argon2 import PasswordHasher

# OWASP's smaller argon2id setting: 19 MiB, so that a burst of sign-ins does not eat the memory of the server.
hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
