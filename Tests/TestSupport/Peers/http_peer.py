"""A web server for the tests: speaks Telegram's Bot API, a webhook's side and a dead-man service's.

usage: http_peer.py LOG [CERTIFICATE KEY]

The first part of a request's path says how the server behaves. Each request becomes a line of JSON in LOG before it is
answered. Prints its port, and ends when standard input does. The bot's token comes in the environment.
"""
import base64
import http.server
import json
import os
import ssl
import sys
import threading
import time

TOKEN = os.environ.get("PEER_TOKEN", "")
LOCK = threading.Lock()
BUSY_ONCE = set()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_json(self, status, value):
        self.answer(status, json.dumps(value).encode(), [("Content-Type", "application/json")])

    def do_POST(self):
        if self.path.startswith("/deaf/"):
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        record = {
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": base64.b64encode(body).decode(),
        }
        with LOCK, open(sys.argv[1], "a") as log:
            log.write(json.dumps(record) + "\n")
        behaviour, _, rest = self.path.lstrip("/").partition("/")
        if behaviour == "hang":
            time.sleep(3600)
        elif behaviour == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while True:
                self.wfile.write(b"X-Drip: 1\r\n")
                self.wfile.flush()
                time.sleep(0.2)
        elif behaviour == "headers":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while True:
                self.wfile.write(b"X-Many: " + b"x" * 1000 + b"\r\n")
        elif behaviour == "close":
            self.close_connection = True
        elif behaviour == "garbage":
            self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
            self.close_connection = True
        elif behaviour == "huge":
            self.answer(200, b"x" * (8 << 20))
        elif behaviour == "redirect":
            self.answer(302, headers=[("Location", "http://127.0.0.1:1/elsewhere")])
        elif behaviour == "date":
            self.answer(503, headers=[("Retry-After", self.date_time_string(time.time() + 120))])
        elif behaviour.isdigit():
            self.answer(int(behaviour), b'{"secret": "%s"}' % TOKEN.encode())
        elif rest.startswith("bot"):
            self.telegram(behaviour, rest[3:], json.loads(body))
        elif behaviour == "busy":
            self.answer(429, headers=[("Retry-After", "7")])
        elif behaviour == "refuse":
            self.answer(404)
        else:
            self.answer(200, b"OK")

    def refuse(self, code, description, **parameters):
        value = {"ok": False, "error_code": code, "description": description}
        if parameters:
            value["parameters"] = parameters
        self.answer_json(code, value)

    def telegram(self, behaviour, rest, call):
        token, _, method = rest.partition("/")
        if token != TOKEN:
            return self.refuse(401, "Unauthorized")
        if method != "sendMessage":
            return self.refuse(404, "Not Found")
        units = len(call["text"].encode("utf-16-le")) // 2
        if not call["text"].strip():
            return self.refuse(400, "Bad Request: message text is empty")
        if units > 4096:
            return self.refuse(400, "Bad Request: message is too long")
        for entity in call.get("entities", []):
            if entity["offset"] < 0 or entity["length"] < 1 or entity["offset"] + entity["length"] > units:
                return self.refuse(400, "Bad Request: entity out of range")
        if behaviour == "busy":
            return self.refuse(429, "Too Many Requests: retry after 7", retry_after=7)
        if behaviour == "busysecond" and call["text"].find("(2/") >= 0 and call["text"] not in BUSY_ONCE:
            BUSY_ONCE.add(call["text"])
            return self.refuse(429, "Too Many Requests: retry after 1", retry_after=1)
        if behaviour == "refuse":
            return self.refuse(400, "Bad Request: chat not found")
        if behaviour == "blocked":
            return self.refuse(403, "Forbidden: bot was blocked by the user")
        if behaviour == "silent":
            return self.refuse(403, "Forbidden: bot can't initiate conversation with a user")
        if behaviour == "moved":
            return self.refuse(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=-1009876543210,
            )
        if behaviour == "echo":
            return self.refuse(400, "Bad Request: what is " + token + "\u001b[31m\n?")
        if behaviour == "down":
            return self.refuse(502, "Bad Gateway")
        self.answer_json(200, {"ok": True, "result": {"message_id": 1}})


def main():
    server = Server(("127.0.0.1", 0), Handler)
    if len(sys.argv) > 2:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2], sys.argv[3])
        # The handshake is each connection's own thread's business.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()
    os._exit(0)


main()
