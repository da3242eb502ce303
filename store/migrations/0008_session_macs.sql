-- Sessions that nobody but the server can make, and a highest level that is soon over. Those in place end: they have no MAC.

delete from sessions;

alter table sessions add column surest_until timestamptz;

alter table sessions add column mac bytea;

comment on table sessions is
'One row a session: the SHA-256 of its id, whose it is, how surely and by which provider the person was identified, until when level 3 counts as that (as 2 from then on), the terms accepted, when it ends, and a MAC over all but when it was seen and the terms: a row whose MAC the server did not make is no session. The id itself is never stored. A session that ended is deleted, one that ran out with the next sign-in. Purge: rows of the subject are deleted.';

-- Whether what a right to read was decided on is still so: the session, the relation or part at the school, and the
-- protection. Answers when the session was last seen, null where it is not so. Whoever passes here has passed the wall:
-- `liggare.stands` names the one pupil of whom this is found, for this transaction.
create or replace function still_stands(
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
