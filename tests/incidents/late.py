#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""late.py server ADDRESS PORT: answers each line at once; 300 ms late from SIGUSR1 on, at once again after SIGUSR2.
late.py client ADDRESS PORT THREADS: each thread asks, waits for the answer, pauses for 20 ms, asks again.
Both say ready."""
import signal
import socket
import sys
import threading
import time

delay = 0.0


def become(seconds):
    global delay
    delay = seconds


def answer(conn):
    for line in conn.makefile("rb"):
        time.sleep(delay)
        conn.sendall(line)


def serve(address, port):
    signal.signal(signal.SIGUSR1, lambda *_: become(0.3))
    signal.signal(signal.SIGUSR2, lambda *_: become(0.0))
    listener = socket.create_server((address, port))
    print("ready", flush=True)
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=answer, args=(conn,), daemon=True).start()


def ask(address, port):
    conn = socket.create_connection((address, port))
    while True:
        conn.sendall(b"what?\n")
        if not conn.recv(100):
            sys.exit("the server is gone")
        time.sleep(0.02)


def main():
    what, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if what == "server":
        serve(address, port)
    for _ in range(int(sys.argv[4])):
        threading.Thread(target=ask, args=(address, port), daemon=True).start()
    print("ready", flush=True)
    signal.pause()


main()
