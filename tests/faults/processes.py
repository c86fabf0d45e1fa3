"""Processes of one installation, each started and ended by its number."""

import os
import pwd
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from copy import copy
from pathlib import Path

from django.conf import settings

HOUSE = Path(settings.BASE_DIR)
KEY = "for the faults only, and long enough for the length that settings ask"
PROGRAM = "owes_program"  # the role of the program, which is not the owner of the tables
POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
# Debian's place of it; elsewhere, `FAKETIME_LIBRARY` with its path.
_FAKETIME = os.environ.get("FAKETIME_LIBRARY") or next(
    map(str, Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None
)
HAPROXY = shutil.which("haproxy", path=f"{os.environ['PATH']}:/usr/sbin")
# A request goes to the other server when its own is away; one that was sent is never repeated.
PROXY = """\
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  retries 3
  option redispatch
frontend pages
  bind 127.0.0.1:{port}
  default_backend web
backend web
  option httpchk
  http-check send meth GET uri /healthz ver HTTP/1.1 hdr Host localhost
"""
CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "--app", "owes"]
WORKER = ["--pool", "solo", "--loglevel", "warning", "--without-mingle"]
FAKETIME = _FAKETIME if _FAKETIME and Path(_FAKETIME).exists() else None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(is_so, seconds, what):
    """Seconds that it took."""
    started = time.monotonic()
    while time.monotonic() < started + seconds:
        if is_so():
            return time.monotonic() - started
        time.sleep(0.1)
    raise AssertionError(f"not in {seconds} s: {what}")


class Postgres:
    """A cluster in a folder of its own; PostgreSQL does not run as root."""

    def __init__(self, folder):
        self.folder, self.port = folder / "postgres", free_port()
        self.folder.mkdir()
        self.as_user = {}
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            self.as_user = {"user": user.pw_uid, "group": user.pw_gid}
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            folder.chmod(0o711)
        locale = ["--locale-provider=icu", "--icu-locale=pl-PL", "--locale=C.UTF-8"]
        self._run("initdb", "--username=owes", "--auth=trust", "--encoding=UTF8", *locale)
        self.configure(
            archive_mode="on", archive_command="test ! -f archive/%f && cp %p archive/%f"
        )
        self._mkdir(self.folder / "archive")
        self.control("start")
        self._psql("CREATE DATABASE owes", database="postgres")

    def url_of(self, role):
        return f"postgres://{role}@127.0.0.1:{self.port}/owes"

    @property
    def url(self):
        """As the owner of the tables."""
        return self.url_of("owes")

    def control(self, *act):
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder}"
        self._run("pg_ctl", *act, "-w", "-o", options, "-l", str(self.folder / "log"))

    def configure(self, **settings):
        with (self.folder / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def query(self, sql):
        return self._psql(sql).strip()

    def archive(self):
        """Waits until all that was written is in the archive."""
        written = self.query("SELECT pg_walfile_name(pg_switch_wal())")
        kept = "SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver"
        until(lambda: self.query(kept) >= written, 60, "the log is archived")

    def base(self):
        """A base backup, in a folder beside."""
        target = self.folder.parent / "base"
        self._mkdir(target)
        server = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "owes"]
        options = ["-D", str(target), "-X", "stream", "-c", "fast"]
        subprocess.run(
            [POSTGRES[-1] / "pg_basebackup", *server, *options], check=True, **self.as_user
        )
        return target

    @contextmanager
    def recovered(self, base, moment):
        """A cluster brought from a base backup to a moment, by the archive of this one."""
        other = copy(self)
        other.folder, other.port = base, free_port()
        other.configure(
            archive_mode="off",
            restore_command=f"cp {self.folder}/archive/%f %p",
            recovery_target_time=moment,
            recovery_target_action="promote",
        )
        (base / "recovery.signal").touch()
        if self.as_user:
            os.chown(base / "recovery.signal", self.as_user["user"], self.as_user["group"])
        other.control("start")
        try:
            yield other
        finally:
            other.control("stop", "-m", "immediate")

    def _mkdir(self, folder):
        folder.mkdir(mode=0o700)
        if self.as_user:
            os.chown(folder, self.as_user["user"], self.as_user["group"])

    @contextmanager
    def held(self, table):
        """Somebody keeps the lock of a whole table."""
        lock = f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(60)"
        holder = subprocess.Popen([*self._client("owes"), "-c", lock], stderr=subprocess.DEVNULL)
        asleep = "FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK%'"
        until(lambda: self.query(f"SELECT count(*) {asleep}") == "1", 10, "the lock is taken")
        try:
            yield
        finally:
            self.query(f"SELECT pg_terminate_backend(pid) {asleep}")
            holder.wait(timeout=30)

    def _client(self, database):
        client = [str(POSTGRES[-1] / "psql"), "-q", "-A", "-t", "-h", "127.0.0.1"]
        return [*client, "-p", str(self.port), "-U", "owes", database]

    def _psql(self, sql, database="owes"):
        command = [*self._client(database), "-c", sql]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def _run(self, program, *arguments):
        subprocess.run(
            [POSTGRES[-1] / program, "-D", self.folder, *arguments],
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
            **self.as_user,
        )


