"""The real program, with a data folder of its own."""

import os
import re
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = os.environ.get("HUBBUB_BIN") or str(ROOT / "target/release/hubbub")
START_SECONDS = 15
STOP_SECONDS = 10


class Server:
    """Started on a free port; `remove` ends it and deletes its data."""

    def __init__(self, flags=(), **settings):
        self.data = Path(tempfile.mkdtemp(prefix="hubbub-wires-"))
        self._flags = list(flags)
        self._settings = settings
        self._listen = "127.0.0.1:0"
        self._process = None
        self.log = self.data / "log"
        try:
            self.start()
        except BaseException:
            self.remove()
            raise

    def start(self):
        """Starts the program, on the same port and data if it ran before."""
        environment = {name: value for name, value in os.environ.items() if not _is_setting(name)}
        environment.update(self._settings)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "serve", "--listen", self._listen, "--data", str(self.data / "data"), *self._flags],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
                text=True,
            )
        # A program that prints nothing must not block the tests.
        slow = threading.Timer(START_SECONDS, self._process.kill)
        slow.start()
        try:
            for line in self._process.stdout:
                listening = re.fullmatch(r"listening on (http://(\S+))\n", line)
                if listening:
                    self.url, self._listen = listening.groups()
                    break
            else:
                raise AssertionError(f"{PROGRAM} did not start:\n{self.said}")
        finally:
            slow.cancel()

    @property
    def said(self):
        """Returns its log of all runs."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    @property
    def host(self):
        return self._listen

    def socket(self, path):
        """Returns the URL of a WebSocket."""
        return f"ws://{self._listen}{path}"

    def stop(self):
        """Stops the program by a signal and returns its exit code."""
        return self._end(self._process.terminate)

    def kill(self):
        """Kills the program (SIGKILL)."""
        return self._end(self._process.kill)

    def remove(self):
        if self._process is not None and self._process.poll() is None:
            self.kill()
        shutil.rmtree(self.data, ignore_errors=True)

    def _end(self, how):
        how()
        # The program prints nothing after its address, so nothing more is read.
        with self._process.stdout:
            try:
                return self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                return self._process.wait()

    def __repr__(self):
        return f"Server({self._listen})"


def _is_setting(name):
    return name.startswith("HUBBUB_") or name == "SECRET_KEY"
