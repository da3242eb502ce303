-- The whole schema of a ledger's database as it is now, for reading; what makes it is migrations/, and a test
-- holds both to be the same. A new migration changes this file too.

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
    state text not null default 'active' check (state in ('active', 'purging')),
    changed_at timestamptz not null default now()
);

comment on table subjects is
'One row a person, a pupil''s file, a school, a disposal run, the municipality, whose key seals events; the fence that an append asks. Purge: rows of the subject are deleted.';

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
'Every fact, append only; append_request, the one way in, checks what a row must hold. Payload and actor are sealed under the key of the subject, which is destroyed first. Purge: rows of the subject are deleted.';

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
'One row a command that came with a receipt: its keyed body hash and its sealed answer, so that a retry is answered alike. The caller is a keyed hash too. Purge: rows of the subject are deleted.';

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

-- The read models: what people look at, built from the events and rebuilt at any time. Text and names are sealed.

create table projection_checkpoints (
    projection text not null,
    feed smallint not null check (feed between 0 and 15),
    position bigint not null default 0 check (position >= 0),
    generation uuid not null default '00000000-0000-0000-0000-000000000000',
    moved_at timestamptz,
    stopped_at timestamptz,
    stopped_position bigint,
    stopped_kind text,
    stopped_reason text,
    purged uuid not null default '00000000-0000-0000-0000-000000000000',
    primary key (projection, feed),
    check ((stopped_at is null) = (stopped_reason is null))
) with (fillfactor = 10);

comment on table projection_checkpoints is
'How far each projection has read each feed, and the event it stopped at if it did. Holds nothing of a subject; purge: kept.';

create table projection_tables (
    projection text not null,
    table_name text not null,
    primary key (projection, table_name)
);

comment on table projection_tables is
'Which tables each projection fills: what a rebuild makes anew. Holds nothing of a subject; purge: kept.';

insert into projection_tables (projection, table_name) values
('overview', 'overview'),
('notices', 'notices'),
('notices', 'notice_sources'),
('directory', 'persons'),
('directory', 'roster_identities'),
('directory', 'sign_in_identifiers'),
('directory', 'picture_choices'),
('directory', 'students'),
('directory', 'protected_readers'),
('directory', 'relations'),
('directory', 'group_members'),
('directory', 'schools'),
('directory', 'school_roles'),
('directory', 'school_groups'),
('directory', 'templates'),
('directory', 'planning_documents');

insert into projection_checkpoints (projection, feed)
select p.projection, f.feed
from (select distinct t.projection from projection_tables as t) as p cross join feeds as f;

create table overview (
    plan_id uuid primary key,
    student_id uuid not null,
    subject_id uuid not null,
    newest boolean not null,
    state text not null,
    version bigint not null,
    content_version bigint not null,
    pupil_asked smallint not null,
    pupil_answered smallint not null,
    guardian_asked smallint not null,
    guardian_answered smallint not null,
    teacher_asked smallint not null,
    teacher_answered smallint not null,
    mentor_asked smallint not null,
    mentor_answered smallint not null,
    started_at timestamptz not null,
    changed_at timestamptz not null,
    sealed bytea not null
) with (fillfactor = 70, toast_tuple_target = 8160);

alter table overview alter column sealed set storage external;

create unique index overview_newest on overview (student_id) where newest;

create index overview_student_id on overview (student_id);

create index overview_subject_id on overview (subject_id);

comment on table overview is
'One row a plan: how much of it is answered, and the sealed overview as it is shown. Purge: rows of the subject are deleted.';

create table notice_sources (
    student_id uuid primary key,
    subject_id uuid not null,
    sealed bytea not null
);

alter table notice_sources alter column sealed set storage external;

create index notice_sources_subject_id on notice_sources (subject_id);

comment on table notice_sources is
'What the notices projection remembers of a pupil: relations, pages of questions, subjects of goals. Purge: rows of the subject are deleted.';

create table notices (
    notice_id uuid primary key,
    recipient_id uuid not null,
    student_id uuid not null,
    subject_id uuid not null,
    kind text not null,
    version bigint not null,
    noticed_at timestamptz not null,
    sealed bytea not null
);

create index notices_recipient_id on notices (recipient_id);

create index notices_subject_id on notices (subject_id);

comment on table notices is
'One row for each recipient and place: the latest that happened there, and sealed, the place and who acted. The id is a keyed hash. Purge: rows of the subject or of recipient_id are deleted.';

create table notice_openings (
    notice_id uuid primary key,
    recipient_id uuid not null references subjects (subject_id),
    subject_id uuid not null references subjects (subject_id),
    version bigint not null,
    opened_at timestamptz not null default now()
);

create index notice_openings_recipient_id on notice_openings (recipient_id);

create index notice_openings_subject_id on notice_openings (subject_id);

comment on table notice_openings is
'Up to which version each recipient has opened each notice; kept through rebuilds. Purge: rows of the subject or of recipient_id are deleted.';

create table persons (
    person_id uuid primary key,
    subject_id uuid not null,
    version bigint not null,
    sealed_name bytea not null,
    sealed_contact bytea,
    sealed_email bytea,
    sealed_description bytea,
    picture_id uuid,
    shows_contact boolean not null,
    theme text not null
);

create index persons_subject_id on persons (subject_id);

comment on table persons is
'Each person known to the ledger: sealed name, contact details and what the person says of oneself. Purge: rows of the subject or of person_id are deleted.';

