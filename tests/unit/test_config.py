"""Settings: file, environment, options, in this order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kb.config import Keys, Settings, find_home, load_keys, load_settings, write_template
from kb.errors import ConfigError


def toml(home: Path, text: str) -> Path:
    home.mkdir(exist_ok=True)
    (home / "kb.toml").write_text(text, "utf-8")
    return home


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {}) == Settings()


def test_the_template_says_the_defaults(tmp_path: Path) -> None:
    write_template(tmp_path)
    text = (tmp_path / "kb.toml").read_text("utf-8")
    lines = [line.removeprefix("# ") for line in text.splitlines() if " = " in line and not line.startswith("# ignore")]
    assert lines
    assert load_settings(toml(tmp_path, "\n".join(lines)), {}) == Settings()


def test_the_template_replaces_nothing(tmp_path: Path) -> None:
    write_template(toml(tmp_path, "workers = 3\n"))
    assert load_settings(tmp_path, {}).workers == 3


def test_options_beat_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    home = toml(tmp_path, "workers = 3\nmax_mb = 7\ntimeout = 5\n")
    environment = {"KB_WORKERS": "4", "KB_MAX_MB": "8", "KB_HOME": "/elsewhere", "KB_UNKNOWN": "x"}
    settings = load_settings(home, environment, workers=5, embedder=None)
    assert (settings.workers, settings.max_mb, settings.timeout) == (5, 8, 5.0)
    assert settings.embedder == Settings().embedder


@pytest.mark.parametrize(("text", "value"), [("1", True), ("TRUE", True), ("no", False), ("", False)])
def test_truth_in_the_environment(tmp_path: Path, text: str, value: bool) -> None:
    assert load_settings(tmp_path, {"KB_ALLOW_PRIVATE": text}).allow_private is value


def test_lists_in_the_environment(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {"KB_IGNORE": os.pathsep.join(["a/*", "b"])}).ignore == ("a/*", "b")


@pytest.mark.parametrize(
    ("text", "needle"),
    [
        ("colour = 1", "unknown setting 'colour'"),
        ("workers = 'two'", "must be of type int"),
        ("workers = true", "must be of type int"),
        ("workers = -1", "not be below 0"),
        ("max_mb = 0", "above 0"),
        ("timeout = -1", "above 0"),
        ("ignore = 'x'", "must be of type tuple"),
        ("a = = 1", "not valid TOML"),
        ("llm = 'gpt'", "one of none, openai, ollama, anthropic"),
        ("llm_retries = -1", "not be below 0"),
        ("llm_concurrency = 0", "above 0"),
        ("openai_api_key = 'sk-1'", "unknown setting"),
    ],
)
def test_wrong_settings_are_refused(tmp_path: Path, text: str, needle: str) -> None:
    with pytest.raises(ConfigError, match=needle):
        load_settings(toml(tmp_path, text), {})


@pytest.mark.parametrize("variables", [{"KB_WORKERS": "two"}, {"KB_ALLOW_DOWNLOAD": "perhaps"}])
def test_wrong_variables_are_named(tmp_path: Path, variables: dict[str, str]) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path, variables)
    assert caught.value.source in variables


def test_home_given_wins(tmp_path: Path) -> None:
    assert find_home(tmp_path / "a", {"KB_HOME": "/b"}) == tmp_path / "a"


def test_home_from_the_environment(tmp_path: Path) -> None:
    assert find_home(None, {"KB_HOME": str(tmp_path / "b")}) == tmp_path / "b"


def test_home_is_the_nearest_one_upward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".kb").mkdir()
    (tmp_path / ".kb" / "catalog.sqlite").touch()
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert find_home(None, {}) == tmp_path / ".kb"


def test_home_is_here_where_there_is_none(tmp_path: Path) -> None:
    assert find_home(None, {}) == tmp_path / ".kb"


def test_the_usual_variable_names_the_server_of_a_language_model(tmp_path: Path) -> None:
    home = toml(tmp_path, "llm = 'openai'\nllm_base_url = 'http://file'\n")
    usual = {"OPENAI_BASE_URL": "http://usual"}
    assert load_settings(home, {}).llm_base_url == "http://file"
    assert load_settings(home, usual).llm_base_url == "http://usual"
    assert load_settings(home, {**usual, "KB_LLM_BASE_URL": "http://own"}).llm_base_url == "http://own"
    assert load_settings(home, usual, llm_base_url="http://option").llm_base_url == "http://option"
    assert load_settings(home, usual, llm="ollama").llm_base_url == "http://file"


def test_a_model_may_be_named_with_its_kind(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text('llm = "openai"\nllm_model = "from-the-file"\n', "utf-8")

    def read(environment: dict[str, str], **options: str | None) -> tuple[str, str]:
        settings = load_settings(tmp_path, environment, **options)
        return settings.llm, settings.llm_model

    assert read({}) == ("openai", "from-the-file")
    assert read({}, llm="ollama:qwen2.5:7b") == ("ollama", "qwen2.5:7b")
    assert read({}, llm="anthropic") == ("anthropic", "from-the-file")
    assert read({}, llm="none")[0] == "none"
    assert read({"KB_LLM": "ollama:one"}) == ("ollama", "one")
    assert read({"KB_LLM": "ollama:one", "KB_LLM_MODEL": "two"}) == ("ollama", "two")
    assert read({}, llm="ollama:one", llm_model="two") == ("ollama", "two")


def test_keys_come_from_the_environment_and_do_not_show() -> None:
    keys = load_keys({"OPENAI_API_KEY": " sk-1 ", "ANTHROPIC_API_KEY": "ak-1"})
    assert (keys.openai, keys.anthropic) == ("sk-1", "ak-1")
    assert "-1" not in repr(keys)
    assert load_keys({}) == Keys()
