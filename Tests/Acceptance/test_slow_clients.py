"""slowhttptest: three hundred clients that dawdle over the head, the body and the answer keep nobody else waiting."""

import re
import subprocess
import time

import httpx
import pytest

SECONDS = 5


@pytest.mark.parametrize("mode", ["-H", "-B", "-X"], ids=["head", "body", "answer"])
def test_the_service_stays_available(server, mode):
    url = f"{server.url}/SoftToken/Provisioning.asmx"
    command = ["slowhttptest", mode, "-c", "300", "-r", "300", "-i", "1", "-l", str(SECONDS), "-p", "2", "-u", url]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        slowest = 0.0
        while run.poll() is None:
            begin = time.monotonic()
            assert httpx.get(f"{server.admin}/healthz", timeout=5).status_code == 200
            slowest = max(slowest, time.monotonic() - begin)
            time.sleep(0.2)
    finally:
        run.kill()
        said = re.sub(r"\x1b\[[0-9;]*m", "", run.communicate()[0])
    states = re.findall(r"service available:\s+(\w+)", said)
    assert states and set(states) == {"YES"}, said[-500:]
    connected = [int(number) for number in re.findall(r"connected:\s+(\d+)", said)]
    assert max(connected) > 200, "so many dawdled at once"
    assert slowest < 2, "the admin plane"
