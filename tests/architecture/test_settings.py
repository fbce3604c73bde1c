"""The settings, their example and their documentation agree; the defaults fit production."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment

PROJECT = Path(__file__).resolve().parents[2]
KEY = "k" * 60


def example_names():
    text = (PROJECT / ".env.example").read_text("utf-8")
    return re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE)


def documented():
    text = (PROJECT / "docs/reference/settings.md").read_text("utf-8").split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| ([^|]*) \|", text, re.MULTILINE)
    return {name: (kind, default.split("（")[0].strip("` –")) for name, kind, default in rows}


@pytest.fixture
def load(tmp_path):
    """Reads settings.py in a process of its own, with nothing in the environment but this."""

    def load(names="DEBUG", **values):
        script = (
            "import json; from config import settings as s;"
            f" print(json.dumps({{n: str(getattr(s, n)) for n in {names.split()!r}}}))"
        )
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=PROJECT,
            env={"PATH": os.environ["PATH"], "MINGGOU_DATA": str(tmp_path), **values},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stderr if done.returncode else json.loads(done.stdout)

    return load


@pytest.fixture
def variables(monkeypatch):
    """Sets what the helpers see as the environment."""

    def variables(**values):
        monkeypatch.setattr(environment, "_values", values)
        monkeypatch.setattr(environment, "DECLARED", {})

    return variables


class TestCodeExampleAndDocumentation:
    def test_every_variable_stands_once_in_the_example(self):
        assert sorted(example_names()) == sorted(environment.DECLARED)

    def test_every_variable_is_documented_with_its_kind_and_default(self):
        declared = {name: (d.kind, d.default) for name, d in environment.DECLARED.items()}
        assert documented() == declared

    def test_the_settings_read_the_environment_only_through_the_helpers(self):
        assert "import os" not in (PROJECT / "config/settings.py").read_text("utf-8")

    def test_the_test_settings_stay_short(self):
        assert len((PROJECT / "config/settings_test.py").read_text("utf-8").splitlines()) < 25


class TestWithoutATrialFile:
    def test_nothing_starts_without_a_key(self, load):
        assert "MINGGOU_SECRET_KEY is not set" in load()

    def test_a_key_alone_gives_a_safe_production(self, load):
        names = (
            "DEBUG ALLOWED_HOSTS SECURE_SSL_REDIRECT SESSION_COOKIE_NAME SECURE_PROXY_SSL_HEADER"
        )
        assert load(names, MINGGOU_SECRET_KEY=KEY) == {
            "DEBUG": "False",
            "ALLOWED_HOSTS": "[]",
            "SECURE_SSL_REDIRECT": "True",
            "SESSION_COOKIE_NAME": "__Host-minggou_session",
            "SECURE_PROXY_SSL_HEADER": "None",
        }

    def test_a_misspelt_name_is_refused(self, load):
        assert "MINGGOU_HOST " in load(MINGGOU_SECRET_KEY=KEY, MINGGOU_HOST="example.org")


class TestTheTrialFile:
    @pytest.fixture(autouse=True)
    def trial_file(self, tmp_path):
        (tmp_path / "trial.env").write_text(
            f"# 试用\nMINGGOU_TRIAL=1\nMINGGOU_DEMO=1\nMINGGOU_SECRET_KEY={KEY}\n", "utf-8"
        )

    def test_lets_the_command_line_work_with_the_data_folder_alone(self, load):
        assert load("MINGGOU_TRIAL MINGGOU_DEMO SECURE_SSL_REDIRECT") == {
            "MINGGOU_TRIAL": "True",
            "MINGGOU_DEMO": "True",
            "SECURE_SSL_REDIRECT": "False",
        }

    @pytest.mark.parametrize("name", ["MINGGOU_SECRET_KEY", "MINGGOU_DATABASE_URL_FILE"])
    def test_is_ignored_where_production_is_even_half_configured(self, load, tmp_path, name):
        (tmp_path / "secret").write_text("postgresql://somebody@localhost/minggou", "utf-8")
        (tmp_path / "secret").chmod(0o600)
        value = str(tmp_path / "secret") if name.endswith("_FILE") else "x" * 60
        answer = load("MINGGOU_TRIAL", **{name: value})
        assert answer == {"MINGGOU_TRIAL": "False"} or "MINGGOU_SECRET_KEY is not set" in answer

    def test_never_overrides_the_environment(self, load):
        assert load("MINGGOU_DEMO", MINGGOU_DEMO="0") == {"MINGGOU_DEMO": "False"}


class TestTheHelpers:
    @pytest.mark.parametrize(("value", "expected"), [("1", True), ("No", False), ("", True)])
    def test_a_switch_is_on_off_or_its_default(self, variables, value, expected):
        variables(SWITCH=value)
        assert environment.env_bool("SWITCH", default=True) is expected

    def test_a_switch_that_says_something_else_is_refused(self, variables):
        variables(SWITCH="maybe")
        with pytest.raises(ImproperlyConfigured, match="SWITCH must be 1 or 0"):
            environment.env_bool("SWITCH", default=False)

    @pytest.mark.parametrize("value", ["three", "-1"])
    def test_a_number_that_is_none_or_too_small_is_refused(self, variables, value):
        variables(NUMBER=value)
        with pytest.raises(ImproperlyConfigured, match="NUMBER must be"):
            environment.env_int("NUMBER", default=2)

    def test_a_word_outside_its_choices_is_refused(self, variables):
        variables(WORD="oracle")
        with pytest.raises(ImproperlyConfigured, match="WORD must be one of sqlite, postgresql"):
            environment.env_text("WORD", default="sqlite", choices=("sqlite", "postgresql"))

    def test_a_secret_comes_from_its_file(self, variables, tmp_path):
        file = tmp_path / "secret"
        file.write_text(f"{KEY}\n", "utf-8")
        file.chmod(0o600)
        variables(SECRET_FILE=str(file))
        assert environment.env_secret("SECRET") == KEY

    def test_a_secret_everyone_can_read_is_refused(self, variables, tmp_path):
        file = tmp_path / "secret"
        file.write_text(KEY, "utf-8")
        file.chmod(0o644)
        variables(SECRET_FILE=str(file))
        with pytest.raises(ImproperlyConfigured, match="readable by everyone"):
            environment.env_secret("SECRET")

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"SECRET": KEY, "SECRET_FILE": "/nowhere"}, "both set"),
            ({"SECRET_FILE": "/nowhere"}, "cannot be read"),
            ({"SECRET": "short"}, "too short"),
            ({}, "is not set"),
        ],
    )
    def test_a_secret_that_is_doubtful_is_refused(self, variables, values, sentence):
        variables(**values)
        with pytest.raises(ImproperlyConfigured, match=sentence):
            environment.env_secret("SECRET", required=True, at_least=50)

    def test_a_database_address_is_taken_apart(self):
        address = "postgresql://ming:p%40ss@db:5433/gou?sslmode=verify-full"
        assert environment.postgres_from_url("URL", address) == {
            "NAME": "gou",
            "USER": "ming",
            "PASSWORD": "p@ss",
            "HOST": "db",
            "PORT": "5433",
            "OPTIONS": {"sslmode": "verify-full"},
        }

    def test_an_address_of_another_kind_is_refused(self):
        with pytest.raises(ImproperlyConfigured, match="URL must read postgresql"):
            environment.postgres_from_url("URL", "mysql://somebody@db/gou")

    def test_a_line_that_is_no_setting_is_refused(self, variables, tmp_path):
        file = tmp_path / "trial.env"
        file.write_text("A=1\nnonsense\n", "utf-8")
        variables()
        with pytest.raises(ImproperlyConfigured, match="line 2"):
            environment.fill_from(file)
