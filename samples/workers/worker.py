#!/usr/bin/env python3
"""A NextUp worker in Python, standard library only: counts the lines, words and bytes of what is uploaded.

    nextup token --user counter --role worker        makes the token
    NEXTUP_TOKEN=... python3 worker.py --server http://127.0.0.1:8080 --kind count --slots 2

To do work of your own, replace `work`. It may run for as long as the kind allows; the heartbeats keep its lease.
SIGTERM drains: what runs may finish for a while, the rest is handed back, and the exit code is 0.
"""
import argparse, json, os, random, signal, socket, sys, threading, time
import urllib.error, urllib.request, uuid


class AttemptOver(Exception):
    """The server said that this attempt is over: stop working on it. Nothing more of it is stored."""


def work(job, content, report):
    """The work itself: returns the result's bytes and a summary. `report` says how far it is and may raise AttemptOver."""
    lines = content.decode("utf-8", "replace").splitlines()
    words = 0
    for number, line in enumerate(lines, 1):
        words += len(line.split())
        if number % 1000 == 0:
            report(number, len(lines), "counting")
    counts = {"lines": len(lines), "words": words, "bytes": len(content)}
    return json.dumps(counts).encode(), counts


class Server:
    def __init__(self, url, token):
        self.url, self.token = url.rstrip("/"), token

    def call(self, method, path, body=None, content_type="application/json", timeout=60):
        """Answers the bytes. An answer that did not come is asked for again: every call may be repeated."""
        delay = 0.25
        while True:
            request = urllib.request.Request(self.url + path, data=body, method=method)
            request.add_header("Authorization", "Bearer " + self.token)
            if body is not None:
                request.add_header("Content-Type", content_type)
            try:
                with urllib.request.urlopen(request, timeout=timeout) as answer:
                    return answer.read()
            except urllib.error.HTTPError as error:
                if error.code == 409:
                    raise AttemptOver(error.read().decode()) from None
                if error.code < 500:
                    sys.exit(f"{path}: {error.code} {error.read().decode()}")
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(delay * random.uniform(0.5, 1))
            delay = min(delay * 2, 15)

    def post(self, path, value):
        return json.loads(self.call("POST", path, json.dumps(value).encode()))

    def complete(self, path, result, name, summary):
        boundary = uuid.uuid4().hex
        part = f"--{boundary}\r\nContent-Disposition: form-data; name="
        body = (f'{part}"summary"\r\n\r\n{json.dumps(summary)}\r\n'
                f'{part}"result"; filename="{name}"\r\nContent-Type: application/json\r\n\r\n').encode()
        body += result + f"\r\n--{boundary}--\r\n".encode()
        self.call("POST", path, body, f"multipart/form-data; boundary={boundary}")


class Worker:
    def __init__(self, options):
        self.options = options
        self.server = Server(options.server, options.token)
        self.name = options.name or f"{socket.gethostname()}-{os.getpid()}"
        self.incarnation = time.time_ns() // 1_000_000
        self.jobs, self.stopping, self.gate = {}, threading.Event(), threading.Condition()

    def run(self):
        while not self.stopping.is_set():
            with self.gate:
                while len(self.jobs) >= self.options.slots and not self.stopping.is_set():
                    self.gate.wait(1)
                held = [{"job": job, "attempt": attempt} for job, (attempt, _) in self.jobs.items()]
            if self.stopping.is_set():
                break
            given = self.server.post("/api/v1/work/lease", {
                "worker": self.name, "incarnation": self.incarnation, "kinds": [self.options.kind],
                "count": self.options.slots - len(held), "waitSeconds": 5, "holding": held})
            for stop in given["stop"]:
                self.let(stop["job"])
            for job in given["jobs"]:
                stop = threading.Event()
                with self.gate:
                    self.jobs[job["id"]] = (job["attempt"], stop)
                threading.Thread(target=self.attempt, args=(job, stop, given["leaseSeconds"]), daemon=True).start()
        self.drain()

    def attempt(self, job, stop, lease):
        done = threading.Event()
        progress = {}

        def beat():
            while not done.wait(lease / 3):
                try:
                    if json.loads(self.server.call("POST", job["heartbeat"], json.dumps(progress).encode()))["stop"]:
                        stop.set()
                except AttemptOver:
                    stop.set()

        def report(units, total, step):
            if stop.is_set():
                raise AttemptOver()
            progress["progress"] = {"done": units, "total": total, "failed": 0, "percent": units * 100 // total, "step": step}

        threading.Thread(target=beat, daemon=True).start()
        try:
            result, summary = work(job, self.server.call("GET", job["input"]), report)
            self.server.complete(job["complete"], result, "counts.json", summary)
        except AttemptOver:
            pass
        except Exception as error:
            try:
                self.server.post(job["fail"], {"how": "retry", "reason": f"{type(error).__name__}: {error}"})
            except AttemptOver:
                pass
        finally:
            done.set()
            with self.gate:
                self.jobs.pop(job["id"], None)
                self.gate.notify_all()

    def let(self, job):
        with self.gate:
            if job in self.jobs:
                self.jobs[job][1].set()

    def drain(self):
        until = time.monotonic() + self.options.grace
        with self.gate:
            while self.jobs and time.monotonic() < until:
                self.gate.wait(0.2)
            left = list(self.jobs.items())
        for job, (attempt, stop) in left:
            stop.set()
            try:
                self.server.post(f"/api/v1/work/{job}/fail?attempt={attempt}",
                                 {"how": "hand-back", "reason": "The worker was stopped; the job goes on elsewhere."})
            except AttemptOver:
                pass


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default="http://127.0.0.1:8080")
    parser.add_argument("--token", default=os.environ.get("NEXTUP_TOKEN"), required="NEXTUP_TOKEN" not in os.environ)
    parser.add_argument("--kind", default="count")
    parser.add_argument("--name")
    parser.add_argument("--slots", type=int, default=1)
    parser.add_argument("--grace", type=float, default=10)
    worker = Worker(parser.parse_args())
    signal.signal(signal.SIGTERM, lambda *_: worker.stopping.set())
    signal.signal(signal.SIGINT, lambda *_: worker.stopping.set())
    worker.run()
