-- Who has looked at whose file, and a second wall before the read models: row-level security.

-- Every look at a pupil's file, by month. Added to and never changed; the application has no right to.
create table access_record (
    subject_id uuid not null,
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
'Every look at a pupil''s file: which part, in which role, when, how surely identified; who and why is sealed under the pupil''s key. Purge: rows of the subject are deleted; months past the time set for the record are dropped whole.';

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
            s.student_id = in_student and s.is_protected and s.subject_id is distinct from reader()
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
        and not exists (select 1 from students as s where s.subject_id = in_person and is_hidden(s.student_id))
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

create policy read_by_involved on archived_plans for select to liggare_app using (reads_student(student_id));

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

-- What a person is to a pupil and the pupil's school, as one text.
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
                s.subject_id,
                s.school_id,
                (
                    select jsonb_agg(
                        jsonb_build_array(r.relation_id, r.role, r.since, r.until, r.ended_on, r.subjects, r.expires_at)
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
        t.session_hash = in_session and t.subject_id = in_person and t.level = in_level
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
