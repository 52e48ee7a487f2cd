"""Resumable uploads by clients of other projects: PyPI's `tuspy` and npm's `tus-js-client`."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
import requests
from tusclient import client

from support.people import guest
from support.rest import Rest

SCRIPT = Path(__file__).resolve().parent / "tus_client.mjs"
SECONDS = 30
MIB = 1 << 20


@pytest.fixture
def recording(tmp_path):
    """A file of several pieces, with a name in another script."""
    file = tmp_path / "Запись 1.bin"
    file.write_bytes(hashlib.shake_256(b"a recording").digest(5 * MIB + 17))
    return file


class Robot:
    """A user of REST in one room."""

    def __init__(self, server, room):
        self.server = server
        self.token = guest(server, "robot").token
        self.rest = Rest(server, self.token)
        self.chat = self.rest.join(room)["id"]
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def uploader(self, stream, file, **options):
        tus = client.TusClient(f"{self.server.url}/api/v1/uploads", headers=self.headers)
        metadata = {"filename": file.name, "room": str(self.chat)}
        return tus.uploader(file_stream=stream, metadata=metadata, **options)

    def file_of(self, url):
        """Returns the attachment of a complete upload."""
        answer = requests.head(url, headers={**self.headers, "Tus-Resumable": "1.0.0"}, timeout=SECONDS)
        return json.loads(answer.headers["Hubbub-File"])

    def check(self, attachment, file):
        """Posts a file, and checks that everybody receives the same bytes."""
        assert (attachment["name"], attachment["size"]) == (file.name, file.stat().st_size)
        message = self.rest.post(self.chat, "", files=[attachment["id"]])
        assert message["files"] == [attachment]
        sent = requests.get(f"{self.server.url}/files/{attachment['id']}/x", timeout=SECONDS)
        assert sent.content == file.read_bytes()


def test_tuspy_uploads_in_pieces_with_checksums(server, room, recording):
    robot = Robot(server, room)
    with recording.open("rb") as stream:
        uploader = robot.uploader(stream, recording, chunk_size=2 * MIB, upload_checksum=True)
        uploader.upload()
    robot.check(robot.file_of(uploader.url), recording)


def test_tuspy_continues_after_the_server_was_killed(server, room, recording):
    robot = Robot(server, room)
    with recording.open("rb") as stream:
        first = robot.uploader(stream, recording, chunk_size=2 * MIB)
        first.upload_chunk()
        server.kill()
        server.start()
        second = robot.uploader(stream, recording, chunk_size=2 * MIB, url=first.url)
        assert second.offset == 2 * MIB
        second.upload()
    robot.check(robot.file_of(first.url), recording)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"chunkSize": 2 * MIB},
        {"uploadDataDuringCreation": True},
        {"abortAt": 2 * MIB, "chunkSize": MIB},
        {"overridePatchMethod": True},
    ],
    ids=lambda options: " ".join(options) or "at once",
)
def test_tus_js_client_uploads(server, room, recording, options):
    robot = Robot(server, room)
    command = ["node", str(SCRIPT), server.url, robot.token, str(robot.chat), str(recording), json.dumps(options)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    robot.check(json.loads(done.stdout), recording)
