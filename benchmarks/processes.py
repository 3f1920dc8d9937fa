"""Servers as a benchmark sees them from outside: started, waited for, and their CPU time and memory read."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from pathlib import Path

import httpx


def free_port() -> int:
    """A TCP port nobody listens on."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


class Started:
    """Some processes that serve together."""

    def __init__(self, processes: list[subprocess.Popen[bytes]]) -> None:
        """Own them until `stop`."""
        self._processes = processes

    def wait_for(self, url: str, seconds: float) -> None:
        """Until `url` answers 200. Raises RuntimeError when a process ends first or the time is up."""
        until = time.monotonic() + seconds
        with httpx.Client(timeout=2) as client:  # one for all tries: making one costs more than a start can spare
            while time.monotonic() < until:
                if any(p.poll() is not None for p in self._processes):
                    raise RuntimeError(f"a server ended before {url} answered")
                with contextlib.suppress(httpx.HTTPError):
                    if client.get(url).status_code == 200:
                        return
                time.sleep(0.02)
        raise RuntimeError(f"{url} did not answer within {seconds:.0f} s")

    def settle(self, longest: float = 120) -> None:
        """Wait until the processes do next to nothing for three seconds together: what a start leaves for later is over."""
        until, quiet = time.monotonic() + longest, 0
        while quiet < 3 and time.monotonic() < until:
            before = self.cpu_seconds()
            time.sleep(1)
            quiet = quiet + 1 if self.cpu_seconds() - before < 0.03 else 0

    def cpu_seconds(self) -> float:
        """Time on a processor of all threads, to the nanosecond (the scheduler's own count)."""
        total = 0
        for pid in self._pids():
            for task in Path(f"/proc/{pid}/task").iterdir():
                with contextlib.suppress(OSError):  # a thread may end between listing and reading
                    total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9

    def resident_mb(self) -> float:
        """Resident memory of all, in megabytes (10^6 bytes)."""
        lines = [line for pid in self._pids() for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
        return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) * 1024 / 1e6

    def _pids(self) -> list[int]:
        found = [p.pid for p in self._processes]
        for pid in list(found):
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            found += [int(child) for child in children]
        return found

    def stop(self) -> None:
        """End them and wait."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def size_mb(folder: Path) -> float:
    """What a folder takes on disk, in megabytes."""
    done = subprocess.run(["du", "-s", "--block-size=1000000", str(folder.resolve())], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[0])
