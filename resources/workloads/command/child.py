"""Runs the command under a terminal of its own, and shows what it prints as it came."""

import fcntl
import os
import pty
import select
import subprocess
import termios
import time

POLL_SECONDS = 0.25
LINGER_SECONDS = 0.3  # for the last output, while a process that was left behind holds the terminal


class NotStarted(Exception):
    """The command could not be started; the text is a sentence for people."""


def run_child(argv, environment, folder, feed, poll):
    """Runs to the end; `feed(data)` gets the output, `poll()` is called now and then. Returns Popen's return code.

    The output is one stream, as in a terminal, and the command believes in one: bars, colours and line buffering are
    what people see. Standard input is the run's own.
    """
    master, slave = pty.openpty()
    raw(slave)
    copy_size(slave)
    try:
        process = subprocess.Popen(argv, cwd=folder, env=environment, stdout=slave, stderr=slave)
    except OSError as error:
        os.close(master)
        where = " in %s" % folder if not os.path.isdir(folder) else ""
        raise NotStarted("The command '%s' could not be started%s: %s." % (argv[0], where, error.strerror))
    finally:
        os.close(slave)
    try:
        pump(master, process, feed, poll)
    finally:
        os.close(master)
    return process.wait()


def pump(master, process, feed, poll):
    polled = 0.0
    ended_at = None
    while True:
        readable = select.select([master], [], [], 0.02 if ended_at else POLL_SECONDS / 4)[0]
        if readable:
            try:
                data = os.read(master, 65536)
            except OSError:  # the last holder is gone
                data = b""
            if not data:
                return
            show(data)
            feed(data)
        now = time.monotonic()
        if now - polled >= POLL_SECONDS:
            poll()
            polled = now
        if ended_at is None and process.poll() is not None:
            ended_at = now
        if ended_at is not None and (not readable or now - ended_at > 5) and now - ended_at >= LINGER_SECONDS:
            return


def show(data):
    while data:
        data = data[os.write(1, data):]


def raw(slave):
    """No translation of line ends: the run's own terminal makes them, and twice would double them."""
    modes = termios.tcgetattr(slave)
    modes[1] &= ~termios.OPOST
    modes[3] &= ~termios.ECHO
    termios.tcsetattr(slave, termios.TCSANOW, modes)


def copy_size(slave):
    try:
        fcntl.ioctl(slave, termios.TIOCSWINSZ, fcntl.ioctl(1, termios.TIOCGWINSZ, b"\0" * 8))
    except OSError:
        pass
