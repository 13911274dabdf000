"""The words of a simulated camera, one connection of RTSP over TCP (RFC 2326) or HTTP; knows no clock."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from recording.faults import Address
from recording.packets import SOUND_DESCRIPTION, VIDEO_RATE
from recording.simulator_cameras import Camera, Hall, Player

REALM = "camera"
METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, SET_PARAMETER, TEARDOWN"
SESSION_TIMEOUT = 60
LONGEST_REQUEST = 65_536
# A camera has little memory. Left to itself the kernel would keep megabytes for a client that no longer reads.
SEND_BUFFER = 262_144
REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    454: "Session Not Found",
    455: "Method Not Valid In This State",
    461: "Unsupported Transport",
    503: "Service Unavailable",
}

_CHANNELS = re.compile(r"interleaved=(\d+)-\d+")
_TRACK = re.compile(r"/trackID=(\d)$")


@dataclass(frozen=True)
class Request:
    """One request: its method, the address asked, its headers with names in lower case."""

    method: str
    target: str
    protocol: str
    headers: dict[str, str]

    @property
    def path(self) -> str:
        """The path asked, without the track."""
        return _TRACK.sub("", urlsplit(self.target).path.rstrip("/"))


class Connection(asyncio.Protocol):
    """A client's connection, from its first byte to its end."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._opened = 0.0
        self._nonce, self._session = token_hex(16), token_hex(8)
        self._camera: Camera | None = None
        self._player: Player | None = None
        self._mute = False
        self._ended_by = "client"
        self._later: list[asyncio.TimerHandle] = []
        self._tasks: set[asyncio.Task[None]] = set()

    # -- asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self._opened = time.time()
        self._hall.lines[self] = ""

    def connection_lost(self, _exc: Exception | None) -> None:
        path = self._hall.lines.pop(self, "")
        if path:
            ended = {"path": path, "opened": self._opened, "closed": time.time(), "by": self._ended_by}
            self._hall.closed.append(ended)
        for later in self._later:
            later.cancel()
        for task in self._tasks:
            task.cancel()
        self._stop()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._take_one():
            pass
        if len(self._buffer) > LONGEST_REQUEST:
            self.cut_off()

    # -- the camera's side

    def send(self, content: bytes) -> int:
        """Send, and say how many bytes are waiting."""
        if self._transport is None or self._transport.is_closing():
            return 0
        self._transport.write(content)
        return self._transport.get_write_buffer_size()

    def cut_off(self) -> None:
        """Close at once, without sending what is waiting."""
        self._stop()
        if self._transport is not None:
            self._ended_by = "camera"
            self._transport.abort()

    def _stop(self) -> None:
        if self._camera is not None and self._player is not None:
            self._camera.leave(self._player)

    # -- reading

    def _take_one(self) -> bool:
        """Take one request, or one interleaved packet (a receiver's report: not needed) off the buffer."""
        if self._buffer[:1] == b"$":
            length = 4 + int.from_bytes(self._buffer[2:4], "big")
            if len(self._buffer) < max(4, length):
                return False
            del self._buffer[:length]
            return True
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        request = _parsed(bytes(self._buffer[:end]))
        if request is None:
            self.cut_off()
            return False
        try:
            length = end + 4 + int(request.headers.get("content-length", "0"))
        except ValueError:
            self.cut_off()
            return False
        if len(self._buffer) < length:
            return False
        del self._buffer[:length]
        self._answer(request)
        return True

    # -- answering

    def _answer(self, request: Request) -> None:
        if request.protocol.startswith("HTTP/"):
            self._answer_http(request)
            return
        if self._mute:
            return
        address = Address.of(request.path)
        camera = self._hall.cameras.get(address.camera) if address is not None else None
        if address is None or camera is None:
            self._reply(request, 200 if request.method == "OPTIONS" and request.target == "*" else 404)
            return
        self._hall.lines[self] = request.path.strip("/")
        if address.digest and request.method != "OPTIONS" and not self._known(request):
            challenge = f'Digest realm="{REALM}", nonce="{self._nonce}", algorithm=MD5'
            self._reply(request, 401, {"WWW-Authenticate": challenge})
            return
        if not camera.ready and request.method != "OPTIONS":
            self._reply(request, 503)
            return
        self._camera = camera
        match request.method:
            case "OPTIONS" | "GET_PARAMETER" | "SET_PARAMETER":
                self._reply(request, 200, {"Public": METHODS, "Session": self._session_header()})
            case "DESCRIBE":
                if not address.hang_describe:
                    self._soon(self._describe(request, address))
            case "SETUP":
                self._soon(self._set_up(request, address))
            case "PLAY":
                if not address.hang_play:
                    self._play(request, address)
            case "TEARDOWN":
                self._stop()
                self._player = None
                self._reply(request, 200, {"Session": self._session_header()})
            case _:
                self._reply(request, 405, {"Allow": METHODS})

    def _known(self, request: Request) -> bool:
        credentials, header = self._hall.credentials, request.headers.get("authorization", "")
        return credentials is not None and credentials.accept(
            header, method=request.method, realm=REALM, nonce=self._nonce
        )

    async def _describe(self, request: Request, address: Address) -> None:
        feed, _ = await self._on_air().feeds(address)
        lines = ["v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=camera", "c=IN IP4 0.0.0.0", "t=0 0", "a=control:*"]
        lines += feed.description()
        if address.sound:
            lines += SOUND_DESCRIPTION
        base = request.target.split("?")[0].rstrip("/") + "/"
        headers = {"Content-Type": "application/sdp", "Content-Base": base}
        self._reply(request, 200, headers, "\r\n".join(lines) + "\r\n")

    async def _set_up(self, request: Request, address: Address) -> None:
        found = _TRACK.search(urlsplit(request.target).path.rstrip("/"))
        track = int(found[1]) if found else 1
        transport = request.headers.get("transport", "")
        if "RTP/AVP/TCP" not in transport.upper():
            self._reply(request, 461)
            return
        if track not in ((1, 2) if address.sound else (1,)):
            self._reply(request, 404)
            return
        feeds = await self._on_air().feeds(address)
        if self._player is None:
            self._player = Player(self, address, feeds)
        asked = _CHANNELS.search(transport)
        channel = int(asked[1]) & 0xFE if asked else 2 * (track - 1)
        self._player.set_up(track, channel=channel)
        answer = f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1};ssrc={self._player.tracks[track].source:08X}"
        self._reply(request, 200, {"Transport": answer, "Session": self._session_header()})

    def _play(self, request: Request, address: Address) -> None:
        if self._player is None:
            self._reply(request, 455)
            return
        if not request.headers.get("session", "").startswith(self._session):
            self._reply(request, 454)
            return
        camera, player = self._on_air(), self._player
        camera.join(player)
        base = request.target.split("?")[0].rstrip("/")
        told = ",".join(
            f"url={base}/trackID={index};seq={track.sequence}"
            f";rtptime={track.timestamp(player.first * (VIDEO_RATE if index == 1 else 8000) // camera.fps)}"
            for index, track in player.tracks.items()
        )
        self._reply(request, 200, {"Session": self._session_header(), "Range": "npt=0.000-", "RTP-Info": told})
        loop = asyncio.get_running_loop()
        if address.stall is not None:
            self._later.append(loop.call_later(address.stall, self._fall_silent))
        if address.drop is not None:
            self._later.append(loop.call_later(address.drop, self.cut_off))

    def _fall_silent(self) -> None:
        self._mute = True
        self._stop()

    def _on_air(self) -> Camera:
        if self._camera is None:
            raise RuntimeError("aucune caméra n’a été demandée")
        return self._camera

    def _session_header(self) -> str:
        return f"{self._session};timeout={SESSION_TIMEOUT}"

    def _soon(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _reply(self, request: Request, status: int, headers: dict[str, str] | None = None, body: str = "") -> None:
        lines = [f"RTSP/1.0 {status} {REASONS[status]}", f"CSeq: {request.headers.get('cseq', '0')}", "Server: camera"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if body:
            lines.append(f"Content-Length: {len(body.encode())}")
        self.send(("\r\n".join(lines) + "\r\n\r\n" + body).encode())

    # -- the control path

    def _answer_http(self, request: Request) -> None:
        status, answer = 200, self._told(request)
        if answer is None:
            status, answer = 404, {"error": "inconnu"}
        body = json.dumps(answer).encode()
        head = (
            f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        )
        self.send(f"{head}Connection: close\r\n\r\n".encode() + body)
        if self._transport is not None:
            self._transport.close()

    def _told(self, request: Request) -> Any:
        asked = parse_qs(urlsplit(request.target).query)
        match request.path:
            case "/clock" if "camera" in asked:
                try:
                    return self._hall.clock(asked["camera"][0])
                except KeyError:
                    return None
            case "/clock":
                return {name: self._hall.clock(name) for name in self._hall.cameras}
            case "/connections":
                return self._hall.connections()
            case "/closed":
                return list(self._hall.closed)
        return None


def _parsed(head: bytes) -> Request | None:
    lines = head.decode("utf-8", "replace").split("\r\n")
    words = lines[0].split()
    if len(words) != 3:
        return None
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Request(words[0], words[1], words[2], headers)
