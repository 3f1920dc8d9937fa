"""Linkway's front door: the web service, the turn, the channels, the desk and the command line."""

import os

# Set before anything loads numpy: on matrices as small as ours a second thread only waits, and doubles the processor time.
os.environ.setdefault("OMP_NUM_THREADS", "1")