create table roster_identities (
    lookup bytea not null,
    person_id uuid not null,
    subject_id uuid not null,
    sealed bytea not null,
    primary key (lookup, person_id)
);

create index roster_identities_person_id on roster_identities (person_id);

create index roster_identities_subject_id on roster_identities (subject_id);

comment on table roster_identities is
'Whom a roster means by an id: a keyed hash to find by, and the sealed id. Purge: rows of the subject or of person_id are deleted.';

create table sign_in_identifiers (
    identifier_id uuid primary key,
    lookup bytea not null,
    person_id uuid not null,
    subject_id uuid not null
);

create index sign_in_identifiers_lookup on sign_in_identifiers (lookup);

create index sign_in_identifiers_subject_id on sign_in_identifiers (subject_id);

comment on table sign_in_identifiers is
'By which identifiers a person signs in: a keyed hash to find by, never the identifier. Purge: rows of the subject or of person_id are deleted.';

create table picture_choices (
    person_id uuid not null,
    of_person_id uuid not null,
    subject_id uuid not null,
    visible_to_class boolean not null,
    primary key (person_id, of_person_id)
);

create index picture_choices_of_person_id on picture_choices (of_person_id);

create index picture_choices_subject_id on picture_choices (subject_id);

comment on table picture_choices is
'Who chose to show whose picture to class-mates. Purge: rows of the subject, of person_id or of of_person_id are deleted.';

create table students (
    student_id uuid primary key,
    subject_id uuid not null,
    school_id uuid not null,
    version bigint not null,
    grade smallint not null,
    enrolled_on date not null,
    ended_on date,
    ended_cause text,
    sealed_name bytea not null,
    is_protected boolean not null default false,
    person_id uuid not null
);

create index students_school_id on students (school_id);

create index students_subject_id on students (subject_id);

create index students_person_id on students (person_id);

comment on table students is
'Each pupil: school, year, end of schooling, sealed name. The subject is the pupil''s file. Purge: rows of the subject are deleted; rows of person_id forbid it.';

create table protected_readers (
    student_id uuid not null,
    person_id uuid not null,
    subject_id uuid not null,
    primary key (student_id, person_id)
);

create index protected_readers_person_id on protected_readers (person_id);

create index protected_readers_subject_id on protected_readers (subject_id);

comment on table protected_readers is
'Who beside the pupil sees a pupil whose identity is protected. Purge: rows of the subject or of person_id are deleted.';

create table relations (
    student_id uuid not null,
    relation_id uuid not null,
    subject_id uuid not null,
    person_id uuid not null,
    role text not null,
    since date not null,
    until date,
    ended_on date,
    delegated_by uuid,
    expires_at timestamptz,
    sealed_subjects bytea,
    primary key (student_id, relation_id)
);

create index relations_person_id on relations (person_id, student_id);

create index relations_subject_id on relations (subject_id);

comment on table relations is
'Who is what to which pupil, and when; the pupil''s own relation included. Purge: rows of the subject or of person_id are deleted; delegated_by is emptied.';

create table group_members (
    student_id uuid not null,
    group_id uuid not null,
    subject_id uuid not null,
    joined_on date not null,
    left_on date,
    primary key (student_id, group_id)
);

create index group_members_group_id on group_members (group_id);

create index group_members_subject_id on group_members (subject_id);

comment on table group_members is
'Which pupils are in which class or teaching group. Purge: rows of the subject are deleted.';

create table schools (
    school_id uuid primary key,
    subject_id uuid not null,
    version bigint not null,
    settings jsonb not null,
    sealed_name bytea not null
);

comment on table schools is
'Each school: its dated settings and sealed name. Purge: rows of the subject are deleted.';

create table school_roles (
    school_id uuid not null,
    relation_id uuid not null,
    subject_id uuid not null,
    person_id uuid not null,
    role text not null,
    since date not null,
    until date,
    ended_on date,
    primary key (school_id, relation_id)
);

create index school_roles_person_id on school_roles (person_id);

comment on table school_roles is
'Who is administrator, principal or other staff of a school, and when; the subject is the school. Purge: rows of the subject or of person_id are deleted.';

create table school_groups (
    group_id uuid primary key,
    school_id uuid not null,
    subject_id uuid not null,
    version bigint not null,
    kind text not null,
    lookup bytea not null,
    sealed_name bytea not null
);

create index school_groups_school_id on school_groups (school_id);

create index school_groups_lookup on school_groups (lookup);

comment on table school_groups is
'Classes and teaching groups: sealed name, and a keyed hash of it to find by. The subject is the school. Purge: rows of the subject are deleted.';

create table templates (
    template_id uuid not null,
    template_version bigint not null,
    school_id uuid not null,
    subject_id uuid not null,
    version bigint not null,
    approved_at timestamptz,
    grades smallint [] not null,
    sealed bytea not null,
    primary key (template_id, template_version)
);

alter table templates alter column sealed set storage external;

create index templates_school_id on templates (school_id);

comment on table templates is
'Every version of every IUP template, sealed, and when it was approved. The subject is the school. Purge: rows of the subject are deleted.';

create table planning_documents (
    document_id uuid primary key,
    school_id uuid not null,
    subject_id uuid not null,
    version bigint not null,
    kind text not null,
    published_at timestamptz not null,
    sealed bytea not null
);

