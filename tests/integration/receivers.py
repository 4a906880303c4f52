"""A mail server and a chat system on loopback that keep what they are sent."""

import email
import email.policy
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


@contextmanager
def mail_server() -> Iterator[tuple[int, list[EmailMessage]]]:
    """A port that speaks just enough SMTP, and the messages that came in."""
    messages: list[EmailMessage] = []

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 loopback")
            while line := self.rfile.readline().decode().strip():
                verb = line.split()[0].upper()
                if verb == "DATA":
                    self.say("354 go on")
                    lines = list(iter(self.rfile.readline, b".\r\n"))
                    messages.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
                self.say(
                    {"EHLO": "250-loopback\r\n250 AUTH PLAIN", "AUTH": "235 ok", "QUIT": "221 bye"}.get(
                        verb, "250 ok"
                    )
                )

        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)) as port:
        yield port, messages


@contextmanager
def chat_system(refused: str) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """A port that takes JSON by POST, and what came in; subjects that begin with `refused` fail."""
    messages: list[dict[str, Any]] = []

    class Channel(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            is_refused = message["subject"].startswith(refused)
            if not is_refused:
                messages.append(message)
            self.send_response(500 if is_refused else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stays silent."""

    with running(HTTPServer(("127.0.0.1", 0), Channel)) as port:
        yield port, messages


@contextmanager
def running(server: socketserver.TCPServer) -> Iterator[int]:
    """Serves beside the test; gives the port."""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
