"""A small IMAP server (RFC 3501): one user, one folder, the commands that reading a mailbox takes."""

import re
import socketserver
from dataclasses import dataclass, field
from threading import Thread

from tests.servers.processes import free_port


@dataclass
class KeptMail:
    content: bytes
    flags: set[str] = field(default_factory=set)


class ImapServer:
    """A real server on a free port of this machine; `url` is its BOUNCE_IMAP_URL.

    `mails` lie in its folder by their UID. `commands` are what clients sent. With `ends_before` the connection is cut
    off when a command that begins so arrives, once.
    """

    user, password = "bounce@shuchi.example", "p@ss/word"

    def __init__(self, folder: str = "INBOX") -> None:
        self.folder = folder
        self.mails: dict[int, KeptMail] = {}
        self.commands: list[str] = []
        self.ends_before = ""
        self.port = free_port()
        self.url = f"imap://bounce%40shuchi.example:p%40ss%2Fword@127.0.0.1:{self.port}/{folder.replace(' ', '%20')}"
        self.start()

    def start(self) -> None:
        mailbox = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                Session(mailbox, self).talk()

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """From now on connections are refused."""
        self._server.shutdown()
        self._server.server_close()

    def add(self, content: bytes) -> int:
        """A mail arrives; gives its UID."""
        uid = 101 + len(self.mails)
        self.mails[uid] = KeptMail(content)
        return uid

    def flags(self, uid: int) -> set[str]:
        return self.mails[uid].flags


class Session:
    """One connection, until LOGOUT or its end."""

    def __init__(self, mailbox: ImapServer, stream: socketserver.StreamRequestHandler) -> None:
        self._mailbox = mailbox
        self._read, self._write = stream.rfile, stream.wfile
        self._signed_in = self._selected = False

    def talk(self) -> None:
        self._say(b"* OK ready")
        while line := self._read.readline():
            tag, _, command = line.decode().strip().partition(" ")
            self._mailbox.commands.append(command)
            if self._mailbox.ends_before and command.startswith(self._mailbox.ends_before):
                self._mailbox.ends_before = ""
                return
            answer = self._answer(command)
            self._say(f"{tag} {answer}".encode())
            if command == "LOGOUT":
                return

    def _say(self, line: bytes) -> None:
        self._write.write(line + b"\r\n")

    def _answer(self, command: str) -> str:
        name, _, rest = command.partition(" ")
        if name == "CAPABILITY":
            self._say(b"* CAPABILITY IMAP4rev1")
            return "OK done"
        if name == "LOGOUT":
            self._say(b"* BYE")
            return "OK done"
        if name == "LOGIN":
            self._signed_in = rest == f'{self._mailbox.user} "{self._mailbox.password}"'
            return "OK done" if self._signed_in else "NO [AUTHENTICATIONFAILED] wrong"
        if not self._signed_in:
            return "BAD sign in first"
        if name == "SELECT":
            self._selected = rest.strip('"') == self._mailbox.folder
            self._say(f"* {len(self._mailbox.mails)} EXISTS".encode())
            return "OK [READ-WRITE] done" if self._selected else "NO [NONEXISTENT] no such folder"
        if not self._selected:
            return "BAD select first"
        if name in ("CLOSE", "NOOP"):
            return "OK done"
        if command == "UID SEARCH UNSEEN":
            unseen = [str(uid) for uid, mail in self._mailbox.mails.items() if "\\Seen" not in mail.flags]
            self._say(f"* SEARCH {' '.join(unseen)}".encode())
            return "OK done"
        if found := re.fullmatch(r"UID FETCH (\d+) \(UID BODY\.PEEK\[\]<0\.(\d+)>\)", command):
            return self._fetch(int(found[1]), int(found[2]))
        if found := re.fullmatch(r"UID STORE (\d+) \+FLAGS\.SILENT \(([^)]*)\)", command):
            self._mailbox.mails[int(found[1])].flags.update(found[2].split())
            return "OK done"
        return "BAD not understood"

    def _fetch(self, uid: int, most: int) -> str:
        if mail := self._mailbox.mails.get(uid):
            content = mail.content[:most]
            self._say(f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(content)}}}".encode())
            self._write.write(content)
            self._say(b")")
        return "OK done"
