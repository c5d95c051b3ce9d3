"""A private PostgreSQL 15 with test data, in a folder of its own. Shared by the benchmarks beside this file."""

import itertools
import os
import pwd
import random
import shutil
import subprocess
import time
import uuid

BINARIES = "/usr/lib/postgresql/15/bin"
TICKS = os.sysconf("SC_CLK_TCK")
WORDS = 6000  # in the rows' made-up vocabulary


def server_user():
    """Whom servers run as: root may not, anybody else is fine."""
    return "postgres" if os.geteuid() == 0 else None


def as_user(command):
    """The command, run as the server's user."""
    user = server_user()
    if user is None:
        return command
    return ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--init-groups", "--", *command]


def process_seconds(pid, with_children=False):
    """Processor seconds of a process, with those of its ended children where asked."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11 : 15 if with_children else 13]) / TICKS


class Server:
    """A server, made new or on an existing data directory."""

    def __init__(self, folder, data=None):
        self.folder = folder
        self.data = data or f"{folder}/data"
        self.socket = f"{folder}/socket"
        self.is_running = False
        os.makedirs(self.socket, exist_ok=True)
        if server_user():
            shutil.chown(folder, server_user())
            shutil.chown(self.socket, server_user())

    def create(self):
        """Makes the cluster and starts it; autovacuum is off, so that only what the benchmark does changes pages."""
        self._run("initdb", "-D", self.data, "-U", "postgres", "--data-checksums", "--locale=C.UTF-8", "-E", "UTF8", "-A", "trust")
        with open(f"{self.data}/postgresql.conf", "a") as file:
            file.write(
                "listen_addresses = ''\nshared_buffers = 512MB\nmaintenance_work_mem = 256MB\nmax_wal_size = 8GB\n"
                "checkpoint_timeout = 1h\nfsync = on\nautovacuum = off\narchive_mode = on\narchive_command = '/bin/true'\n"
            )
        self.start()

    def start(self):
        """Returns when the server takes connections and has left recovery."""
        options = f"-c unix_socket_directories={self.socket}"
        self._run("pg_ctl", "-D", self.data, "-l", f"{self.folder}/log", "-s", "-w", "-t", "600", "-o", options, "start")
        self.is_running = True
        while self.sql("SELECT pg_is_in_recovery()") != "f":
            time.sleep(0.05)

    def stop(self, mode="immediate"):
        if self.is_running:
            self._run("pg_ctl", "-D", self.data, "-m", mode, "-s", "-w", "stop", check=False)
            self.is_running = False

    def sql(self, *statements, database="postgres"):
        command = [f"{BINARIES}/psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", self.socket, "-U", "postgres", "-d", database]
        for statement in statements:
            command += ["-c", statement]
        return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout.strip()

    def cpu_seconds(self):
        """Processor seconds of the server and all its processes, those that have ended included."""
        try:
            with open(f"{self.data}/postmaster.pid") as file:
                parent = int(file.readline())
        except (OSError, ValueError):
            return 0.0
        children = subprocess.run(["pgrep", "-P", str(parent)], text=True, stdout=subprocess.PIPE).stdout.split()
        return sum(process_seconds(pid, with_children=True) for pid in [parent, *children])

    def size(self):
        return int(self.sql("SELECT sum(pg_database_size(oid)) FROM pg_database"))

    def fill(self, mebibytes):
        """Makes about so much data: pgbench's tables, and one of text, jsonb, uuid and numeric rows."""
        scale = max(1, mebibytes * 60 // 2048)
        rows = mebibytes * 1_150_000 // 2048
        self._run("pgbench", "-h", self.socket, "-U", "postgres", "-i", "-q", "-s", str(scale), "postgres", quiet=True)
        self.sql(
            "CREATE TABLE deposits (id bigint PRIMARY KEY, reference uuid, weight numeric(10,3), changed int DEFAULT 0,"
            " details jsonb, remarks text)"
        )
        command = [f"{BINARIES}/psql", "-Xq", "-h", self.socket, "-U", "postgres", "-d", "postgres"]
        command += ["-c", "COPY deposits (id, reference, weight, details, remarks) FROM STDIN"]
        copy = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)
        source = random.Random(20261122)
        letters = "abcdefghijklmnopqrstuvwxyz"
        words = ["".join(source.choices(letters, k=source.randint(3, 11))) for _ in range(WORDS)]
        # As in a language: the word of rank n comes with a frequency of 1/n.
        weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(WORDS)))
        for number in range(rows):
            reference = uuid.UUID(int=source.getrandbits(128), version=4)
            text = " ".join(source.choices(words, cum_weights=weights, k=100))
            weight = f"{source.random() * 500:.3f}"
            details = f'{{"site": {number % 37}, "material": "{source.choice(words)}", "tare": {source.random():.4f}}}'
            copy.stdin.write(f"{number}\t{reference}\t{weight}\t{details}\t{text}\n")
        copy.stdin.close()
        if copy.wait() != 0:
            raise RuntimeError("the rows could not be copied")
        self.sql("VACUUM (FREEZE, ANALYZE)", "CHECKPOINT")

    @staticmethod
    def day_statements(share):
        """A day: so many of the rows, picked at random, then vacuum and a checkpoint."""
        return [
            f"UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE random() < {share}",
            f"UPDATE deposits SET changed = changed + 1, weight = weight + 0.001 WHERE random() < {share}",
            "VACUUM",
            "CHECKPOINT",
        ]

    def update(self, share=0.01):
        """Lets a day pass."""
        self.sql(*self.day_statements(share))

    def _run(self, program, *arguments, check=True, quiet=False):
        errors = subprocess.DEVNULL if quiet else None
        command = as_user([f"{BINARIES}/{program}", *arguments])
        subprocess.run(command, check=check, cwd="/", stdout=subprocess.DEVNULL, stderr=errors)
