-- The ledger: events in feeds, the fence of each subject, the answers of commands, and the one function that appends.

create table feeds (
    feed smallint primary key,
    last bigint not null default 0
) with (fillfactor = 10);

comment on table feeds is
'One row a feed, 0 to 15: the position of its last event. Locked by each append, so position order is commit order. Holds nothing of a subject; purge: kept.';

insert into feeds (feed) select generate_series(0, 15);

create table subjects (
    subject_id uuid primary key,
    kind text not null,
    state text not null default 'active' check (state in ('active', 'destroyed')),
    changed_at timestamptz not null default now()
);

comment on table subjects is
'One row a person, school or case whose key seals events; the fence that an append asks. Purge: state becomes destroyed and the row stays for ever.';

create table events (
    feed smallint not null,
    position bigint not null,
    stream_id uuid not null,
    version bigint not null,
    subject_id uuid not null,
    category text not null,
    kind text not null,
    recorded_at timestamptz not null,
    command_id uuid not null,
    commitment bytea not null,
    sealed bytea not null,
    primary key (stream_id, version),
    unique (feed, position)
);

create index events_subject_id on events (subject_id);

alter table events alter column sealed set storage external;

comment on table events is
'Every fact, append only; append_request, the one way in, checks what a row must hold. Payload and actor are sealed under the key of the subject. Purge: rows of the subject are deleted after its key is destroyed.';

create table commands (
    command_id uuid primary key,
    caller_id uuid not null,
    subject_id uuid not null,
    stream_id uuid not null,
    body_hash bytea not null,
    sealed_answer bytea not null,
    version bigint not null,
    feed smallint not null,
    position bigint not null,
    recorded_at timestamptz not null default now()
);

create index commands_subject_id on commands (subject_id);

comment on table commands is
'One row a command that came with a receipt: its keyed body hash and its sealed answer, so that a retry is answered alike. Purge: rows of the subject are deleted.';

-- One stream's part of an append: the fence, the command id, the stream's version, the feed's position and the rows.
-- Outcomes: appended, replayed, command_reused, conflict, subject_erased. A refused request leaves its feed as it was.
-- Several in one statement are called in the order of their feeds, so that locks are taken in one order.
create function append_request(
    in_feed smallint,
    in_stream uuid,
    in_expected bigint,
    in_category text,
    in_subject uuid,
    in_subject_kind text,
    in_command uuid,
    in_caller uuid,
    in_body_hash bytea,
    in_answer bytea,
    event_kinds text [],
    event_times timestamptz [],
    event_commands uuid [],
    event_commitments bytea [],
    event_seals bytea [],
    out outcome text,
    out out_version bigint,
    out out_feed smallint,
    out out_position bigint,
    out out_answer bytea
)
language plpgsql
security definer
set search_path from current
as $$
declare
    amount constant integer := cardinality(event_kinds);
    subject_state text;
    kept record;
begin
    out_feed := in_feed;

    -- The lock first: every later statement sees all that was committed before it.
    update feeds set last = last + amount where feed = in_feed returning last into out_position;
    if not found then
        raise exception using errcode = 'no_data_found', message = 'no such feed';
    end if;

    select
        (select state from subjects where subject_id = in_subject),
        (select version from events where stream_id = in_stream order by version desc limit 1)
    into subject_state, out_version;
    out_version := coalesce(out_version, 0);
    if subject_state <> 'active' then
        outcome := 'subject_erased';
    elsif out_version <> in_expected then
        outcome := 'conflict';
    else
        outcome := 'appended';
    end if;

    if outcome = 'appended' and in_command is not null then
        insert into commands (
            command_id, caller_id, subject_id, stream_id, body_hash, sealed_answer, version, feed, position
        )
        values (
            in_command, in_caller, in_subject, in_stream, in_body_hash, in_answer,
            in_expected + amount, in_feed, out_position
        )
        on conflict (command_id) do nothing;
        if not found then
            outcome := 'conflict';
        end if;
    end if;

    -- What looks like a conflict may be the same command again.
    if outcome = 'conflict' and in_command is not null then
        select caller_id, body_hash, sealed_answer, version, feed, position into kept
        from commands where command_id = in_command;
        if found then
            if kept.caller_id = in_caller and kept.body_hash = in_body_hash then
                outcome := 'replayed';
            else
                outcome := 'command_reused';
            end if;
        end if;
    end if;

    if outcome <> 'appended' then
        update feeds set last = last - amount where feed = in_feed returning last into out_position;
        if outcome = 'replayed' then
            out_version := kept.version;
            out_feed := kept.feed;
            out_position := kept.position;
            out_answer := kept.sealed_answer;
        end if;
        return;
    end if;

    if subject_state is null then
        insert into subjects (subject_id, kind) values (in_subject, in_subject_kind)
        on conflict (subject_id) do nothing;
    end if;
    -- Asked here and not of the table: a table's checks are read and planned anew by every statement.
    for place in 1 .. amount loop
        if octet_length(event_commitments[place]) <> 32 then
            raise exception using errcode = 'check_violation', message = 'a commitment has 32 bytes';
        end if;
    end loop;
    if amount = 1 then
        insert into events (
            feed, position, stream_id, version, subject_id, category, kind,
            recorded_at, command_id, commitment, sealed
        )
        values (
            in_feed, out_position, in_stream, in_expected + 1, in_subject, in_category,
            event_kinds[1], event_times[1], event_commands[1], event_commitments[1], event_seals[1]
        );
    else
        insert into events (
            feed, position, stream_id, version, subject_id, category, kind,
            recorded_at, command_id, commitment, sealed
        )
        select
            in_feed, out_position - amount + e.place, in_stream, in_expected + e.place, in_subject,
            in_category, e.kind, e.recorded_at, e.command_id, e.commitment, e.sealed
        from unnest(event_kinds, event_times, event_commands, event_commitments, event_seals)
            with ordinality as e (kind, recorded_at, command_id, commitment, sealed, place);
    end if;
    out_version := in_expected + amount;
end;
$$;

comment on function append_request is
'The only way into the ledger: fence, command id, stream version, feed position and rows in one call, within one statement for several.';
