"""Whatever fits the description, and much that does not, is sent to the running API: it never fails."""

from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from access.scopes import Scope
from tests.api.archive import open_archive
from tests.api.conftest import Installation
from tests.api.program import let_in
from tests.api.school import School

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
TAGS = (
    "access record", "agreement", "assessments", "clients", "conversation", "feeds", "free text", "goals", "groups",
    "health", "learning notes", "ledger", "myself", "notices", "overview", "people", "persons",
    "planning documents", "plans", "problems", "retention", "schools", "sessions", "students", "syllabus", "templates",
    "terms",
)  # fmt: skip
CALLERS = (
    "mentor",
    "administrator",
    "principal",
    "pupil",
    "guardian",
    "teacher",
    "staff",
    "outsider",
    "program",
    "operator",
)


@pytest.mark.parametrize("tag", TAGS)
def test_no_server_error_and_no_undocumented_answer(
    tag: str, address: str, own_school: School, installation: Installation
) -> None:
    """Generated requests, half of them in breach of the description, by people of every role, on ids that exist."""
    school = own_school
    plan = school.start()
    goal = school.propose(plan)
    known = {
        "student": school.student, "plan": plan.rsplit("/", 1)[-1], "goal": goal.rsplit("/", 1)[-1],
        "school": school.id, "template": school.template, "group": school.group, "question": "trivs",
        "subject": "GRGRMAT01", "person": school.pupil.person_id, "relation": str(school.guardian.acting_as),
    }  # fmt: skip
    caller = let_in(installation, *Scope, school=school.id).caller()
    school.known.people["program"] = {"person_id": caller.person_id, "token": caller.token}
    archive = open_archive(installation, school)
    archive.adopts(cause="other", years=0, months=1)
    school.known.people["operator"]["token"] = archive.operator.token
    schema = schemathesis.openapi.from_dict(installation.api.description)
    chosen = [op for op in map(_sound, schema.get_all_operations()) if tag in (op.tags or ())]
    assert chosen
    with requests.Session() as session:
        for operation in chosen:
            _try(operation, address, session, school, known)


def _sound(found: Any) -> Any:  # noqa: ANN401 - schemathesis's own
    return found.ok()


def _try(operation: Any, address: str, session: requests.Session, school: School, known: dict[str, str]) -> None:  # noqa: ANN401 - schemathesis's own
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, caller=st.sampled_from(CALLERS), known_ids=st.booleans())
    def send(case: Case[Any], caller: str, *, known_ids: bool) -> None:
        person = getattr(school, caller)
        if known_ids:
            _use_known(case, known, person.acting_as)
        response = case.call(base_url=address, session=session, headers={"Authorization": f"Bearer {person.token}"})
        case.validate_response(response, checks=CHECKS)

    send()


def _use_known(case: Case[Any], known: dict[str, str], acting_as: str | None) -> None:
    """Let the request be about what exists, in a relation that the caller has."""
    for name in case.path_parameters or {}:
        if name in known:
            case.path_parameters[name] = known[name]
    if isinstance(case.body, dict):
        case.body["as"] = acting_as
    elif case.method == "DELETE" and isinstance(case.query, dict):
        case.query["as"] = acting_as


def test_every_tag_is_tried(installation: Installation) -> None:
    """A route with a new tag is not forgotten here."""
    paths = installation.api.description["paths"].values()
    assert {tag for operations in paths for operation in operations.values() for tag in operation["tags"]} == set(TAGS)
