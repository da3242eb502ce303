"""Load, check access, decide, append, answer: the one path on which an event comes into the ledger."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from access.actions import Action
from access.decide import Grant, Standing, permit, permit_at_school
from access.errors import RelationNotHeld, RelationNotNamed, SchoolNotFound, StudentNotFound
from access.scopes import ClientGrant, permit_client, permit_client_on_file
from aggregates.errors import Refusal, VersionMismatch
from aggregates.free_text import saved_after_warning
from aggregates.school import SchoolRole
from aggregates.student_file import StudentFile
from commands.context import Answer, Command, Context
from commands.streams import STUDENT_FILE, Category, Resource, S, Stream, find
from events.base import Actor, Event, Recorded, Role
from store.errors import VersionConflict
from store.ledger import Append, Appended, CommandReceipt

ATTEMPTS = 5
"""How often a command decides again when the stream went on meanwhile."""

Decided = Event | Sequence[Event] | None


def execute(
    context: Context,
    command: Command,
    stream: Stream[S],
    *,
    authorise: Callable[[S | None], Actor],
    decide: Callable[[S | None, Actor], Decided],
    resource: Resource[S],
) -> Answer:
    """Carry out one command on one stream, once, however often it is sent.

    Decides again when somebody else wrote meanwhile; with If-Match only while the resource itself is unchanged, or
    says already what is asked for. Raises refusals, and the store's errors.
    """
    if command.is_keyed and (kept := context.ledger.answered(command.command_id, command.body_hash)):
        return _answer(kept)
    for attempt in range(1, ATTEMPTS + 1):
        state = find(context, stream.category, stream.id)
        actor = authorise(state)
        before = resource.version_in(state)
        is_overtaken = command.if_match is not None and command.if_match != (before or 0)
        events = _overtaken(decide, state, actor) if is_overtaken else _listed(decide(state, actor))
        if not events and not command.is_keyed:
            return Answer(resource.id, before or 0)
        expected = state.version if state is not None else 0
        answer = Answer(resource.id, expected + len(events) if events else before or 0)
        append = prepared(command, stream, state, actor=actor, events=events)
        try:
            appended = context.ledger.append(replace(append, receipt=_receipt(command, answer)))
        except VersionConflict:
            if attempt == ATTEMPTS:
                raise
            continue
        if appended.replayed:
            return _answer(appended)
        if not events:
            return answer
        context.announce(appended.feed)
        return replace(answer, feed=appended.feed, position=appended.position)
    raise AssertionError  # the loop returns or raises


def _overtaken(decide: Callable[[S | None, Actor], Decided], state: S | None, actor: Actor) -> Sequence[Event]:
    """Nothing, where the resource says already what the command asks for: a button pressed twice is no conflict.

    Raises VersionMismatch where there would be something to change, or to refuse.
    """
    try:
        events = _listed(decide(state, actor))
    except Refusal:
        raise VersionMismatch from None
    if events:
        raise VersionMismatch
    return events


def prepared(command: Command, stream: Stream[S], state: S | None, *, actor: Actor, events: Sequence[Event]) -> Append:
    """The append that records these events of a command on the stream in its present state."""
    subject_id = stream.subject_in(state)
    expected = state.version if state is not None else 0
    recorded = [
        Recorded(
            originator_id=stream.id,
            originator_version=version,
            subject_id=subject_id,
            event=event,
            actor=actor,
            at=command.at,
            command_id=command.command_id,
            correlation_id=command.correlation_id,
        )
        for version, event in enumerate(events, expected + 1)
    ]
    return Append(
        category=stream.category.name,
        subject_kind=stream.category.subject_kind,
        subject_id=subject_id,
        stream_id=stream.id,
        expected_version=expected,
        events=recorded,
    )


def _receipt(command: Command, answer: Answer) -> CommandReceipt | None:
    """Only a client's own key can come twice, so only a keyed command leaves a receipt.

    It does so even where it changed nothing: sent again much later it must not undo what was written meanwhile.
    """
    if not command.is_keyed:
        return None
    return CommandReceipt(command.command_id, command.caller.person_id, command.body_hash, answer.to_receipt())


def _listed(decided: Decided) -> Sequence[Event]:
    if decided is None:
        return ()
    return (decided,) if isinstance(decided, Event) else decided


def _answer(appended: Appended) -> Answer:
    resource_id, version = json.loads(appended.answer or b"")
    return Answer(resource_id, version, appended.feed, appended.position, appended.replayed)


def actor_of(command: Command, grant: Grant, *, on_behalf_of: UUID | None = None) -> Actor:
    """Who does it, as the event will say for ever (S-ACC-6, G-19)."""
    caller = command.caller
    return Actor(
        person_id=caller.person_id,
        role=grant.role,
        name=caller.name,
        relation_id=grant.relation_id,
        on_behalf_of=on_behalf_of,
        level=caller.level,
    )


def as_named(command: Command) -> UUID:
    """The relation that the command names. Raises RelationNotNamed."""
    if command.acting_as is None:
        raise RelationNotNamed
    return command.acting_as


def as_program(command: Command) -> ClientGrant | None:
    """The program that gives the command, if it is one. It holds no relations: RelationNotHeld where it names one."""
    if command.caller.client is not None and command.acting_as is not None:
        raise RelationNotHeld
    return command.caller.client


def as_held(command: Command) -> UUID | None:
    """The relation that a person's command names; None for the system and for a program, which hold none."""
    return None if command.caller.is_system or as_program(command) is not None else as_named(command)


