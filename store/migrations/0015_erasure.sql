-- Erasure: a subject that is destroyed leaves no row but a mark, and nothing comes in behind a purge.
-- squawk-ignore-file adding-foreign-key-constraint, constraint-missing-not-valid, ban-drop-constraint, ban-drop-function

-- The fence of a subject that is about to be destroyed. Destroyed ones have no row here.
alter table subjects drop constraint subjects_state_check;

alter table subjects add constraint subjects_state_check check (state in ('active', 'purging'));

-- Changes with each purge that may have deleted what a projection has read ahead of its checkpoint.
alter table projection_checkpoints
add column purged uuid not null default '00000000-0000-0000-0000-000000000000';

-- What requests fill holds the subject while it does: nobody inserts behind a purge.
alter table sessions
add constraint sessions_subject_id_fkey foreign key (subject_id) references subjects (subject_id);

alter table sign_in_attempts
add constraint sign_in_attempts_subject_id_fkey foreign key (subject_id) references subjects (subject_id);

alter table attachments
add constraint attachments_subject_id_fkey foreign key (subject_id) references subjects (subject_id);

alter table access_record
add constraint access_record_subject_id_fkey foreign key (subject_id) references subjects (subject_id);

alter table drafts
add constraint drafts_subject_id_fkey foreign key (subject_id) references subjects (subject_id);

alter table drafts
add constraint drafts_person_id_fkey foreign key (person_id) references subjects (subject_id);

alter table notice_openings
add constraint notice_openings_subject_id_fkey foreign key (subject_id) references subjects (subject_id);

alter table notice_openings
add constraint notice_openings_recipient_id_fkey foreign key (recipient_id) references subjects (subject_id);

-- Retention: what a disposal run is to destroy, what is destroyed, and the certificates of it.

create table erased_subjects (
    mark bytea primary key,
    erased_at timestamptz not null default now(),
    lapses_on date not null
);

comment on table erased_subjects is
'One row a subject that was destroyed: a keyed hash of its id, until no copy of its key opens any more. Holds no id. Purge: kept.';

create table register_state (
    id smallint primary key default 1 check (id = 1),
    lines bigint not null default 0,
    last_line bytea not null default ''
);

comment on table register_state is
'One row: how many lines of the purge register, which is kept outside, this database has been through, and the SHA-256 of the last. Holds nothing of a subject. Purge: kept.';

insert into register_state (lines) values (0);

create table disposal_items (
    run_id uuid not null,
    item bigint not null check (item > 0),
    document_class text not null,
    subject_id uuid references subjects (subject_id),
    subject_kind text not null,
    month date,
    commitment bytea not null check (octet_length(commitment) = 32),
    nonce bytea check (octet_length(nonce) = 32),
    due_on date not null,
    schedule_id uuid not null,
    action text not null check (action in ('purge', 'transfer', 'review')),
    state text not null default 'planned' check (state in ('planned', 'purging', 'purged', 'skipped')),
    reason text,
    primary key (run_id, item)
);

create index disposal_items_subject_id on disposal_items (subject_id);

comment on table disposal_items is
'One row an item of a disposal run: what is due and why, and a commitment to whom it is about that the approver has seen. Purge: subject_id is emptied with nonce.';

create table purge_certificates (
    run_id uuid not null,
    item bigint not null,
    note bytea not null,
    primary key (run_id, item),
    foreign key (run_id, item) references disposal_items (run_id, item)
);

comment on table purge_certificates is
'The signed certificate of each item that was destroyed; says nothing of whom it was about. Purge: kept.';

alter table disposal_items enable row level security;

create policy all_for_system on disposal_items to liggare_app using (is_system());

create policy all_for_others on disposal_items to liggare_purge, liggare_read using (true);

drop function append_request(
    smallint, uuid, bigint, text, uuid, text, uuid, uuid, bytea, bytea, text [], timestamptz [], uuid [], bytea [], bytea []
);

