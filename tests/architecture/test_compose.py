"""docker-compose.yml and the Dockerfile are as hardened as we say (no engine is needed to know)."""

import importlib.util
import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from config import environment

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
LASTING = sorted(SERVICES.keys() - {"migrate"})
OURS = ["migrate", "web", "worker", "beat"]
DOCKERFILE = (PROJECT / "Dockerfile").read_text("utf-8")
FINAL_STAGE = DOCKERFILE.split("\nFROM ")[-1]

every_service = pytest.mark.parametrize("name", sorted(SERVICES))
lasting_service = pytest.mark.parametrize("name", LASTING)
our_service = pytest.mark.parametrize("name", OURS)


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


def after(words: list[str], option: str) -> str:
    return words[words.index(option) + 1]


@every_service
class TestEveryService:
    def test_runs_as_a_numbered_user_who_is_not_root(self, name):
        user = SERVICES[name]["user"]
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)

    def test_can_write_only_where_it_must_and_execute_nothing_there(self, name):
        service = SERVICES[name]
        assert service["read_only"] is True
        for mount in service["tmpfs"]:
            options = mount.split(":")[1].split(",")
            assert {"noexec", "nosuid", "nodev"} <= set(options), mount
            assert any(option.startswith("size=") for option in options), mount

    def test_has_no_powers_and_cannot_gain_any(self, name):
        service = SERVICES[name]
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert not {"privileged", "cap_add", "network_mode", "pid"} & service.keys()

    def test_is_limited(self, name):
        service = SERVICES[name]
        assert service["init"] is True
        assert {"pids_limit", "mem_limit", "cpus", "logging"} <= service.keys()
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}

    def test_mounts_exactly_the_secrets_it_uses(self, name):
        service = SERVICES[name]
        used = [*service["command"], *map(str, service.get("environment", {}).values())]
        paths = re.findall(r"/run/secrets/(\w+)", " ".join(used))
        assert sorted(paths) == sorted(service["secrets"])

    def test_holds_no_secret_itself(self, name):
        for variable, value in SERVICES[name].get("environment", {}).items():
            if re.search("PASSWORD|SECRET|KEY|URL", variable):
                assert variable.endswith("_FILE"), variable
                assert value.startswith("/run/secrets/"), variable


@lasting_service
class TestEveryLastingService:
    def test_says_whether_it_is_well_and_comes_back(self, name):
        service = SERVICES[name]
        assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
        assert service["restart"] == "unless-stopped"
        assert seconds(service["stop_grace_period"]) >= 10


@our_service
class TestOurServices:
    def test_start_a_module_that_exists(self, name):
        python, *words = SERVICES[name]["command"]
        assert python == "python"
        if words[0] == "-m":
            assert importlib.util.find_spec(words[1])
        else:
            assert (PROJECT / words[0]).is_file()

    def test_name_only_settings_that_exist(self, name):
        declared = environment.DECLARED.keys() | {f"{n}_FILE" for n in environment.DECLARED}
        named = {n for n in SERVICES[name]["environment"] if n.startswith("MINGGOU_")}
        assert named <= declared

    def test_run_as_the_user_of_the_image(self, name):
        assert f"USER {SERVICES[name]['user']}\n" in FINAL_STAGE


class TestTheNetwork:
    def test_only_the_web_is_reached_and_only_from_this_machine(self):
        published = {name: s["ports"] for name, s in SERVICES.items() if "ports" in s}
        assert published.keys() == {"web"}
        assert all(port.startswith("127.0.0.1:") for port in published["web"])

    def test_the_data_network_has_no_way_out(self):
        assert COMPOSE["networks"]["data"]["internal"] is True
        outside = {name for name, s in SERVICES.items() if s["networks"] != ["data"]}
        assert outside == {"web"}


class TestStopping:
    def test_a_page_is_finished_before_the_web_is_killed(self):
        web = SERVICES["web"]
        assert int(after(web["command"], "--graceful-timeout")) < seconds(web["stop_grace_period"])

    def test_a_task_is_finished_before_the_worker_is_killed(self):
        grace = seconds(SERVICES["worker"]["stop_grace_period"])
        assert grace > settings.CELERY_TASK_TIME_LIMIT

    def test_a_task_is_offered_again_only_after_the_first_must_be_over(self):
        options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        assert options["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT

    def test_redis_never_throws_a_task_away(self):
        command = SERVICES["redis"]["command"]
        assert after(command, "--maxmemory-policy") == "noeviction"
        assert after(command, "--appendonly") == "yes"


class TestTheSecrets:
    def test_are_all_written_by_the_script(self):
        script = (PROJECT / "scripts/make-secrets").read_text("utf-8")
        written = set(re.findall(r"\bkeep (\w+) \$", script))
        files = {entry["file"] for entry in COMPOSE["secrets"].values()}
        assert files == {f"./secrets/{name}" for name in written}

    def test_stay_out_of_git_and_of_the_image(self):
        ignored = (PROJECT / ".gitignore").read_text("utf-8").splitlines()
        assert {"/secrets/", "/.env", "/var/"} <= set(ignored)


class TestTheImage:
    def test_is_built_from_the_lock_by_hash(self):
        assert re.search(
            r"pip install [^&]*--require-hashes\s+\\?\s*-r \S*requirements.lock", DOCKERFILE
        )

    def test_carries_no_tools_to_build_with_and_no_key(self):
        assert not re.search(r"gcc|build-essential|python3-dev|pip install", FINAL_STAGE)
        assert "SECRET" not in FINAL_STAGE

    def test_installs_what_a_trial_installs(self):
        shared = (PROJECT / "scripts/common.sh").read_text("utf-8")
        packages = set(re.search(r'SYSTEM_PACKAGES="(.*)"', shared)[1].split())
        packages -= {"python3-venv"}
        assert packages <= set(FINAL_STAGE.split())

    def test_takes_only_what_is_named_and_every_package_of_ours(self):
        lines = (PROJECT / ".dockerignore").read_text("utf-8").split("\n\n")[0].splitlines()
        rules = [line for line in lines if not line.startswith("#")]
        taken = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
        ours = {app for app in settings.INSTALLED_APPS if (PROJECT / app).is_dir()}
        assert rules[0] == "*"
        assert ours | {"config", "templates", "static", "manage.py", "requirements.lock"} <= taken
        assert not {".git", "secrets", ".env", "var", "tests"} & taken
