"""What is written is true: the README runs, and every command and setting is documented."""

import re
import subprocess
import sys

from typer.main import get_command

from elek.cli import app
from factory import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_python_examples_of_the_readme_run():
    for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        done = subprocess.run(
            [sys.executable, "-c", block], capture_output=True, text=True, check=False, cwd=REPOSITORY
        )
        assert done.returncode == 0, done.stderr
        assert len(done.stdout.splitlines()) == 2


def test_elek_commands_of_the_readme_run(tmp_path):
    commands = [
        c.split("#")[0].strip() for c in re.findall(r"^(elek (?:score data|explain|bundle).*)$", README, re.MULTILINE)
    ]
    assert len(commands) >= 4
    for command in commands:
        line = command.replace("scored.jsonl", str(tmp_path / "scored.jsonl"))
        done = subprocess.run(
            f"{sys.prefix}/bin/{line}", shell=True, capture_output=True, text=True, check=False, cwd=REPOSITORY
        )
        assert done.returncode == 0, (command, done.stderr)


def test_every_command_has_help_and_stands_in_the_readme():
    for name, command in get_command(app).commands.items():
        assert command.help, name
        assert f"elek {name}" in README, name


def test_make_targets_are_the_agreed_ones():
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    [phony] = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert set(phony.split()) <= {"demo", "test", "soak", "benchmark", "lint", "serve", "starter", "story"}


def test_the_sample_manifest_is_mixed():
    rows = (REPOSITORY / "data/sample/manifest.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert len(rows) >= 60
    text = "\n".join(rows)
    for script in ("[а-я]", "[әғқңөұүһі]", "[\u4e00-\u9fff]", "[A-Za-z]{5}"):
        assert re.search(script, text)
    assert len({row.split(",")[1] for row in rows}) >= 5
