"""A line to a database server that is cut where a test says: whoever stands behind it sees a server that has gone away."""

import socket
import threading
from contextlib import contextmanager, suppress


class CutLine:
    """A port of this computer that leads to another, as long as it is whole.

    `cut` looks at each piece that is sent to the server, and says whether the line is cut `before` it arrives, `after` it
    has arrived and been answered, of which nothing comes back, or not at all (None)."""

    def __init__(self, port):
        self.target, self.cut, self.pieces = port, lambda piece: None, []
        self.down = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open, self._deaf = [], set()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.down:
                client.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                continue
            self._open += [client, server]
            threading.Thread(target=self._to_server, args=(client, server), daemon=True).start()
            threading.Thread(target=self._back, args=(server, client), daemon=True).start()

    def _to_server(self, client, server):
        with suppress(OSError):
            while piece := client.recv(65536):
                self.pieces.append(piece)
                where = self.cut(piece)
                if where == "after":  # what else belongs to it follows
                    self._deaf.add(server)
                if where == "before":
                    break
                server.sendall(piece)
        self._end(client, server)

    def _back(self, server, client):
        with suppress(OSError):
            while piece := server.recv(65536):
                if server in self._deaf:
                    break
                client.sendall(piece)
        self._end(client, server)

    def _end(self, *both):
        for one in both:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def cut_all(self):
        """Cut whatever is open, and let nobody in until `mend`."""
        self.down = True
        self._end(*self._open)
        self._open.clear()

    def mend(self):
        """Let everybody through."""
        self.down, self.cut = False, lambda piece: None

    def close(self):
        self._listener.close()
        self.cut_all()


@contextmanager
def cut_line(port):
    """A line to a port of this computer."""
    made = CutLine(port)
    try:
        yield made
    finally:
        made.close()