alter table planning_documents alter column sealed set storage external;

create index planning_documents_school_id on planning_documents (school_id);

comment on table planning_documents is
'Local plannings and criteria matrices in their latest version, sealed. The subject is the school. Purge: rows of the subject are deleted.';

-- A new generation of a read model: empty tables beside the live ones, and checkpoints of its own at the beginning of the feeds.
-- A generation that was begun before and never finished is thrown away.
create function begin_generation(of_projection text, new_generation uuid) returns void
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

-- The finished generation takes the place of the live one, checkpoints included, in the caller's transaction.
create function swap_generation(of_projection text, new_generation uuid) returns void
language plpgsql
security definer
set search_path from current
as $$
declare
    live text;
    names text [];
    shapes text [];
    fresh_index text;
begin
    if exists (
        select 1 from feeds as f
        left join projection_checkpoints as n
            on n.feed = f.feed and n.projection = of_projection || '__next' and n.generation = new_generation
        left join projection_checkpoints as l on l.feed = f.feed and l.projection = of_projection
        where n.feed is null or n.stopped_at is not null or n.position < l.position
    ) then
        raise exception using errcode = 'object_not_in_prerequisite_state', message = 'the generation is not finished';
    end if;
    for live in
        select t.table_name from projection_tables as t where t.projection = of_projection order by t.table_name
    loop
        names := array(
            select x.indexrelid::regclass::text from pg_index as x
            where x.indrelid = to_regclass(quote_ident(live)) order by x.indexrelid
        );
        shapes := array(
            select split_part(pg_get_indexdef(x.indexrelid), ' USING ', 2) from pg_index as x
            where x.indrelid = to_regclass(quote_ident(live)) order by x.indexrelid
        );
        execute format('drop table %I', live);
        execute format('alter table %I rename to %I', live || '__next', live);
        for i in 1 .. cardinality(names) loop
            select x.indexrelid::regclass::text into fresh_index from pg_index as x
            where
                x.indrelid = to_regclass(quote_ident(live))
                and split_part(pg_get_indexdef(x.indexrelid), ' USING ', 2) = shapes[i];
            execute format('alter index %s rename to %s', fresh_index, names[i]);
        end loop;
    end loop;
    update projection_checkpoints as l
    set
        position = n.position, generation = n.generation, moved_at = n.moved_at,
        stopped_at = null, stopped_position = null, stopped_kind = null, stopped_reason = null
    from projection_checkpoints as n
    where l.projection = of_projection and n.projection = of_projection || '__next' and n.feed = l.feed;
    delete from projection_checkpoints as c where c.projection = of_projection || '__next';
end;
$$;

comment on function swap_generation is
'Puts the rebuilt tables of a projection in the place of the live ones.';

-- Sessions: who a caller is.

create table sessions (
    session_hash bytea primary key check (octet_length(session_hash) = 32),
    subject_id uuid not null references subjects (subject_id),
    level smallint not null check (level between 1 and 3),
    provider text not null,
    terms text,
    began_at timestamptz not null,
    seen_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > began_at),
    surest_until timestamptz,
    mac bytea
);

create index sessions_subject_id on sessions (subject_id);

comment on table sessions is
'One row a session: the SHA-256 of its id, whose it is, how surely and by which provider the person was identified, until when level 3 counts as that (as 2 from then on), the terms accepted, when it ends, and a MAC over all but when it was seen and the terms: a row whose MAC the server did not make is no session. The id itself is never stored. A session that ended is deleted, one that ran out with the next sign-in. Purge: rows of the subject are deleted.';

-- Sign-ins on their way: what the browser must bring back from the provider.

create table sign_in_attempts (
    state_hash bytea primary key check (octet_length(state_hash) = 32),
    browser_hash bytea not null check (octet_length(browser_hash) = 32),
    subject_id uuid references subjects (subject_id),
    provider text not null,
    nonce text not null,
    verifier text not null,
    return_to text not null,
    stepping_up bytea check (octet_length(stepping_up) = 32),
    created_at timestamptz not null
);

create index sign_in_attempts_created_at on sign_in_attempts (created_at);

create index sign_in_attempts_subject_id on sign_in_attempts (subject_id);

comment on table sign_in_attempts is
'One row a sign-in that has not come back from its provider: hashes of its state and of the browser''s cookie, nonce, PKCE verifier, the local path to return to, and the session that is to become surer, if any. Deleted when it comes back, and after ten minutes. Purge: rows of the subject are deleted.';

-- API clients: the programs that may ask for tokens, and the assertions they have used.

create table clients (
    client_id uuid primary key,
    name text not null,
    public_key jsonb not null,
    scopes text [] not null check (cardinality(scopes) > 0),
    school_id uuid,
    purpose text not null,
    added_at timestamptz not null,
    revoked_at timestamptz
);

comment on table clients is
'One row a program: its name, its public key, its scopes, the school they are for and what it is for. Holds nothing of a pupil, and stays so that what a program did can be traced to it. Purge: kept.';

create table client_assertions (
    client_id uuid not null,
    assertion_hash bytea not null check (octet_length(assertion_hash) = 32),
    useless_at timestamptz not null,
    primary key (client_id, assertion_hash)
);

create index client_assertions_useless_at on client_assertions (useless_at);

comment on table client_assertions is
'One row an assertion that was used: the SHA-256 of its id, and when nobody could use it again anyway; deleted with the next assertion after that. Holds nothing of a subject. Purge: kept.';

