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
('archived_plans', 'archived_plans'),
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
    place text not null,
    kind text not null,
    version bigint not null,
    noticed_at timestamptz not null,
    sealed bytea not null
);

create index notices_recipient_id on notices (recipient_id);

create index notices_subject_id on notices (subject_id);

comment on table notices is
'One row for each recipient and place: the latest that happened there. Purge: rows of the subject, and of the recipient, are deleted.';

create table notice_openings (
    notice_id uuid primary key,
    recipient_id uuid not null,
    subject_id uuid not null,
    version bigint not null,
    opened_at timestamptz not null default now()
);

create index notice_openings_recipient_id on notice_openings (recipient_id);

create index notice_openings_subject_id on notice_openings (subject_id);

comment on table notice_openings is
'Up to which version each recipient has opened each notice; kept through rebuilds. Purge: rows of the subject, and of the recipient, are deleted.';

create table archived_plans (
    plan_id uuid primary key,
    student_id uuid not null,
    subject_id uuid not null,
    started_at timestamptz not null,
    archived_at timestamptz not null,
    archived_version bigint not null,
    archived_for uuid not null,
    sealed_summary bytea not null,
    sealed bytea not null
);

alter table archived_plans alter column sealed set storage external;

create index archived_plans_student_id on archived_plans (student_id);

create index archived_plans_subject_id on archived_plans (subject_id);

comment on table archived_plans is
'Each plan as it stood when it was archived, whole and sealed. Purge: rows of the subject are deleted.';

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
'Each person known to the ledger: sealed name, contact details and what the person says of oneself. Purge: rows of the subject are deleted.';

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
'Whom a roster means by an id: a keyed hash to find by, and the sealed id. Purge: rows of the subject are deleted.';

create table sign_in_identifiers (
    identifier_id uuid primary key,
    lookup bytea not null,
    person_id uuid not null,
    subject_id uuid not null
);

create index sign_in_identifiers_lookup on sign_in_identifiers (lookup);

create index sign_in_identifiers_subject_id on sign_in_identifiers (subject_id);

comment on table sign_in_identifiers is
'By which identifiers a person signs in: a keyed hash to find by, never the identifier. Purge: rows of the subject are deleted.';

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
'Who chose to show whose picture to class-mates. Purge: rows of the subject, and of the pictured person, are deleted.';

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
    is_protected boolean not null default false
);

create index students_school_id on students (school_id);

create index students_subject_id on students (subject_id);

comment on table students is
'Each pupil: school, year, end of schooling, sealed name. The subject is the pupil as a person. Purge: rows of the subject are deleted.';

create table protected_readers (
    student_id uuid not null,
    person_id uuid not null,
    subject_id uuid not null,
    primary key (student_id, person_id)
);

create index protected_readers_person_id on protected_readers (person_id);

create index protected_readers_subject_id on protected_readers (subject_id);

comment on table protected_readers is
'Who beside the pupil sees a pupil whose identity is protected. Purge: rows of the subject are deleted.';

create table relations (
    student_id uuid not null,
    relation_id uuid not null,
    subject_id uuid not null,
    person_id uuid not null,
    role text not null,
    since date not null,
    until date,
    ended_on date,
    subjects text [] not null,
    sealed_name bytea not null,
    delegated_by uuid,
    expires_at timestamptz,
    primary key (student_id, relation_id)
);

create index relations_person_id on relations (person_id, student_id);

create index relations_subject_id on relations (subject_id);

comment on table relations is
'Who is what to which pupil, and when; the pupil''s own relation included. Purge: rows of the subject are deleted.';

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
'Who is administrator, principal or other staff of a school, and when; the subject is the school. Purge: rows of the subject are deleted.';

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
    subject text not null,
    grades smallint [] not null,
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