class Installation:
    """The program of production, its folder and its processes."""

    def __init__(self, folder):
        self.folder, self.port, self.redis_port = folder, free_port(), free_port()
        self.media = folder / "media"
        self.postgres = None
        self.processes = {}
        self.environment = {
            "PATH": os.environ["PATH"],
            "SECRET_KEY": KEY,
            "HTTPS": "0",
            "VAR_DIR": str(folder),
            "MEDIA_ROOT": str(self.media),
            "STATIC_ROOT": str(folder / "static"),
            "EMAIL_URL": f"filemail://{folder / 'mail'}",
            "DISK_RESERVE": "0",
            "PROGRAM_PASSWORD": "tylko do prób, dosyć długie",
        }

    def use_postgres(self):
        self.postgres = Postgres(self.folder)
        redis = f"redis://127.0.0.1:{self.redis_port}/0"
        self.environment |= {"DATABASE_URL": self.postgres.url, "REDIS_URL": redis}

    def fill(self):
        self.manage("migrate", "-v0")
        if self.postgres:
            self.manage("history_grants", PROGRAM, "--anonymising", "--apply")
            self.environment |= {"DATABASE_URL": self.postgres.url_of(PROGRAM)}
        self.manage("collectstatic", "--noinput", "-v0")
        self.manage("load_project", "sputnik-ii")
        self.manage("shell", "-v0", "-c", (HOUSE / "tests/faults/seed.py").read_text("utf-8"))

    def started(self, *arguments):
        """A command that is under way; its words are read by `communicate`."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=HOUSE,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def is_writing(self):
        """Whether somebody is in a transaction that writes."""
        if self.postgres:
            asked = "SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
            return self.postgres.query(asked) != "0"
        with closing(sqlite3.connect(self.folder / "owes.sqlite3", timeout=0)) as database:
            try:
                database.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
        return False

    def manage(self, *arguments):
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=HOUSE,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def start(self, name, *command):
        log = (self.folder / f"{name}.log").open("a")
        self.processes[name] = subprocess.Popen(
            command, cwd=HOUSE, env=self.environment, stdout=log, stderr=log
        )
        return self.processes[name]

    def ask(self, sql):
        """The first column of the first row, as text; empty without one."""
        if self.postgres:
            return self.postgres.query(sql).partition("\n")[0]
        with closing(sqlite3.connect(self.folder / "owes.sqlite3")) as database:
            row = database.execute(sql).fetchone()
        return "" if row is None else str(row[0])

    @contextmanager
    def at(self, moment):
        """The pages once more, on another port, whose clock began at a moment of UTC."""
        own = {"environment": dict(self.environment), "port": self.port}
        self.environment |= {
            "LD_PRELOAD": FAKETIME,
            "FAKETIME": f"@{moment}",
            "NO_FAKE_STAT": "1",
            "TZ": "UTC",
        }
        self.port = free_port()
        try:
            # The arbiter would compare the true clock with that of its workers.
            self.start_web("turned", "--timeout", "0")
            yield self.port
        finally:
            self.end("turned")
            self.environment, self.port = own["environment"], own["port"]

    def start_web(self, name="web", *given, port=None):
        port = port or self.port
        options = ["--workers", "2", "--worker-class", "gthread", "--threads", "8"]
        options += ["--no-control-socket", "--bind", f"127.0.0.1:{port}"]
        self.start(name, sys.executable, "-m", "gunicorn", "owes.wsgi", *options, *given)
        until(lambda: self.answers(port), 60, "gunicorn answers")

    def start_proxy(self, ports):
        """HAProxy before the pages on these ports; answers its own port."""
        own, settings = free_port(), self.folder / "haproxy.cfg"
        servers = [f"  server web{port} 127.0.0.1:{port} check inter 500ms" for port in ports]
        settings.write_text("\n".join([PROXY.format(port=own), *servers, ""]))
        self.start("proxy", HAPROXY, "-db", "-f", str(settings))
        until(lambda: self.answers(own), 60, "the proxy answers")
        return own

    def start_redis(self):
        options = ["--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        port = ["--port", str(self.redis_port)]
        self.start("redis", shutil.which("redis-server"), *port, *options)

    def start_worker(self):
        """One worker alone, with beat in it."""
        return self.start("worker", *CELERY, "worker", "--beat", *WORKER)

    def start_one_of_workers(self, name):
        return self.start(name, *CELERY, "worker", "--hostname", f"{name}@%h", *WORKER)

    def start_beat(self):
        return self.start("beat", *CELERY, "beat", "--loglevel", "warning", "--pidfile", "")

    def answers(self, port=None):
        """Whether the pages do; 503 of a proxy says that nobody behind it does."""
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port or self.port}/healthz", timeout=5)
        except urllib.error.HTTPError as error:
            return error.code != 503
        except OSError:
            return False
        return True

    def end(self, name, sign=signal.SIGKILL):
        """Ends a process; with SIGKILL what it started too, by the numbers of each."""
        process = self.processes.pop(name)
        started = children(process.pid) if sign == signal.SIGKILL else []
        for pid in [*started, process.pid]:
            if alive(pid):
                os.kill(pid, sign)
        process.wait(timeout=60)

    def end_all(self):
        for name in list(self.processes):
            self.end(name)
        if self.postgres:
            self.postgres.control("stop", "-m", "immediate")

    def log(self, name):
        return (self.folder / f"{name}.log").read_text("utf-8")


def alive(pid):
    return Path(f"/proc/{pid}").exists()


def children(pid):
    """Numbers of the processes that a process started, the youngest first."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [*children(child), child]
    return found