-- The national syllabus as imported: each wording is kept for ever, because plans point at the wording they had.

create table syllabus_subjects (
    subject text primary key,
    name text not null,
    is_current boolean not null default true,
    imported_at timestamptz not null default now()
);

comment on table syllabus_subjects is
'One row a school subject of the national syllabus. Public text, nothing of a subject person; purge: kept.';

create table syllabus_items (
    subject text not null references syllabus_subjects (subject),
    years text not null,
    kind text not null check (kind in ('aim', 'content', 'criterion')),
    ordinal bigint not null check (ordinal > 0),
    version text not null check (version ~ '^[0-9a-f]{64}$'),
    wording text not null,
    label text not null default '',
    is_current boolean not null default true,
    imported_at timestamptz not null default now(),
    primary key (subject, years, kind, ordinal, version)
);

comment on table syllabus_items is
'One row a wording of a syllabus item; version is the SHA-256 of the wording, at most one wording a place is current. Public text; purge: kept.';

create unique index syllabus_items_current on syllabus_items (subject, years, kind, ordinal) where is_current;

-- Pictures of people. Their SHA-256 stands sealed in the event and not here: it would confirm a guess at a picture.

create table attachments (
    attachment_id uuid primary key,
    subject_id uuid not null references subjects (subject_id),
    size bigint not null check (size > 0),
    sealed bytea not null,
    created_at timestamptz not null default now()
);

alter table attachments alter column sealed set storage external;

create index attachments_subject_id on attachments (subject_id);

comment on table attachments is
'Pictures, sealed under the key of the person they show; an event of the person names each. Purge: rows of the subject are deleted.';

-- Who has looked at whose file, and a second wall before the read models: row-level security.

-- Every look at a pupil's file, by month. Added to and never changed; the application has no right to.
create table access_record (
    subject_id uuid not null references subjects (subject_id),
    recorded_at timestamptz not null default now(),
    record_id uuid not null,
    student_id uuid not null,
    part text not null,
    role text not null,
    level smallint not null,
    correlation_id uuid not null,
    sealed bytea not null,
    primary key (subject_id, recorded_at, record_id)
) partition by range (recorded_at);

comment on table access_record is
'Every look at a pupil''s file: which part, in which role, when, how surely identified; who and why is sealed under the pupil''s key. Months past the time set for the record are dropped whole. Purge: rows of the subject are deleted.';

create table access_record_unplaced partition of access_record default;

comment on table access_record_unplaced is
'Looks of a month that has no partition yet: the worker tells of them and moves them. Purge: as access_record.';

-- Sees that this month and those that follow have their partitions; answers how many looks had been left unplaced.
create function place_access_record(from_day date, months integer) returns bigint
language plpgsql
security definer
set search_path from current
as $$
declare
    first_day date;
    fresh text;
    moved bigint;
    unplaced bigint := 0;
begin
    for ahead in 0 .. months loop
        first_day := (date_trunc('month', from_day) + make_interval(months => ahead))::date;
        fresh := 'access_record_' || to_char(first_day, 'YYYY_MM');
        continue when to_regclass(quote_ident(fresh)) is not null;
        execute format('create table %I (like access_record including all)', fresh);
        execute format(
            'comment on table %I is %L', fresh, 'Looks at pupils'' files in one month. Purge: as access_record.'
        );
        execute format(
            'with moved as (delete from access_record_unplaced where recorded_at >= %L and recorded_at < %L returning *) '
            'insert into %I select * from moved',
            first_day::timestamp at time zone 'UTC',
            (first_day + interval '1 month') at time zone 'UTC',
            fresh
        );
        get diagnostics moved = row_count;
        unplaced := unplaced + moved;
        execute format(
            'alter table access_record attach partition %I for values from (%L) to (%L)',
            fresh,
            first_day::timestamp at time zone 'UTC',
            (first_day + interval '1 month') at time zone 'UTC'
        );
    end loop;
    return unplaced + (select count(*) from access_record_unplaced);
end;
$$;

comment on function place_access_record is
'Makes the partitions of the access record for coming months, and moves what came before its month had one.';

-- Drops the months of the record that ended before a day; answers how many.
create function drop_access_record(before_day date) returns integer
language plpgsql
security definer
set search_path from current
as $$
declare
    month text;
    dropped integer := 0;
begin
    for month in
        select c.relname from pg_inherits as i inner join pg_class as c on c.oid = i.inhrelid
        where i.inhparent = 'access_record'::regclass and c.relname ~ '^access_record_\d{4}_\d{2}$'
        order by c.relname
    loop
        if to_date(right(month, 7), 'YYYY_MM') + interval '1 month' <= before_day then
            execute format('drop table %I', month);
            dropped := dropped + 1;
        end if;
    end loop;
    return dropped;
end;
$$;

comment on function drop_access_record is
'Drops whole months of the access record that ended before a day.';

-- The second wall. Each query of the application says for whom it is made, for its own transaction alone: `liggare.reader`
-- is a person or program, `liggare.on` the day there, `liggare.school` the one school of a program; or `liggare.part` is
-- `system` for what folds, imports and decides. A query that says nothing finds nothing, whatever it asks for.

create function reader() returns uuid
language sql
stable
as $$ select nullif(current_setting('liggare.reader', true), '')::uuid $$;

