"""A real Chromium without a window, told what to do by its DevTools protocol through two pipes: keys are pressed as a
person presses them, and whatever the page complains about is kept."""

import fcntl
import json
import os
import shutil
import signal
import tempfile
import time

# No step takes longer, in seconds.
PATIENCE = 20
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
KEYS = {"Tab": (9, ""), "Enter": (13, "\r"), " ": (32, " ")}


def program():
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise SystemExit("this test needs Chromium: install it (Debian: `sudo apt-get install chromium`)")
    return found


def high(descriptor):
    """Out of the way of 3 and 4, which are Chromium's ends."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return moved


class Refused(Exception):
    """By Chromium."""


class Browser:
    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        (heard, self.to), (self.answers, told) = ((high(end) for end in os.pipe()) for _ in range(2))
        line = [
            program(),
            "--headless=new",
            "--remote-debugging-pipe",
            f"--user-data-dir={self.folder.name}",
            # What it opens is ours alone, and not everywhere may it make a sandbox of its own.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--no-first-run",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ]
        nowhere = os.open(os.devnull, os.O_WRONLY)
        actions = [(os.POSIX_SPAWN_DUP2, *pair) for pair in ((heard, 3), (told, 4), (nowhere, 1), (nowhere, 2))]
        self.process = os.posix_spawn(line[0], line, os.environ, file_actions=actions, setpgroup=0)
        for end in (heard, told, nowhere):
            os.close(end)
        os.set_blocking(self.answers, False)
        self.last, self.rest, self.events = 0, b"", []
        return self

    def __exit__(self, *_):
        os.killpg(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        self.folder.cleanup()

    def call(self, method, session=None, **given):
        self.last += 1
        said = {"id": self.last, "method": method, "params": given} | ({"sessionId": session} if session else {})
        os.write(self.to, json.dumps(said).encode() + b"\0")
        message = until(method, lambda: self.answer(self.last))
        if "error" in message:
            raise Refused(message["error"])
        return message["result"]

    def answer(self, number):
        self.read()
        for at, message in enumerate(self.events):
            if message.get("id") == number:
                return self.events.pop(at)
        return None

    def read(self):
        try:
            self.rest += os.read(self.answers, 1 << 20)
        except BlockingIOError:
            return
        *whole, self.rest = self.rest.split(b"\0")
        self.events += map(json.loads, whole)

    def page(self):
        return Page(self)


class Page:
    def __init__(self, browser):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Accessibility"):
            self.call(f"{domain}.enable")

    def call(self, method, **given):
        return self.browser.call(method, self.session, **given)

    def open(self, url):
        self.call("Page.navigate", url=url)
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    def ask(self, script):
        said = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    def until(self, script):
        return until(script, lambda: self.told(script))

    def told(self, script):
        try:
            return self.ask(script)
        # While one document gives way to the next.
        except Refused:
            return None

    def press(self, key, times=1):
        code, text = KEYS[key]
        for _ in range(times):
            for kind in ("keyDown", "keyUp"):
                given = {"key": key, "code": key.strip() or "Space", "windowsVirtualKeyCode": code}
                self.call("Input.dispatchKeyEvent", type=kind, **given, **({"text": text} if kind == "keyDown" else {}))

    def type(self, text):
        """Instead of what stands in the field that has the focus."""
        self.ask("document.activeElement.select()")
        self.call("Input.insertText", text=text)

    def focus(self):
        return self.ask("document.activeElement.id")

    def controls(self):
        """Role and name of whatever can be reached, as a screen reader tells them."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        told = [(value(node, "role"), value(node, "name")) for node in nodes if not node["ignored"]]
        return [each for each in told if each[0] in ("textbox", "checkbox", "button", "link")]

    def described(self, role, name):
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        found = [node for node in nodes if (value(node, "role"), value(node, "name")) == (role, name)]
        assert len(found) == 1, found
        return value(found[0], "description")

    def complaints(self):
        """What stands in the console of this page: uncaught errors, violations of its policy, files that are missing. Not
        what Chromium would advise: a field with the address of somebody whom the page does not know."""
        self.ask("0")
        told = []
        for message in self.browser.events:
            if message.get("sessionId") != self.session:
                continue
            given = message["params"]
            if message["method"] == "Log.entryAdded" and given["entry"]["level"] != "verbose":
                told.append(f"{given['entry']['source']}: {given['entry']['text']} {given['entry'].get('url', '')}")
            if message["method"] in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled"):
                told.append(json.dumps(given))
        return told


def value(node, name):
    return node.get(name, {}).get("value", "")


def until(what, ask):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := ask():
            return found
        time.sleep(0.01)
    raise AssertionError(f"it did not come to {what}")
