"""JSON actions from a shell, by `websocat`: a line is a frame."""

import json
import os
import shutil
import subprocess
import threading

import pytest

WEBSOCAT = os.environ.get("WEBSOCAT") or shutil.which("websocat")
SECONDS = 20


@pytest.mark.skipif(not WEBSOCAT, reason="websocat is not installed; `cargo xtask test wires` installs it")
def test_two_lines_join_a_room_and_post(server):
    address = server.url.replace("http://", "ws://") + "/"
    shell = subprocess.Popen(
        [WEBSOCAT, "--text", address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    # A program that prints nothing must not block the tests.
    slow = threading.Timer(SECONDS, shell.kill)
    slow.start()
    try:
        shell.stdin.write('{"action":"join","room":"general"}\n')
        joined = json.loads(shell.stdout.readline())
        assert (joined["action"], joined["room"]) == ("joined", "general")
        assert joined["users"] == [joined["user"]]
        shell.stdin.write('{"action":"message","room":"general","text":"Hi"}\n')
        message = json.loads(shell.stdout.readline())
        assert (message["action"], message["room"]) == ("message", "general")
        assert (message["user"], message["text"]) == (joined["user"], "Hi")
    finally:
        slow.cancel()
        shell.kill()
        shell.wait()
        shell.stdin.close()
        shell.stdout.close()
