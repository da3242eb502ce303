"""What operators read about sign-in is what the code takes: each example loads, each key and log line is explained."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from access.configuration import Provider, SignIn
from web.failures import SignInFailed

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
EXAMPLES: dict[str, str] = dict(re.findall(r"<!-- ([\w.-]+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL))
PROXY = sorted(name for name in EXAMPLES if name.endswith(".yaml") and name != "sign-in.yaml")


class ProxyLoader(yaml.SafeLoader):
    """YAML as the SAML proxy reads it: `!ENV` is a value from the environment."""


def _from_environment(loader: yaml.SafeLoader, node: yaml.Node) -> str:
    assert isinstance(node, yaml.ScalarNode)
    return str(loader.construct_scalar(node))


ProxyLoader.add_constructor("!ENV", _from_environment)


def _proxy(name: str) -> Any:  # noqa: ANN401 - whatever the example holds
    return yaml.load(EXAMPLES[name], ProxyLoader)  # noqa: S506 - a safe loader with one tag more


def test_the_example_of_the_sign_in_file_can_be_used() -> None:
    """With four providers, each for somebody, and levels that differ from the defaults."""
    sign_in = SignIn.model_validate(yaml.safe_load(EXAMPLES["sign-in.yaml"]))
    assert {kind for provider in sign_in.providers.values() for kind in provider.shown_to} == {
        "guardian",
        "pupil",
        "staff",
    }
    assert len(sign_in.providers) == 4


def test_every_key_of_a_provider_is_explained() -> None:
    """And every key that is explained is one."""
    table = PAGE[PAGE.index("| Key | Meaning |") :]
    table = table[: table.index("\n\n")]
    explained = set(re.findall(r"`(\w+)`", "\n".join(line.split("|")[1] for line in table.splitlines())))
    assert explained == {field.alias or name for name, field in Provider.model_fields.items()}


def test_every_way_in_which_a_sign_in_fails_is_explained() -> None:
    """By the name that stands in the log."""
    table = PAGE[PAGE.index("| Log line |") :]
    table = table[: table.index("\n\n")]
    names = re.findall(r"`(sign_in_\w+)`", "\n".join(line.split("|")[1] for line in table.splitlines()))
    assert sorted(names) == sorted(failed.event for failed in SignInFailed.__subclasses__())


@pytest.mark.parametrize("name", PROXY)
def test_each_part_of_the_proxy_s_configuration_is_yaml(name: str) -> None:
    """Each plugin says what it is called and where it is."""
    found = _proxy(name)
    assert name in {"proxy_conf.yaml", "internal_attributes.yaml"} or {"module", "name"} <= found.keys()


def test_the_proxy_names_every_file_that_it_needs() -> None:
    """And the page has each."""
    conf = _proxy("proxy_conf.yaml")
    named = [conf["INTERNAL_ATTRIBUTES"], *conf["BACKEND_MODULES"], *conf["FRONTEND_MODULES"], *conf["MICRO_SERVICES"]]
    assert set(named) | {"proxy_conf.yaml"} == set(PROXY)


def test_the_proxy_gives_the_claims_that_the_page_says_liggare_reads() -> None:
    """To the client that is registered, in the ID token; and takes no answer that it did not ask for."""
    clients = json.loads(EXAMPLES["clients.json"])
    given = _proxy("openid_connect_frontend.yaml")["config"]["provider"]["extra_id_token_claims"]
    known = [name for ways in _proxy("internal_attributes.yaml")["attributes"].values() for name in ways["openid"]]
    assert given.keys() == clients.keys()
    assert set(given["liggare"]) == set(known) >= {"eppn", "acr"}
    service = _proxy("saml2_backend.yaml")["config"]["sp_config"]["service"]["sp"]
    assert service["allow_unsolicited"] is False
    assert service["want_response_signed"] is True


def test_the_proxy_s_own_step_is_python() -> None:
    """Named as the configuration names it."""
    module, _, name = _proxy("assurance.yaml")["module"].partition(".")
    found = [node.name for node in ast.walk(ast.parse(EXAMPLES[f"{module}.py"])) if isinstance(node, ast.ClassDef)]
    assert found == [name]
