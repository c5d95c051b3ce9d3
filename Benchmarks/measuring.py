"""Measures commands beside each other: wall and processor time, peak memory, bytes stored. Shared by the benchmarks."""

import contextlib
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

from server import TICKS, process_seconds

MEBIBYTE = 1 << 20
CORES = os.cpu_count()


class Row:
    """One thing measured, with as many samples as were taken."""

    def __init__(self, step, tool):
        self.step, self.tool, self.samples = step, tool, []

    def add(self, **values):
        self.samples.append(values)

    def __getitem__(self, name):
        values = [sample[name] for sample in self.samples if sample.get(name) is not None]
        if not values:
            return None
        return max(values) if name == "rss" else statistics.median(values)


class Measuring:
    """What was measured on one server, by step and tool."""

    def __init__(self, server, mebibytes):
        self.server, self.mebibytes, self.rows = server, mebibytes, {}

    def measure(self, step, tool, commands, stored=None, servers=(), watch=None, environment=None, output=None):
        """Runs commands, each reading what the one before writes, and adds a sample.

        CPU seconds are those of the commands with all their children, of the watched process, and of the servers.
        """
        level_memory(3 * self.mebibytes)
        before_bytes = folder_bytes(stored) if stored else 0
        servers = [self.server, *servers]
        server_before = {id(server): server.cpu_seconds() for server in servers}
        watched = process_seconds(watch) if watch else 0
        if watch:
            pathlib.Path(f"/proc/{watch}/clear_refs").write_text("5")  # begins a new VmHWM
        busy, start = busy_seconds(), time.monotonic()
        children, previous = [], None
        for command in commands:
            is_last = command is commands[-1]
            target = (output or subprocess.DEVNULL) if is_last else subprocess.PIPE
            child = subprocess.Popen(command, stdin=previous, stdout=target, stderr=subprocess.PIPE, env=environment, cwd="/")
            if previous:
                previous.close()
            previous = child.stdout
            children.append(child)
        errors = [child.stderr.read() for child in children]
        client, rss = 0.0, 0
        for child, command, error in zip(children, commands, errors):
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode != 0:
                raise SystemExit(f"{' '.join(command)} ended with {child.returncode}:\n{error.decode()}")
            client += usage.ru_utime + usage.ru_stime
            rss = max(rss, usage.ru_maxrss / 1024)
        wall = time.monotonic() - start
        if watch:
            client += process_seconds(watch) - watched
            rss = peak_mebibytes(watch)
        server_cpu = sum(max(0, server.cpu_seconds() - server_before[id(server)]) for server in servers)
        others = max(0, busy_seconds() - busy - client - server_cpu)
        after = folder_bytes(stored) if stored else None
        row = self.rows.setdefault((step, tool), Row(step, tool))
        row.add(
            wall=wall,
            client=client,
            server=server_cpu,
            rss=rss,
            added=None if stored is None else (after - before_bytes) / MEBIBYTE,
            total=None if stored is None else after / MEBIBYTE,
            others=others / wall,
        )
        say(f"{step}, {tool}: {wall:.2f} s, CPU {client:.2f} + {server_cpu:.2f} s, others {others / wall:.2f} cores")

    def tables(self, title, verdicts):
        """What came out, as Markdown: a table of what was measured, and one of (text, limit, got, origin)."""
        lines = [
            f"Machine: {processor_name()}, {CORES} cores, {platform.system()} {platform.release()}; load averages at the"
            f" end {' '.join(f'{load:.1f}' for load in os.getloadavg())}. {time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC.",
            f"{title}, PostgreSQL {self.server.sql('SHOW server_version').split()[0]}, data checksums and fsync on.",
            "",
            "| step | tool | wall s | CPU s client + server | peak RSS MiB | added MiB | repository MiB | others' cores |",
            "|---|---|---|---|---|---|---|---|",
        ]
        number = lambda value, digits=1: "-" if value is None else f"{value:.{digits}f}"
        for row in self.rows.values():
            lines.append(
                f"| {row.step} | {row.tool} | {number(row['wall'])} | {number(row['client'])} + {number(row['server'])} |"
                f" {number(row['rss'], 0)} | {number(row['added'], 2)} | {number(row['total'], 0)} | {number(row['others'])} |"
            )
        lines += ["", "| target | at most | got | | from |", "|---|---|---|---|---|"]
        for text, limit, got, origin in verdicts:
            lines.append(f"| {text} | {limit} | {got:.2f} | {'ok' if got <= limit else 'MISSED'} | {origin} |")
        return "\n".join(lines) + "\n"


def say(text):
    print(f"# {text}", file=sys.stderr, flush=True)


def folder_bytes(folder):
    total = 0
    for path, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(FileNotFoundError):
                total += os.lstat(f"{path}/{name}").st_size
    return total


def level_memory(mebibytes):
    """Gives each measurement the same start: nothing left to write, and free memory that is really there.

    A virtual machine's host may have taken free pages back; whoever uses them next pays for their return, which made
    the same restore take 4.7 or 12.5 s.
    """
    os.sync()
    for line in pathlib.Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemFree:"):
            mebibytes = min(mebibytes, int(line.split()[1]) // 1024 - 512)
    # In a process of its own: what it used would be the peak of every child of this one.
    touch = (
        "import mmap, sys\n"
        "memory = mmap.mmap(-1, int(sys.argv[1]) << 20)\n"
        "for page in range(0, len(memory), mmap.PAGESIZE): memory[page] = 1\n"
    )
    if mebibytes > 0:
        subprocess.run([sys.executable, "-c", touch, str(mebibytes)], check=True)


def busy_seconds():
    """Processor seconds that the whole machine has worked."""
    with open("/proc/stat") as file:
        fields = [int(field) for field in file.readline().split()[1:]]
    return (sum(fields[:3]) + sum(fields[5:7])) / TICKS


def peak_mebibytes(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the process has no VmHWM")


def processor_name():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