comment on function reader is
'For whom the query is made; null where it does not say.';

create function reading_on() returns date
language sql
stable
as $$ select nullif(current_setting('liggare.on', true), '')::date $$;

comment on function reading_on is
'The day on which the query is made, where the schools are.';

create function is_system() returns boolean
language sql
stable
as $$ select coalesce(current_setting('liggare.part', true), '') = 'system' $$;

comment on function is_system is
'Whether the query is made by what folds, imports or decides, and not for a reader.';

create function stands_for() returns uuid
language sql
stable
as $$ select nullif(current_setting('liggare.stands', true), '')::uuid $$;

comment on function stands_for is
'The pupil whose file still_stands has just found that the query''s reader may read; null for none.';

create function holds(since date, until date, ended_on date) returns boolean
language sql
stable
as $$
    select since <= nullif(current_setting('liggare.on', true), '')::date
        and (until is null or until >= nullif(current_setting('liggare.on', true), '')::date)
        and (ended_on is null or ended_on > nullif(current_setting('liggare.on', true), '')::date)
$$;

comment on function holds is
'Whether a relation or a part at a school gives anything on the day of the query.';

-- Whether the pupil's identity is protected from the reader, who is neither the pupil nor named (an emergency apart).
create function is_hidden(in_student uuid) returns boolean
language plpgsql
stable
security definer
set search_path from current
as $$
begin
    return exists (
        select 1 from students as s
        where
            s.student_id = in_student and s.is_protected and s.person_id is distinct from reader()
            and not exists (
                select 1 from protected_readers as p where p.student_id = s.student_id and p.person_id = reader()
            )
    );
end;
$$;

comment on function is_hidden is
'Whether the identity of the pupil is protected from the reader.';

-- Whether the reader is involved in the pupil's learning, or is the one school's program: who reads the file (S-ROL-10).
create function reads_student(in_student uuid) returns boolean
language plpgsql
stable
security definer
set search_path from current
as $$
begin
    return exists (
        select 1 from students as s
        where
            s.student_id = in_student
            and (
                exists (
                    select 1 from relations as r
                    where
                        r.student_id = in_student and r.person_id = reader() and holds(r.since, r.until, r.ended_on)
                        and (r.expires_at is null or r.expires_at > now())
                        and (not s.is_protected or r.role = 'pupil' or r.expires_at is not null)
                )
                or (
                    (
                        not s.is_protected
                        or exists (
                            select 1 from protected_readers as p
                            where p.student_id = in_student and p.person_id = reader()
                        )
                    )
                    and (
                        s.school_id = nullif(current_setting('liggare.school', true), '')::uuid
                        or exists (
                            select 1 from school_roles as r
                            where
                                r.school_id = s.school_id and r.person_id = reader() and r.role <> 'staff'
                                and holds(r.since, r.until, r.ended_on)
                        )
                        or exists (
                            select 1 from relations as r
                            where
                                r.student_id = in_student and r.person_id = reader()
                                and holds(r.since, r.until, r.ended_on)
                                and (r.expires_at is null or r.expires_at > now())
                        )
                    )
                )
            )
    );
end;
$$;

comment on function reads_student is
'Whether the reader may read the pupil''s file today.';

-- Whether the reader has any part at the school: staff of it see its pupils' names and who else works there (S-ROL-7).
create function works_at(in_school uuid) returns boolean
language plpgsql
stable
security definer
set search_path from current
as $$
begin
    return exists (
        select 1 from school_roles as r
        where r.person_id = reader() and r.school_id = in_school and holds(r.since, r.until, r.ended_on)
    );
end;
$$;

comment on function works_at is
'Whether the reader has a part at the school today.';

-- Whether the reader, or a child whose guardian the reader is, is in a group with the pupil (S-SET-5).
create function shares_group(in_student uuid) returns boolean
language plpgsql
stable
security definer
set search_path from current
as $$
begin
    return exists (
        select 1 from relations as r
        inner join group_members as own on own.student_id = r.student_id and own.left_on is null
        inner join group_members as other on other.group_id = own.group_id and other.left_on is null
        where
            r.person_id = reader() and r.role in ('pupil', 'guardian') and holds(r.since, r.until, r.ended_on)
            and other.student_id = in_student
    );
end;
$$;

comment on function shares_group is
'Whether the reader, or the reader''s child, is in a group with the pupil now.';

-- Whether the reader may know that the pupil is there: who reads the file, works at the school, or shares a group.
create function meets_student(in_student uuid) returns boolean
language plpgsql
stable
security definer
set search_path from current
as $$
begin
    return reads_student(in_student)
    or (
        (
            exists (select 1 from students as s where s.student_id = in_student and works_at(s.school_id))
            or shares_group(in_student)
        )
        and not is_hidden(in_student)
    );
end;
$$;

comment on function meets_student is
'Whether the reader may know of the pupil today.';

-- Whether the reader may know of a person: oneself, for staff anybody, and those around the pupils of one's own groups.
create function knows_person(in_person uuid) returns boolean
language plpgsql
stable
security definer
set search_path from current
as $$
begin
    return in_person = reader()
    or (
        (
            exists (
                select 1 from school_roles as r where r.person_id = reader() and holds(r.since, r.until, r.ended_on)
            )
            or exists (
                select 1 from relations as r
                where
                    r.person_id = reader() and r.role in ('teacher', 'mentor', 'educator')
                    and holds(r.since, r.until, r.ended_on)
            )
            or exists (
                select 1 from relations as r
                where
                    r.person_id = in_person and holds(r.since, r.until, r.ended_on)
                    and meets_student(r.student_id)
            )
        )
        and not exists (select 1 from students as s where s.person_id = in_person and is_hidden(s.student_id))
    );
