-- A pupil's file is a subject of its own, so that it can be destroyed while the pupil's account lives on as somebody else's.
-- squawk-ignore-file require-concurrent-index-creation, adding-not-nullable-field

-- A rebuild that is going on fills tables of the old shape: it is to find itself superseded.
delete from projection_checkpoints where projection = 'directory__next';

-- Until now the subject was the pupil as a person.
alter table students add column person_id uuid;

update students set person_id = subject_id;

alter table students alter column person_id set not null;

create index students_person_id on students (person_id);

comment on table students is
'Each pupil: school, year, end of schooling, sealed name. The subject is the pupil''s file. Purge: rows of the subject are deleted.';

-- Whether the pupil's identity is protected from the reader, who is neither the pupil nor named (an emergency apart).
create or replace function is_hidden(in_student uuid) returns boolean
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

-- Whether the reader may know of a person: oneself, for staff anybody, and those around the pupils of one's own groups.
create or replace function knows_person(in_person uuid) returns boolean
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

-- What a person is to a pupil and the pupil's school, as one text.
create or replace function standing_towards(in_person uuid, in_student uuid) returns text
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
