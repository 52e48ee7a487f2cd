"""A receiver of frames, independent of the client library."""

import threading
import time

from .fits import fits, told

WITHIN = 5.0
"""Timeout for an expected frame, in seconds. Only failing tests wait that long."""


class Listener:
    """Frames are queued on arrival and read in order: `expect` reads until the expected frame."""

    def __init__(self):
        self._frames = []
        self._read = 0
        self._end = None
        self._changed = threading.Condition()

    # Called by the drivers.

    def _hears(self, frame):
        with self._changed:
            self._frames.append(frame)
            self._changed.notify_all()

    def _ends(self, how):
        with self._changed:
            if self._end is None:
                self._end = how
            self._changed.notify_all()

    # Called by the tests.

    def expect(self, wanted, within=WITHIN):
        """Returns the next matching frame and skips those before it. So two calls check an order."""
        frame, _ = self._read_until(wanted, within)
        return frame

    def expect_all(self, wanted, within=WITHIN):
        """Reads matching frames, each once, in any order."""
        left = list(wanted)
        found = []
        while left:
            frame = self.expect(lambda frame: any(fits(frame, one) for one in left), within)
            left.remove(next(one for one in left if fits(frame, one)))
            found.append(frame)
        return found

    def next(self, wanted, within=WITHIN):
        """Returns the next frame, which must match."""
        frame, before = self._read_until(lambda _: True, within)
        assert fits(frame, wanted), f"{self} expected {told(wanted)} and heard {frame}"
        return frame

    def expect_nothing(self, unwanted, until, within=WITHIN):
        """Reads until `until`, a frame that is known to come later, and expects no unwanted frame before it."""
        frame, before = self._read_until(until, within)
        met = [one for one in before if fits(one, unwanted)]
        assert not met, f"{self} was to hear nothing like {told(unwanted)} and heard {met}"
        return frame

    def expect_end(self, within=WITHIN):
        """Waits until the connection is closed; returns the close code if the library reports one."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._end is not None, within), f"{self} is still connected"
            return self._end

    @property
    def connected(self):
        with self._changed:
            return self._end is None

    def heard(self, wanted):
        """Returns all received frames that match, read or not."""
        with self._changed:
            return [frame for frame in self._frames if fits(frame, wanted)]

    def _read_until(self, wanted, within):
        late = time.monotonic() + within
        start = self._read
        with self._changed:
            while True:
                while self._read < len(self._frames):
                    frame = self._frames[self._read]
                    self._read += 1
                    if fits(frame, wanted):
                        return frame, self._frames[start : self._read - 1]
                left = late - time.monotonic()
                if self._end is not None or left <= 0:
                    break
                self._changed.wait(left)
            why = f"the connection ended: {self._end}" if self._end is not None else f"{within} s have passed"
            heard = "\n  ".join(map(repr, self._frames)) or "nothing"
            raise AssertionError(
                f"{self} expected {told(wanted)}; {why}. Of all this, what comes after "
                f"number {start} was unread:\n  {heard}"
            )

    def __repr__(self):
        return type(self).__name__
