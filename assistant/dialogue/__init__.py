"""The only place that imports Rasa. Importing this package first prepares the process for it.

Rasa imports TensorFlow although nothing of ours runs on it, and switches telemetry on: both are settled here.
"""

from __future__ import annotations

import os

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