end;
$$;

comment on function knows_person is
'Whether the reader may know of the person today.';

-- All of them but what is a school's own and about nobody: who folds comes in, whoever else comes for a reader.
do $$
declare
    walled text;
begin
    for walled in
        select t.table_name from projection_tables as t
        where t.table_name not in ('schools', 'school_groups', 'templates', 'planning_documents')
        union all
        select 'notice_openings'
    loop
        execute format('alter table %I enable row level security', walled);
        execute format('create policy all_for_system on %I to liggare_app using (is_system())', walled);
        execute format('create policy all_for_others on %I to liggare_purge, liggare_read using (true)', walled);
    end loop;
end;
$$;

create policy read_by_involved on overview for select to liggare_app
using (student_id = stands_for() or reads_student(student_id));

create policy read_by_recipient on notices for select to liggare_app using (recipient_id = reader());

create policy opened_by_recipient on notice_openings to liggare_app using (recipient_id = reader());

create policy read_by_acquainted on persons for select to liggare_app using (knows_person(person_id));

create policy read_by_acquainted on picture_choices for select to liggare_app
using (person_id = reader() or knows_person(of_person_id));

create policy read_by_acquainted on students for select to liggare_app using (meets_student(student_id));

create policy read_by_involved on relations for select to liggare_app
using (person_id = reader() or meets_student(student_id));

create policy read_by_involved on protected_readers for select to liggare_app
using (person_id = reader() or reads_student(student_id));

create policy read_by_acquainted on group_members for select to liggare_app using (meets_student(student_id));

create policy read_by_staff on school_roles for select to liggare_app
using (person_id = reader() or works_at(school_id));

alter table access_record enable row level security;

create policy added_for_anybody on access_record for insert to liggare_app with check (true);

create policy all_for_system on access_record for select to liggare_app using (is_system());

create policy read_by_involved on access_record for select to liggare_app using (reads_student(student_id));

create policy all_for_others on access_record to liggare_purge, liggare_read using (true);

alter table attachments enable row level security;

create policy all_for_system on attachments to liggare_app using (is_system());

create policy read_by_acquainted on attachments for select to liggare_app using (knows_person(subject_id));

create policy all_for_others on attachments to liggare_purge using (true);

-- What a person is to a pupil and the pupil's school, as one text: without subjects, on which no right to look depends.
create function standing_towards(in_person uuid, in_student uuid) returns text
language plpgsql
stable
security definer
set search_path from current
as $$
begin
    return (
        select
            jsonb_build_array(
                s.school_id,
                (
                    select jsonb_agg(
                        jsonb_build_array(r.relation_id, r.role, r.since, r.until, r.ended_on, r.expires_at)
                        order by r.since, r.relation_id
                    )
                    from relations as r
                    where r.student_id = s.student_id and r.person_id = in_person
                ),
                (
                    select jsonb_agg(
                        jsonb_build_array(r.relation_id, r.role, r.since, r.until, r.ended_on)
                        order by r.since, r.relation_id
                    )
                    from school_roles as r
                    where r.school_id = s.school_id and r.person_id = in_person
                ),
                s.is_protected,
                exists (
                    select 1 from protected_readers as p where p.student_id = s.student_id and p.person_id = in_person
                )
            )
        from students as s
        where s.student_id = in_student
    )::text;
end;
$$;

comment on function standing_towards is
'What a person is to a pupil and to the pupil''s school, ended and coming relations included.';

-- Whether what a right to read was decided on is still so: the session, the relation or part at the school, and the
-- protection. Answers when the session was last seen, null where it is not so. Whoever passes here has passed the wall:
-- `liggare.stands` names the one pupil of whom this is found, for this transaction.
create function still_stands(
    in_session bytea,
    in_now timestamptz,
    in_seen_after timestamptz,
    in_level smallint,
    in_terms text,
    in_person uuid,
    in_on date,
    in_student uuid,
    in_subject uuid,
    in_school uuid,
    in_protected boolean,
    in_named boolean,
    in_relation uuid,
    in_role text
) returns timestamptz
language plpgsql
security definer
set search_path from current
as $$
declare
    found_at timestamptz;
begin
    select t.seen_at into found_at
    from sessions as t
    inner join students as s on s.student_id = in_student
    where
        t.session_hash = in_session and t.subject_id = in_person
        and case when t.surest_until <= in_now then 2 else t.level end = in_level
        and t.terms is not distinct from in_terms and t.ends_at > in_now and t.seen_at > in_seen_after
        and s.subject_id = in_subject and s.school_id = in_school and s.is_protected = in_protected
        and (
            not in_protected
            or in_named = exists (
                select 1 from protected_readers as p where p.student_id = in_student and p.person_id = in_person
            )
        )
        and (
            exists (
                select 1 from relations as r
                where
                    r.student_id = in_student and r.relation_id = in_relation and r.person_id = in_person
                    and r.role = in_role and r.since <= in_on and (r.until is null or r.until >= in_on)
                    and (r.ended_on is null or r.ended_on > in_on) and (r.expires_at is null or r.expires_at > in_now)
            )
            or exists (
                select 1 from school_roles as r
                where
                    r.school_id = in_school and r.relation_id = in_relation and r.person_id = in_person
                    and r.role = in_role and r.since <= in_on and (r.until is null or r.until >= in_on)
                    and (r.ended_on is null or r.ended_on > in_on)
            )
        );
    if found then
        perform set_config('liggare.stands', in_student::text, true);
    end if;
    return found_at;
