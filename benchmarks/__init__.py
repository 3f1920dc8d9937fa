"""What Linkway is measured by, each beside a peer in the same run, and the scripts that train what it measures."""

import os

# As in assistant/: set before anything loads numpy.
os.environ.setdefault("OMP_NUM_THREADS", "1")