def on_file(
    context: Context,
    command: Command,
    student_id: UUID,
    action: Action,
    decide: Callable[[StudentFile, Actor], Decided],
    *,
    resource: Resource[StudentFile],
    subject: str | None = None,
    on_behalf_of: UUID | None = None,
) -> Answer:
    """Carry out a command on a pupil's file. Access follows the relations that the file itself holds today.

    That its author was warned of a text and went on is recorded with what was saved (S-FRE-5).
    """

    def authorise(file: StudentFile | None) -> Actor:
        if file is None:
            raise StudentNotFound
        grant = permit_on_file(context, command, file, action, subject=subject)
        return actor_of(command, grant, on_behalf_of=on_behalf_of)

    def decided(file: StudentFile | None, actor: Actor) -> Decided:
        if file is None:
            raise StudentNotFound
        events = _listed(decide(file, actor))
        return saved_after_warning(*events) if command.is_warned else events

    stream = Stream(STUDENT_FILE, student_id)
    return execute(context, command, stream, authorise=authorise, decide=decided, resource=resource)


def permit_on_file(
    context: Context, command: Command, file: StudentFile, action: Action, *, subject: str | None = None
) -> Grant:
    """The relation to this pupil, or the part at the pupil's school, that allows the command."""
    if command.caller.is_system:
        return Grant(Role.SYSTEM)
    program = as_program(command)
    if program is not None:
        return permit_client_on_file(action, program, file.school_id, is_protected=file.protection is not None)
    acting_as = as_named(command)
    roles = (
        ()
        if any(r.id == acting_as and r.person_id == command.caller.person_id for r in file.relations.values())
        else context.directory.school_roles(command.caller.person_id, file.school_id)
    )
    return permit(
        action,
        standing_in(file, command.caller.person_id, roles),
        on=command.on,
        level=command.caller.level,
        levels=context.levels,
        acting_as=acting_as,
        subject=subject,
        at=command.at,
    )


def standing_in(file: StudentFile, person_id: UUID, school_roles: Sequence[SchoolRole]) -> Standing:
    """What a person is to the pupil, as the file itself says; the parts at the pupil's school stand elsewhere."""
    return Standing(
        relations=tuple(r for r in file.relations.values() if r.person_id == person_id),
        school_roles=tuple(school_roles),
        is_protected=file.protection is not None,
        is_named=file.names(person_id),
    )


def permit_school(context: Context, command: Command, action: Action, school_id: UUID) -> Grant:
    """The part at the school that allows the command."""
    if command.caller.is_system:
        return Grant(Role.SYSTEM)
    program = as_program(command)
    if program is not None:
        return permit_client(action, program, school_id)
    roles = context.directory.school_roles(command.caller.person_id, school_id)
    return permit_at_school(
        action,
        roles,
        on=command.on,
        level=command.caller.level,
        levels=context.levels,
        acting_as=as_named(command),
    )


def on_school_stream(
    context: Context,
    command: Command,
    category: Category[S],
    stream_id: UUID,
    action: Action,
    decide: Callable[[S | None], Decided],
    *,
    resource: Resource[S],
    opens_at: UUID | None = None,
) -> Answer:
    """Carry out a command on a school, group, template or planning document, sealed under the school's key.

    `opens_at` is the school where the command may open the stream; without it the stream must be there.
    """
    stream = Stream(category, stream_id, opens_at)

    def authorise(state: S | None) -> Actor:
        if state is None and opens_at is None:
            raise SchoolNotFound
        return actor_of(command, permit_school(context, command, action, stream.subject_in(state)))

    return execute(
        context, command, stream, authorise=authorise, decide=lambda state, _: decide(state), resource=resource
    )
