"""A fast SMTP server as a program of its own: takes every message, notes it, and fails in the ways it is ordered to.

    python sink_program.py PORT FOLDER

What it took stands in FOLDER/taken, one line a message, written before the client hears of it: the times at which DATA
began and the message was complete (seconds since 1970), its Message-ID, its recipients, its size and whether the client
was given the answer 250. FOLDER/applied has a line for each rule applied: time, stage, address. With a folder
FOLDER/kept the bytes lie there. Orders come by the socket FOLDER/control, one
list of rules in JSON (tests.servers.sink.Rule) a connection; once it is answered, the rules hold for the next command.

It speaks what RFC 5321 asks of a minimal server (section 4.5.1), a thread for each connection: answering a blocking
read takes less time than any event loop.
"""

import contextlib
import json
import os
import re
import socket
import sys
import threading
import time
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

EXTENSIONS = b"250-sink.example\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250 8BITMIME\r\n"
MESSAGE_ID = re.compile(rb"^message-id:\s*<?([^>\r\n]*)", re.IGNORECASE | re.MULTILINE)
ADDRESS = re.compile(rb"<([^>]*)>")
END = b"\r\n.\r\n"


class HungUp(Exception):
    """The client is gone, or an order says to drop it."""


class Orders:
    """The rules that hold now, and how often each was applied."""

    def __init__(self, folder: Path) -> None:
        self._log = os.open(folder / "applied", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._rules: list[dict[str, Any]] = []
        self._applied: Counter = Counter()
        self._lock = threading.Lock()

    def listen(self, door: socket.socket) -> None:
        """Takes new rules, for ever."""
        while True:
            client, _ = door.accept()
            with client, client.makefile("rw") as told:
                rules = json.loads(told.readline())
                with self._lock:
                    self._rules, self._applied = rules, Counter()
                told.write("done\n")

    def rule(self, stage: str, address: str = "") -> dict[str, Any] | None:
        """The first rule that applies to this stage and address; counts that it was applied."""
        for index, rule in enumerate(self._rules):
            if rule["at"] == stage and self._concerns(rule, address) and self._count(index, rule, address):
                os.write(self._log, f"{time.time():.6f}\t{stage}\t{address}\n".encode())
                return rule
        return None

    @staticmethod
    def _concerns(rule: dict[str, Any], address: str) -> bool:
        if rule["to"]:
            return address in rule["to"]
        return rule["share"] >= 1 or zlib.crc32(address.encode()) % 1000 < rule["share"] * 1000

    def _count(self, index: int, rule: dict[str, Any], address: str) -> bool:
        with self._lock:
            if rule["times"] and self._applied[index] >= rule["times"]:
                return False
            if rule["tries"] and self._applied[index, address] >= rule["tries"]:
                return False
            self._applied[index] += 1
            self._applied[index, address] += 1
            return True


class Ledger:
    """What was taken."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / "taken", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._kept = folder / "kept"
        self._keeps = self._kept.is_dir()

    def note(self, begun: float, recipients: list[str], content: bytearray, told: bool) -> None:
        """One line in one write: whole or not there, whatever ends this process."""
        now = time.time()
        found = MESSAGE_ID.search(content, 0, 8192)
        key = found[1].decode() if found else ""
        line = f"{begun:.6f}\t{now:.6f}\t{key}\t{','.join(recipients)}\t{len(content)}\t{int(told)}\n"
        os.write(self._file, line.encode())
        if self._keeps:
            (self._kept / f"{time.time_ns()}-{threading.get_ident()}.eml").write_bytes(content)


class Conversation:
    """One connection."""

    def __init__(self, client: socket.socket, orders: Orders, ledger: Ledger) -> None:
        self.client, self.orders, self.ledger = client, orders, ledger
        self.waiting = bytearray()
        self.said = bytearray()
        self.recipients: list[str] = []

    def hold(self) -> None:
        try:
            self._talk()
        except (HungUp, OSError):
            pass  # the client went away, or was sent away
        finally:
            with contextlib.suppress(OSError):
                self._flush()
            self.client.close()

    def _talk(self) -> None:
        self._answer("connect", b"220 sink.example ESMTP\r\n")
        while True:
            line = self._until(b"\r\n")
            command = bytes(line[:4]).upper()
            if command == b"MAIL":
                self.recipients = []
                self._answer("mail", b"250 2.1.0 OK\r\n")
            elif command == b"RCPT":
                self._recipient(line)
            elif command == b"DATA":
                self._data()
            elif command == b"EHLO":
                self._answer("ehlo", EXTENSIONS)
            elif command == b"QUIT":
                self._say(b"221 2.0.0 Bye\r\n")
                return
            elif command in (b"RSET", b"NOOP", b"HELO"):
                self.recipients = []
                self._say(b"250 2.0.0 OK\r\n")
            else:
                self._say(b"502 5.5.1 Unknown command\r\n")

    def _recipient(self, line: bytes) -> None:
        found = ADDRESS.search(line)
        address = found[1].decode(errors="replace") if found else ""
        if self._answer("rcpt", b"250 2.1.5 OK\r\n", address):
            self.recipients.append(address)

    def _data(self) -> None:
        if not self.recipients:
            self._say(b"503 5.5.1 Nobody to send it to\r\n")
            return
        begun = time.time()
        if not self._answer("data", b"354 Go ahead\r\n", self.recipients[0]):
            return
        content = self._until(END)
        rule = self.orders.rule("final", self.recipients[0])
        told = rule is None or not (rule["answer"] or rule["drops"])
        if told or rule["takes"]:
            self.ledger.note(begun, self.recipients, content, told)
        self.recipients = []
        self._carry_out(rule, b"250 2.0.0 Taken\r\n")

    def _answer(self, stage: str, usual: bytes, address: str = "") -> bool:
        """Answers this stage, as ordered or as usual; True when the answer was the usual one."""
        return self._carry_out(self.orders.rule(stage, address), usual)

    def _carry_out(self, rule: dict[str, Any] | None, usual: bytes) -> bool:
        if rule is None:
            self._say(usual)
            return True
        if rule["seconds"]:
            self._flush()
            time.sleep(rule["seconds"])
        if rule["drops"]:
            raise HungUp
        self._say(f"{rule['answer']}\r\n".encode() if rule["answer"] else usual)
        if rule["answer"].startswith("421"):
            raise HungUp
        return not rule["answer"]

    def _say(self, answer: bytes) -> None:
        """Commands that come in one go are answered in one go (RFC 2920)."""
        self.said += answer

    def _flush(self) -> None:
        if self.said:
            self.client.sendall(self.said)
            self.said.clear()

    def _until(self, mark: bytes) -> bytearray:
        """What comes before the mark; what comes after it waits."""
        searched = 0
        while (at := self.waiting.find(mark, searched)) < 0:
            self._flush()
            searched = max(0, len(self.waiting) - len(mark))
            if not (more := self.client.recv(32768)):
                raise HungUp
            self.waiting += more
        found = self.waiting[:at]
        del self.waiting[: at + len(mark)]
        return found


def main(port: int, folder: Path) -> None:
    orders, ledger = Orders(folder), Ledger(folder)
    control = socket.socket(socket.AF_UNIX)
    control.bind(str(folder / "control"))
    control.listen()
    threading.Thread(target=orders.listen, args=(control,), daemon=True).start()
    with socket.create_server(("127.0.0.1", port), backlog=256) as door:
        while True:
            client, _ = door.accept()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=Conversation(client, orders, ledger).hold, daemon=True).start()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
