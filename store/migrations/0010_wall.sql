-- The second wall: what was opened for some hours is closed there too when they are over, and pictures stand behind it.

-- Whether the reader is involved in the pupil's learning, or is the one school's program: who reads the file (S-ROL-10).
create or replace function reads_student(in_student uuid) returns boolean
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

alter table attachments enable row level security;

create policy all_for_system on attachments to liggare_app using (is_system());

create policy read_by_acquainted on attachments for select to liggare_app using (knows_person(subject_id));

create policy all_for_others on attachments to liggare_purge using (true);
