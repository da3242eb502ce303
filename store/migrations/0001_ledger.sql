-- The ledger: events in feeds, the fence of each subject, the answers of commands, and the one function that appends.

create table feeds (
    feed smallint primary key check (feed between 0 and 15),
    last bigint not null default 0 check (last >= 0)
) with (fillfactor = 10);

comment on table feeds is
'One row a feed: the position of its last event. Locked by each append, so position order is commit order. Holds nothing of a subject; purge: kept.';

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
    version bigint not null check (version > 0),
    subject_id uuid not null,
    category text not null,
    kind text not null,
    recorded_at timestamptz not null,
    command_id uuid not null,
    commitment bytea not null check (octet_length(commitment) = 32),
    sealed bytea not null,
    primary key (stream_id, version),
    unique (feed, position)
);

create index events_subject_id on events (subject_id);

alter table events alter column sealed set storage external;

comment on table events is
'Every fact, append only. Payload and actor are sealed under the key of the subject. Purge: rows of the subject are deleted after its key is destroyed.';

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

-- Several requests in, one answer each, in the order given; the caller sorts them by feed so that locks are taken in one order.
-- Outcomes: appended, replayed, command_reused, conflict, subject_erased. A refused request leaves its feed as it was.
create function append_events(
    in_feeds smallint [],
    in_streams uuid [],
    in_expected bigint [],
    in_categories text [],
    in_subjects uuid [],
    in_subject_kinds text [],
    in_counts integer [],
    in_commands uuid [],
    in_callers uuid [],
    in_body_hashes bytea [],
    in_answers bytea [],
    event_kinds text [],
    event_times timestamptz [],
    event_commands uuid [],
    event_commitments bytea [],
    event_seals bytea []
)
returns table (outcome text, out_version bigint, out_feed smallint, out_position bigint, out_answer bytea)
language plpgsql
security definer
set search_path from current
as $$
declare
    done integer := 0;
    subject_state text;
    kept record;
begin
    for i in 1 .. cardinality(in_feeds) loop
        out_feed := in_feeds[i];
        out_version := null;
        out_answer := null;

        -- The lock first: every later statement of this loop sees all that was committed before it.
        update feeds set last = last + in_counts[i] where feed = in_feeds[i] returning last into out_position;
        if not found then
            raise exception using errcode = 'no_data_found', message = 'no such feed';
        end if;

        outcome := null;
        select state into subject_state from subjects where subject_id = in_subjects[i];
        if not found then
            insert into subjects (subject_id, kind) values (in_subjects[i], in_subject_kinds[i])
            on conflict (subject_id) do nothing;
        elsif subject_state <> 'active' then
            outcome := 'subject_erased';
        end if;

        if outcome is null and in_commands[i] is not null then
            select caller_id, body_hash, sealed_answer, version, feed, position into kept
            from commands where command_id = in_commands[i];
            if found then
                if kept.caller_id = in_callers[i] and kept.body_hash = in_body_hashes[i] then
                    outcome := 'replayed';
                    out_version := kept.version;
                    out_answer := kept.sealed_answer;
                else
                    outcome := 'command_reused';
                end if;
            end if;
        end if;

        if outcome is null then
            select version into out_version from events
            where stream_id = in_streams[i] order by version desc limit 1;
            out_version := coalesce(out_version, 0);
            if out_version <> in_expected[i] then
                outcome := 'conflict';
            end if;
        end if;

        if outcome is null then
            if in_counts[i] = 1 then
                insert into events (
                    feed, position, stream_id, version, subject_id, category, kind,
                    recorded_at, command_id, commitment, sealed
                )
                values (
                    in_feeds[i], out_position, in_streams[i], in_expected[i] + 1, in_subjects[i], in_categories[i],
                    event_kinds[done + 1], event_times[done + 1], event_commands[done + 1],
                    event_commitments[done + 1], event_seals[done + 1]
                );
            else
                insert into events (
                    feed, position, stream_id, version, subject_id, category, kind,
                    recorded_at, command_id, commitment, sealed
                )
                select
                    in_feeds[i], out_position - in_counts[i] + e.n, in_streams[i], in_expected[i] + e.n, in_subjects[i],
                    in_categories[i], e.kind, e.recorded_at, e.command_id, e.commitment, e.sealed
                from unnest(
                    event_kinds[done + 1 : done + in_counts[i]],
                    event_times[done + 1 : done + in_counts[i]],
                    event_commands[done + 1 : done + in_counts[i]],
                    event_commitments[done + 1 : done + in_counts[i]],
                    event_seals[done + 1 : done + in_counts[i]]
                ) with ordinality as e (kind, recorded_at, command_id, commitment, sealed, n);
            end if;
            outcome := 'appended';
            out_version := in_expected[i] + in_counts[i];
            if in_commands[i] is not null then
                insert into commands (
                    command_id, caller_id, subject_id, stream_id, body_hash, sealed_answer, version, feed, position
                )
                values (
                    in_commands[i], in_callers[i], in_subjects[i], in_streams[i], in_body_hashes[i], in_answers[i],
                    out_version, in_feeds[i], out_position
                );
            end if;
        else
            update feeds set last = last - in_counts[i] where feed = in_feeds[i] returning last into out_position;
            if outcome = 'replayed' then
                out_feed := kept.feed;
                out_position := kept.position;
            end if;
        end if;

        done := done + in_counts[i];
        return next;
    end loop;
end;
$$;

comment on function append_events is
'The only way into the ledger: fence, command id, stream version, feed position and rows in one statement, for each of several requests.';