end;
$$;

comment on function still_stands is
'Whether a right to read a pupil''s file still rests on what it was decided on, and for this transaction, that it does.';

-- The newest overview of a pupil and the look at it, for a reader whose right was decided on this session and relation.
-- Outcomes: read; no_plan; changed, where it rests on something that is not so any more: then nothing is shown or recorded.
create function read_overview(
    in_session bytea,
    in_now timestamptz,
    in_seen_after timestamptz,
    in_level smallint,
    in_terms text,
    in_person uuid,
    in_on date,
    in_school uuid,
    in_protected boolean,
    in_named boolean,
    in_relation uuid,
    in_subject uuid,
    in_record uuid,
    in_student uuid,
    in_part text,
    in_role text,
    in_correlation uuid,
    in_sealed bytea,
    in_commit text,
    out outcome text,
    out out_seen_at timestamptz,
    out out_plan uuid,
    out out_version bigint,
    out out_changed_at timestamptz,
    out out_sealed bytea
)
language plpgsql
as $$
begin
    out_seen_at := still_stands(
        in_session, in_now, in_seen_after, in_level, in_terms, in_person, in_on, in_student, in_subject, in_school,
        in_protected, in_named, in_relation, in_role
    );
    if out_seen_at is null then
        outcome := 'changed';
        return;
    end if;
    select o.plan_id, o.version, o.changed_at, o.sealed
    into out_plan, out_version, out_changed_at, out_sealed
    from overview as o
    where o.newest and o.student_id = in_student;
    if not found then
        outcome := 'no_plan';
        return;
    end if;
    perform set_config('synchronous_commit', in_commit, true);
    insert into access_record (subject_id, record_id, student_id, part, role, level, correlation_id, sealed)
    values (in_subject, in_record, in_student, in_part, in_role, in_level, in_correlation, in_sealed);
    outcome := 'read';
end;
$$;

comment on function read_overview is
'Reads the newest overview and puts the look at it on record, in one statement.';

-- Drafts: what an author has typed on a page of a plan and not saved (G-11).

create table drafts (
    person_id uuid not null references subjects (subject_id),
    plan_id uuid not null,
    field_hash bytea not null check (octet_length(field_hash) = 32),
    subject_id uuid not null references subjects (subject_id),
    saved_at timestamptz not null,
    useless_at timestamptz not null,
    sealed bytea not null,
    primary key (person_id, plan_id, field_hash)
);

create index drafts_subject_id on drafts (subject_id);

create index drafts_useless_at on drafts (useless_at);

comment on table drafts is
'One row a field that an author has typed in and not saved: which, by a keyed hash, and the text, sealed under the key of the pupil it is about; deleted at save and when useless. Purge: rows of the subject or of person_id are deleted.';

alter table drafts enable row level security;

create policy kept_by_author on drafts to liggare_app using (person_id = reader());

create policy swept_by_system on drafts to liggare_app using (is_system());

create policy all_for_others on drafts to liggare_purge using (true);

-- The tree over all events (transparency): which leaf is which event, its tiles, its head, and what was signed of it.
-- The application can make the tree longer, and nothing else: what has a leaf keeps it.

create table tree_head (
    id smallint primary key default 1 check (id = 1),
    size bigint not null,
    root bytea not null
) with (fillfactor = 10);

comment on table tree_head is
'One row: how many leaves the tree has, and its root. Locked by who makes it longer, never by an append. Holds nothing of a subject; purge: kept.';

-- The root of a tree without leaves is the hash of nothing.
insert into tree_head (size, root) values (0, sha256(''));

create table tree_runs (
    first_leaf bigint primary key,
    feed smallint not null,
    first_position bigint not null,
    count bigint not null,
    unique (feed, first_position)
);

comment on table tree_runs is
'Which leaves are which positions of which feed: a run of both. Holds nothing of a subject; purge: kept.';

create table tree_tiles (
    level smallint not null,
    index bigint not null,
    hashes bytea not null,
    primary key (level, index)
) with (fillfactor = 70);

alter table tree_tiles alter column hashes set storage external;

comment on table tree_tiles is
'The hashes of the tree, 256 to a tile; the last of a level grows. A leaf''s hash confirms no guess, since its event''s commitment is random. Holds nothing of a subject; purge: kept.';

create table checkpoints (
    size bigint primary key,
    note bytea not null,
    signed_at timestamptz not null
);

comment on table checkpoints is
'What the notary has signed: size and root of the tree, as a note. Holds nothing of a subject; purge: kept.';

create table cosignatures (
    size bigint not null references checkpoints (size),
    witness text not null,
    line text not null,
    received_at timestamptz not null default now(),
    primary key (size, witness)
);

comment on table cosignatures is
'What witnesses have signed of a checkpoint: a line of the note from each. Holds nothing of a subject; purge: kept.';

