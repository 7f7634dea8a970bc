"""docs/testing.md as a reader copies it: its two files, run by two workers, with failures that must be reported."""

import os
import pathlib
import re
import subprocess
import sys

from conftest import BINARY, ROOT


def test_the_documents_files_run_with_two_workers(tmp_path: pathlib.Path) -> None:
    document = (ROOT / "docs/testing.md").read_text()
    files = dict(re.findall(r"^## (\w+\.py)\n\n```python\n(.*?)^```$", document, re.MULTILINE | re.DOTALL))
    assert set(files) == {"conftest.py", "test_client.py"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    # Nothing of this repository is in reach: the folder is the reader's.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FAUXGUARD", "PYTEST"))}
    environment |= {"FAUXGUARD": str(pathlib.Path(BINARY).resolve()), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "--rootdir", ".", "-p", "no:cacheprovider", "-q", "-ra"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    count = len(re.findall(r"^def test_", files["test_client.py"], re.MULTILINE))
    assert f"{count + 3} passed" in run.stdout, run.stdout