-- One stream's part of an append: the fence, the command id, the stream's version, the feed's position and the rows.
-- Outcomes: appended, replayed, command_reused, conflict, subject_fenced, subject_erased. A refused request leaves its feed as it was.
-- Several in one statement are called in the order of their feeds, so that locks are taken in one order.
create function append_request(
    in_feed smallint,
    in_stream uuid,
    in_expected bigint,
    in_category text,
    in_subject uuid,
    in_subject_kind text,
    in_mark bytea,
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
    if subject_state = 'purging' then
        outcome := 'subject_fenced';
    elsif subject_state is null and exists (select 1 from erased_subjects where mark = in_mark) then
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

-- A new generation of a read model: empty tables beside the live ones, and checkpoints of its own at the beginning of the feeds.
-- A generation that was begun before and never finished is thrown away.
create or replace function begin_generation(of_projection text, new_generation uuid) returns void
language plpgsql
security definer
set search_path from current
as $$
declare
    live record;
    fresh text;
    reader record;
    wall record;
begin
    -- A purge holds these: what it has begun to delete is not read again for a new generation.
    perform 1 from projection_checkpoints as c where c.projection = of_projection order by c.feed for update;
    delete from projection_checkpoints as c where c.projection = of_projection || '__next';
    for live in
        select t.table_name, obj_description(c.oid, 'pg_class') as purpose, array_to_string(c.reloptions, ', ') as options
        from projection_tables as t
        inner join pg_class as c on c.oid = to_regclass(quote_ident(t.table_name))
        where t.projection = of_projection
        order by t.table_name
    loop
        fresh := live.table_name || '__next';
        execute format('drop table if exists %I', fresh);
        execute format('create table %I (like %I including all)', fresh, live.table_name);
        execute format('comment on table %I is %L', fresh, live.purpose);
        if live.options is not null then
            execute format('alter table %I set (%s)', fresh, live.options);
        end if;
        for reader in
            select g.grantee, g.privilege_type from information_schema.role_table_grants as g
            where g.table_schema = current_schema() and g.table_name = live.table_name and g.grantee <> current_user
        loop
            execute format('grant %s on %I to %I', reader.privilege_type, fresh, reader.grantee);
        end loop;
        if (select c.relrowsecurity from pg_class as c where c.oid = to_regclass(quote_ident(live.table_name))) then
            execute format('alter table %I enable row level security', fresh);
        end if;
        for wall in select * from pg_policies where schemaname = current_schema() and tablename = live.table_name loop
            execute format(
                'create policy %I on %I as %s for %s to %s',
                wall.policyname, fresh, wall.permissive, wall.cmd,
                (select string_agg(quote_ident(r.name), ', ') from unnest(wall.roles) as r (name))
            )
            || coalesce(' using (' || wall.qual || ')', '')
            || coalesce(' with check (' || wall.with_check || ')', '');
        end loop;
    end loop;
    if fresh is null then
        raise exception using errcode = 'no_data_found', message = 'no such projection';
    end if;
    insert into projection_checkpoints (projection, feed, generation)
    select of_projection || '__next', f.feed, new_generation from feeds as f;
end;
$$;

comment on function begin_generation is
'Makes the tables and checkpoints that a rebuild of a projection fills beside the live ones.';

-- What a purge does with each table, in words that it reads.

comment on table subjects is
'One row a person, a pupil''s file, a school, a disposal run, the municipality, whose key seals events; the fence that an append asks. Purge: rows of the subject are deleted.';

comment on table events is
'Every fact, append only; append_request, the one way in, checks what a row must hold. Payload and actor are sealed under the key of the subject, which is destroyed first. Purge: rows of the subject are deleted.';

comment on table commands is
'One row a command that came with a receipt: its keyed body hash and its sealed answer, so that a retry is answered alike. The caller is a keyed hash too. Purge: rows of the subject are deleted.';

comment on table notices is
'One row for each recipient and place: the latest that happened there, and sealed, the place and who acted. The id is a keyed hash. Purge: rows of the subject or of recipient_id are deleted.';

comment on table notice_openings is
'Up to which version each recipient has opened each notice; kept through rebuilds. Purge: rows of the subject or of recipient_id are deleted.';

comment on table persons is
'Each person known to the ledger: sealed name, contact details and what the person says of oneself. Purge: rows of the subject or of person_id are deleted.';

comment on table roster_identities is
'Whom a roster means by an id: a keyed hash to find by, and the sealed id. Purge: rows of the subject or of person_id are deleted.';

comment on table sign_in_identifiers is
'By which identifiers a person signs in: a keyed hash to find by, never the identifier. Purge: rows of the subject or of person_id are deleted.';

comment on table picture_choices is
'Who chose to show whose picture to class-mates. Purge: rows of the subject, of person_id or of of_person_id are deleted.';

comment on table students is
'Each pupil: school, year, end of schooling, sealed name. The subject is the pupil''s file. Purge: rows of the subject are deleted; rows of person_id forbid it.';

comment on table protected_readers is
'Who beside the pupil sees a pupil whose identity is protected. Purge: rows of the subject or of person_id are deleted.';

comment on table relations is
'Who is what to which pupil, and when; the pupil''s own relation included. Purge: rows of the subject or of person_id are deleted; delegated_by is emptied.';

comment on table school_roles is
'Who is administrator, principal or other staff of a school, and when; the subject is the school. Purge: rows of the subject or of person_id are deleted.';

comment on table clients is
'One row a program: its name, its public key, its scopes, the school they are for and what it is for. Holds nothing of a pupil, and stays so that what a program did can be traced to it. Purge: kept.';

comment on table client_assertions is
'One row an assertion that was used: the SHA-256 of its id, and when nobody could use it again anyway; deleted with the next assertion after that. Holds nothing of a subject. Purge: kept.';

comment on table access_record is
'Every look at a pupil''s file: which part, in which role, when, how surely identified; who and why is sealed under the pupil''s key. Months past the time set for the record are dropped whole. Purge: rows of the subject are deleted.';

comment on table drafts is
'One row a field that an author has typed in and not saved: which, by a keyed hash, and the text, sealed under the key of the pupil it is about; deleted at save and when useless. Purge: rows of the subject or of person_id are deleted.';
