"""Live images of one camera, to whoever of this user listens: one-image fragments over a Unix socket (recording.media).

A reader who is slow loses images up to the next key image; the camera and the disk never wait for a reader.
"""

import contextlib
import os
import selectors
import socket
import struct
import threading
from collections import deque
from pathlib import Path
from typing import Final

from recording.engine.fmp4 import Sample, Track, codec_string, fragment, init_segment
from recording.media import Kind, bindable, pack

QUEUE_BYTES: Final = 4 * 1024 * 1024
GROUP_BYTES: Final = 16 * 1024 * 1024
_CREDENTIALS: Final = struct.Struct("3i")


class Reader:
    """One connection: what waits to be sent, in whole messages, the first one perhaps begun."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.waiting: deque[tuple[bytes, bool]] = deque()  # a message, and whether it is a picture
        self.size = 0
        self.begun = False
        self.needs_key = False

    def put(self, messages: list[bytes], *, key: bool, picture: bool) -> None:
        """Queue messages, or drop what waits and skip to the next key image when there is too much of it."""
        if key:
            self.needs_key = False
        if picture and self.needs_key:
            return
        if picture and self.size > QUEUE_BYTES:
            self._drop_pictures()
            self.needs_key = not key
            if not key:
                return
        self.waiting.extend((message, picture) for message in messages)
        self.size += sum(map(len, messages))

    def _drop_pictures(self) -> None:
        """Forget the pictures that wait, but for the one half sent: a cut message would garble all that follows."""
        kept = [item for index, item in enumerate(self.waiting) if not item[1] or (index == 0 and self.begun)]
        self.waiting, self.size = deque(kept), sum(len(message) for message, _ in kept)

    def send(self) -> None:
        """Send what the socket takes. Raises OSError when the reader is gone."""
        while self.waiting:
            message, picture = self.waiting[0]
            try:
                sent = self.line.send(message)
            except BlockingIOError:
                return
            self.size -= sent
            self.begun = sent < len(message)
            if self.begun:
                self.waiting[0] = (message[sent:], picture)
                return
            self.waiting.popleft()


class FanOut(threading.Thread):
    """Listens on the camera's socket; `publish` may be called from another thread, and never waits."""

    def __init__(self, path: Path) -> None:
        super().__init__(name="live", daemon=True)
        self._path = path
        self._lock = threading.Lock()
        self._readers: dict[socket.socket, Reader] = {}
        self._head: list[bytes] = []
        self._group: list[tuple[Kind, int, int, Sample]] = []
        self._group_bytes = 0
        self._sequence = 0
        self._closing = False
        self._wake_out, self._wake_in = socket.socketpair()
        self._wake_out.settimeout(0)
        self._wake_in.settimeout(0)
        self._door = _listen(path)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._door, selectors.EVENT_READ)
        self._selector.register(self._wake_out, selectors.EVENT_READ)

    def begin(self, track: Track, *, wall_us: int) -> None:
        """Announce a new track: readers get its codec and its init segment before its first image."""
        head = [
            pack(Kind.CODEC, wall_us, codec_string(track).encode()),
            pack(Kind.INIT, wall_us, init_segment(track)),
        ]
        with self._lock:
            self._head, self._group, self._group_bytes = head, [], 0
            for reader in self._readers.values():
                reader.put(head, key=False, picture=False)
                reader.needs_key = True
        self._wake()

    def publish(self, sample: Sample, *, base_time: int, wall_us: int) -> None:
        """Give one image to every reader, and keep it for those who join before the next key image."""
        kind = Kind.KEY if sample.keyframe else Kind.DELTA
        with self._lock:
            if sample.keyframe:
                self._group, self._group_bytes = [], 0
            if (sample.keyframe or self._group) and self._group_bytes < GROUP_BYTES:
                self._group.append((kind, wall_us, base_time, sample))
                self._group_bytes += len(sample.payload)
            if not self._readers:
                return
            message = self._message(kind, wall_us, base_time, sample)
            for reader in self._readers.values():
                reader.put([message], key=sample.keyframe, picture=True)
        self._wake()

    def close(self) -> None:
        """End every reader and remove the socket. Safe to call twice."""
        self._closing = True
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        self._wake()

    def run(self) -> None:
        """Serve until closed."""
        while not self._closing:
            for key, events in self._selector.select():
                if key.fileobj is self._door:
                    self._accept()
                elif key.fileobj is self._wake_out:
                    with contextlib.suppress(BlockingIOError):
                        self._wake_out.recv(4096)
                else:
                    self._serve(key.fileobj, events)  # type: ignore[arg-type]
            self._flush()
        for line in list(self._readers):
            with contextlib.suppress(OSError):
                line.send(pack(Kind.END, 0, b""))
            self._drop(line)
        self._selector.close()
        for end in (self._door, self._wake_out, self._wake_in):
            end.close()

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            self._wake_in.send(b"\x00")

    def _message(self, kind: Kind, wall_us: int, base_time: int, sample: Sample) -> bytes:
        self._sequence += 1
        return pack(kind, wall_us, fragment(self._sequence, base_time, [sample]))

    def _accept(self) -> None:
        try:
            line, _ = self._door.accept()
        except OSError:
            return
        raw = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        _, uid, _ = _CREDENTIALS.unpack(raw)
        if uid != os.getuid():
            line.close()
            return
        line.settimeout(0)
        reader = Reader(line)
        with self._lock:
            reader.put(self._head, key=False, picture=False)
            reader.needs_key = not self._group
            reader.put(
                [self._message(*image) for image in self._group], key=bool(self._group), picture=bool(self._group)
            )
            self._readers[line] = reader
        self._selector.register(line, selectors.EVENT_READ)

    def _serve(self, line: socket.socket, events: int) -> None:
        if events & selectors.EVENT_READ:
            # A reader says nothing: what can be read is that it left.
            try:
                gone = not line.recv(4096)
            except BlockingIOError:
                gone = False
            except OSError:
                gone = True
            if gone:
                self._drop(line)

    def _flush(self) -> None:
        for line, reader in list(self._readers.items()):
            try:
                with self._lock:
                    reader.send()
            except OSError:
                self._drop(line)
                continue
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if reader.waiting else 0)
            if self._selector.get_key(line).events != wanted:
                self._selector.modify(line, wanted)

    def _drop(self, line: socket.socket) -> None:
        with self._lock:
            self._readers.pop(line, None)
        with contextlib.suppress(KeyError):
            self._selector.unregister(line)
        line.close()


def _listen(path: Path) -> socket.socket:
    """Bind the camera's socket, 0600, in place of one that a killed ingest left."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    name, folder = bindable(path)
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        door.bind(name)
        os.chmod(name, 0o600)
    finally:
        if folder is not None:
            os.close(folder)
    door.listen(64)
    door.settimeout(0)
    return door