-- Whoever makes the tree longer takes its head first, and has it until the transaction ends.
create function lock_tree(out out_size bigint, out out_root bytea)
language plpgsql
security definer
set search_path from current
as $$
begin
    select h.size, h.root into out_size, out_root from tree_head as h for update;
end;
$$;

comment on function lock_tree is 'Takes the head of the tree for the rest of the transaction.';

-- Makes the tree longer by runs of positions that follow those that have leaves. A tile begins with what it was.
create function extend_tree(
    in_size bigint,
    run_feeds smallint [],
    run_positions bigint [],
    run_counts bigint [],
    tile_levels smallint [],
    tile_indexes bigint [],
    tile_hashes bytea [],
    in_root bytea
) returns void
language plpgsql
security definer
set search_path from current
as $$
declare
    leaves bigint;
    numbered bigint;
    held bytea;
begin
    select h.size into leaves from tree_head as h for update;
    if leaves <> in_size or octet_length(in_root) <> 32 then
        raise exception using errcode = 'check_violation', message = 'the tree is not so long';
    end if;
    for place in 1 .. cardinality(run_feeds) loop
        select r.first_position + r.count - 1 into numbered from tree_runs as r
        where r.feed = run_feeds[place] order by r.first_position desc limit 1;
        if
            run_counts[place] < 1 or run_positions[place] <> coalesce(numbered, 0) + 1
            or not exists (
                select 1 from feeds as f
                where f.feed = run_feeds[place] and f.last >= run_positions[place] + run_counts[place] - 1
            )
        then
            raise exception using errcode = 'check_violation', message = 'a run does not follow its feed';
        end if;
        insert into tree_runs (first_leaf, feed, first_position, count)
        values (leaves, run_feeds[place], run_positions[place], run_counts[place]);
        leaves := leaves + run_counts[place];
    end loop;
    for place in 1 .. cardinality(tile_levels) loop
        select t.hashes into held from tree_tiles as t
        where t.level = tile_levels[place] and t.index = tile_indexes[place];
        if
            substring(tile_hashes[place] from 1 for coalesce(octet_length(held), 0)) <> coalesce(held, '')
            or octet_length(tile_hashes[place]) % 32 <> 0 or octet_length(tile_hashes[place]) not between 32 and 8192
        then
            raise exception using errcode = 'check_violation', message = 'a tile does not go on from what it was';
        end if;
        insert into tree_tiles (level, index, hashes)
        values (tile_levels[place], tile_indexes[place], tile_hashes[place])
        on conflict (level, index) do update set hashes = excluded.hashes;
    end loop;
    update tree_head set size = leaves, root = in_root;
end;
$$;

comment on function extend_tree is
'The only way to make the tree longer: leaves for the next positions of feeds, and the tiles that grew; changes none that was there.';

-- Retention: what a disposal run is to destroy, what is destroyed, and the certificates of it.

create table erased_subjects (
    mark bytea primary key,
    erased_at timestamptz not null default now(),
    lapses_on date not null
);

comment on table erased_subjects is
'One row a subject that was destroyed: a keyed hash of its id, until no copy of its key opens any more. Holds no id. Purge: kept.';

create table former_subjects (
    mark bytea primary key
);

comment on table former_subjects is
'One row a subject that was destroyed, from the day on which its id is refused no more: the keyed hash by which read models still leave out a person whom files of others name. Holds no id. Purge: kept.';

-- The statistics of a table hold values of its columns, ids among them, until they are taken anew.
create function retake_statistics(of_table text) returns void
language plpgsql
security definer
set search_path from current
as $$
begin
    execute format('analyze %I', of_table);
end;
$$;

comment on function retake_statistics is
'Takes the planner''s statistics of one table anew, so that they hold no values of rows that are gone.';

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

-- What retention asks of all files at once, and the runs there are: a read model like the others.

create table file_retention (
    student_id uuid primary key,
    subject_id uuid not null,
    ended_on date,
    ended_cause text,
    holds smallint not null default 0,
    reviewed_schedule uuid,
    reviewed_outcome text,
    reviewed_until date
) with (fillfactor = 90);

create index file_retention_ended_on on file_retention (ended_on, student_id) where ended_on is not null;

create index file_retention_subject_id on file_retention (subject_id);

create index file_retention_held on file_retention (student_id) where holds > 0;

comment on table file_retention is
'Of each pupil whose schooling has ended or whose file is held: when and why it ended, how many holds there are, what a review decided. Purge: rows of the subject are deleted.';

create table disposal_runs (
    run_id uuid primary key,
    version bigint not null,
    state text not null,
    as_of date not null,
    lapses_on date not null,
    items bigint not null,
    planned_at timestamptz not null
);

create index disposal_runs_planned_at on disposal_runs (planned_at, run_id);

comment on table disposal_runs is
'Each disposal run: when it was planned, how far it has come. Holds nothing of a subject; purge: kept.';

insert into projection_tables (projection, table_name) values
('due', 'file_retention'),
('due', 'disposal_runs');

insert into projection_checkpoints (projection, feed)
select 'due', f.feed from feeds as f;

alter table file_retention enable row level security;

create policy all_for_system on file_retention to liggare_app using (is_system());

create policy all_for_others on file_retention to liggare_purge, liggare_read using (true);

alter table disposal_runs enable row level security;

create policy all_for_system on disposal_runs to liggare_app using (is_system());

create policy all_for_others on disposal_runs to liggare_purge, liggare_read using (true);
