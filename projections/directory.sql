-- Folding: each row is fed by one kind of stream only, since the order between streams of different feeds is undefined.

-- name: load_persons
select
    person_id, subject_id, version, sealed_name, sealed_contact, sealed_email, sealed_description, picture_id,
    shows_contact, theme
from {persons} where person_id = any(%b);

-- name: save_persons
insert into {persons} (
    person_id, subject_id, version, sealed_name, sealed_contact, sealed_email, sealed_description, picture_id,
    shows_contact, theme
)
select * from unnest(
    %b::uuid[], %b::uuid[], %b::bigint[], %b::bytea[], %b::bytea[], %b::bytea[], %b::bytea[], %b::uuid[],
    %b::boolean[], %b::text[]
)
on conflict (person_id) do update set
    version = excluded.version, sealed_name = excluded.sealed_name, sealed_contact = excluded.sealed_contact,
    sealed_email = excluded.sealed_email, sealed_description = excluded.sealed_description,
    picture_id = excluded.picture_id, shows_contact = excluded.shows_contact, theme = excluded.theme;

-- name: save_sign_in_identifiers
insert into {sign_in_identifiers} (identifier_id, lookup, person_id, subject_id)
select * from unnest(%b::uuid[], %b::bytea[], %b::uuid[], %b::uuid[])
on conflict (identifier_id) do nothing;

-- name: remove_sign_in_identifiers
delete from {sign_in_identifiers} where identifier_id = any(%b);

-- name: save_roster_identities
insert into {roster_identities} (lookup, person_id, subject_id, sealed)
select * from unnest(%b::bytea[], %b::uuid[], %b::uuid[], %b::bytea[])
on conflict (lookup, person_id) do nothing;

-- name: save_picture_choices
insert into {picture_choices} (person_id, of_person_id, subject_id, visible_to_class)
select * from unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::boolean[])
on conflict (person_id, of_person_id) do update set visible_to_class = excluded.visible_to_class;

-- name: load_students
select student_id, subject_id, person_id, school_id, version, grade, enrolled_on, ended_on, ended_cause, sealed_name,
    is_protected
from {students} where student_id = any(%b);

-- name: save_students
insert into {students} (
    student_id, subject_id, person_id, school_id, version, grade, enrolled_on, ended_on, ended_cause, sealed_name,
    is_protected
)
select * from unnest(
    %b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[], %b::bigint[], %b::smallint[], %b::date[], %b::date[], %b::text[],
    %b::bytea[], %b::boolean[]
)
on conflict (student_id) do update set
    school_id = excluded.school_id, version = excluded.version, grade = excluded.grade,
    ended_on = excluded.ended_on, ended_cause = excluded.ended_cause, sealed_name = excluded.sealed_name,
    is_protected = excluded.is_protected;

-- name: forget_protected_readers
delete from {protected_readers} where student_id = any(%b);

-- name: save_protected_readers
insert into {protected_readers} (student_id, person_id, subject_id)
select * from unnest(%b::uuid[], %b::uuid[], %b::uuid[]);

-- name: save_relations
insert into {relations} (
    student_id, relation_id, subject_id, person_id, role, since, until, ended_on, sealed_subjects, delegated_by,
    expires_at
)
select * from unnest(
    %b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::date[], %b::date[], %b::date[], %b::bytea[],
    %b::uuid[], %b::timestamptz[]
)
on conflict (student_id, relation_id) do update set
    person_id = excluded.person_id, role = excluded.role, since = excluded.since, until = excluded.until,
    ended_on = excluded.ended_on, sealed_subjects = excluded.sealed_subjects, delegated_by = excluded.delegated_by,
    expires_at = excluded.expires_at;

-- name: end_relations
update {relations} as r
set ended_on = least(r.ended_on, e.ended_on)
from (
    select d.student_id, d.relation_id, min(w.ended_on) as ended_on
    from unnest(%b::uuid[], %b::uuid[], %b::date[]) as w (student_id, relation_id, ended_on)
    inner join {relations} as d
        on d.student_id = w.student_id and (d.relation_id = w.relation_id or d.delegated_by = w.relation_id)
    group by d.student_id, d.relation_id
) as e
where r.student_id = e.student_id and r.relation_id = e.relation_id;

-- name: save_group_members
insert into {group_members} (student_id, group_id, subject_id, joined_on, left_on)
select * from unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::date[], %b::date[])
on conflict (student_id, group_id) do update set joined_on = excluded.joined_on, left_on = excluded.left_on;

-- name: leave_groups
update {group_members} as m
set left_on = w.left_on
from unnest(%b::uuid[], %b::uuid[], %b::date[]) as w (student_id, group_id, left_on)
where m.student_id = w.student_id and m.group_id = w.group_id;

-- name: load_schools
select school_id, subject_id, version, settings::text, sealed_name from {schools} where school_id = any(%b);

-- name: save_schools
insert into {schools} (school_id, subject_id, version, settings, sealed_name)
select s.school_id, s.subject_id, s.version, s.settings::jsonb, s.sealed_name
from unnest(%b::uuid[], %b::uuid[], %b::bigint[], %b::text[], %b::bytea[])
    as s (school_id, subject_id, version, settings, sealed_name)
on conflict (school_id) do update set
    version = excluded.version, settings = excluded.settings, sealed_name = excluded.sealed_name;

-- name: save_school_roles
insert into {school_roles} (school_id, relation_id, subject_id, person_id, role, since, until, ended_on)
select * from unnest(
    %b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::date[], %b::date[], %b::date[]
)
on conflict (school_id, relation_id) do update set
    person_id = excluded.person_id, role = excluded.role, since = excluded.since, until = excluded.until,
    ended_on = excluded.ended_on;

-- name: end_school_roles
update {school_roles} as r
set ended_on = w.ended_on
from unnest(%b::uuid[], %b::uuid[], %b::date[]) as w (school_id, relation_id, ended_on)
where r.school_id = w.school_id and r.relation_id = w.relation_id;

-- name: load_groups
select group_id, school_id, subject_id, version, kind, lookup, sealed_name from {school_groups} where group_id = any(%b);

-- name: save_groups
insert into {school_groups} (group_id, school_id, subject_id, version, kind, lookup, sealed_name)
select * from unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::bigint[], %b::text[], %b::bytea[], %b::bytea[])
on conflict (group_id) do update set
    version = excluded.version, lookup = excluded.lookup, sealed_name = excluded.sealed_name;

-- name: save_templates
insert into {templates} (template_id, template_version, school_id, subject_id, version, grades, sealed)
select w.template_id, w.template_version, w.school_id, w.subject_id, w.version,
    string_to_array(w.grades, ' ')::smallint[], w.sealed
from unnest(%b::uuid[], %b::bigint[], %b::uuid[], %b::uuid[], %b::bigint[], %b::text[], %b::bytea[])
    as w (template_id, template_version, school_id, subject_id, version, grades, sealed)
on conflict (template_id, template_version) do update set version = excluded.version, sealed = excluded.sealed;

-- name: approve_templates
update {templates} as t
set approved_at = w.approved_at, version = w.version
from unnest(%b::uuid[], %b::bigint[], %b::timestamptz[], %b::bigint[])
    as w (template_id, template_version, approved_at, version)
where t.template_id = w.template_id and t.template_version = w.template_version;

-- name: save_documents
insert into {planning_documents} (document_id, school_id, subject_id, version, kind, published_at, sealed)
select * from unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::bigint[], %b::text[], %b::timestamptz[], %b::bytea[])
on conflict (document_id) do update set
    version = excluded.version, published_at = excluded.published_at, sealed = excluded.sealed;

-- Queries.

-- name: schools_of_person
select s.school_id
from {relations} as r
inner join {students} as s on s.student_id = r.student_id
where
    r.person_id = %b and r.since <= %b and (r.until is null or r.until >= %b)
    and (r.ended_on is null or r.ended_on > %b)
union
select p.school_id
from {school_roles} as p
where
    p.person_id = %b and p.since <= %b and (p.until is null or p.until >= %b)
    and (p.ended_on is null or p.ended_on > %b);

-- name: school_roles_of
select school_id, relation_id, person_id, role, since, until, ended_on
from {school_roles} where person_id = %b order by school_id, since, relation_id;

-- name: school_roles_at
select school_id, relation_id, person_id, role, since, until, ended_on
from {school_roles} where person_id = %b and school_id = %b order by since, relation_id;

-- name: staff_of
select school_id, relation_id, person_id, role, since, until, ended_on
from {school_roles} where school_id = %b order by since, relation_id;

-- name: any_school_role
select exists (select 1 from {school_roles} where role = %b);

-- name: student
select student_id, person_id, school_id, version, grade, enrolled_on, ended_on, ended_cause, sealed_name, is_protected
from {students} where student_id = %b;

-- name: student_of_person
select student_id from {students} where person_id = %b;

-- name: students_of
select
    s.student_id, s.person_id, s.school_id, s.version, s.grade, s.enrolled_on, s.ended_on, s.ended_cause, s.sealed_name,
    s.is_protected, r.relation_id, r.role, r.since, r.until, r.ended_on, r.sealed_subjects, r.expires_at
from {relations} as r
inner join {students} as s on s.student_id = r.student_id
where
    r.person_id = %b
    and (
        not s.is_protected
        or s.person_id = r.person_id
        or exists (select 1 from {protected_readers} as p where p.student_id = s.student_id and p.person_id = r.person_id)
    )
order by s.student_id, r.since, r.relation_id;

-- name: students_of_school
select
    s.student_id, s.person_id, s.school_id, s.version, s.grade, s.enrolled_on, s.ended_on, s.ended_cause, s.sealed_name,
    s.is_protected
from {students} as s
where
    s.school_id = %b
    and s.student_id > %b
    and (
        %b
        or not s.is_protected
        or exists (select 1 from {protected_readers} as p where p.student_id = s.student_id and p.person_id = %b)
    )
order by s.student_id
limit %b;

-- name: protected_without_reader
select s.student_id
from {students} as s
where
    s.school_id = %b
    and s.is_protected
    and not exists (
        select 1
        from {protected_readers} as p
        inner join {relations} as r on r.student_id = p.student_id and r.person_id = p.person_id
        where
            p.student_id = s.student_id and r.role in ('teacher', 'mentor', 'educator') and r.since <= %b
            and (r.until is null or r.until >= %b) and (r.ended_on is null or r.ended_on > %b)
    )
    and not exists (
        select 1
        from {protected_readers} as p
        inner join {school_roles} as w on w.person_id = p.person_id and w.school_id = s.school_id
        where
            p.student_id = s.student_id and w.role in ('administrator', 'principal') and w.since <= %b
            and (w.until is null or w.until >= %b) and (w.ended_on is null or w.ended_on > %b)
    )
order by s.student_id;

-- name: hidden_from
with known as (
    select s.person_id, s.student_id from {students} as s where s.person_id = any(%b)
    union all
    select r.person_id, r.student_id from {relations} as r where r.person_id = any(%b) and r.role = 'guardian'
),

hidden as (
    select distinct k.person_id, k.student_id, s.person_id as pupil_id
    from known as k
    inner join {students} as s on s.student_id = k.student_id
    where
        s.is_protected
        and %b not in (s.person_id, k.person_id)
        and not (
            %b and exists (select 1 from {protected_readers} as p where p.student_id = s.student_id and p.person_id = %b)
        )
)

select
    h.person_id,
    bool_or(h.person_id <> h.pupil_id) and (
        exists (
            select 1
            from {relations} as r
            where
                r.person_id = h.person_id and r.ended_on is null
                and r.role in ('pupil', 'guardian', 'teacher', 'mentor', 'educator')
                and not exists (
                    select 1 from hidden as x where x.person_id = r.person_id and x.student_id = r.student_id
                )
        )
        or exists (select 1 from {school_roles} as w where w.person_id = h.person_id and w.ended_on is null)
    ) as is_known_otherwise
from hidden as h
group by h.person_id;

-- name: groups_of_school
select group_id, school_id, subject_id, version, kind, lookup, sealed_name
from {school_groups} where school_id = %b order by group_id;

-- name: group
select group_id, school_id, subject_id, version, kind, lookup, sealed_name from {school_groups} where group_id = %b;

-- name: groups_by_name
select group_id, school_id, subject_id, version, kind, lookup, sealed_name
from {school_groups} where school_id = %b and lookup = %b order by group_id;

-- name: groups_of_students
select distinct g.group_id, g.school_id, g.subject_id, g.version, g.kind, g.lookup, g.sealed_name
from {group_members} as m
inner join {school_groups} as g on g.group_id = m.group_id
where m.student_id = any(%b) and m.left_on is null
order by g.group_id;

-- name: group_members
select
    s.student_id, s.person_id, s.school_id, s.version, s.grade, s.enrolled_on, s.ended_on, s.ended_cause, s.sealed_name,
    s.is_protected
from {group_members} as m
inner join {students} as s on s.student_id = m.student_id
where
    m.group_id = %b
    and m.left_on is null
    and (
        not s.is_protected
        or exists (select 1 from {protected_readers} as p where p.student_id = s.student_id and p.person_id = %b)
    )
order by s.student_id;

-- name: schools
select school_id, subject_id, version, settings::text, sealed_name from {schools} order by school_id;

-- name: school
select school_id, subject_id, version, settings::text, sealed_name from {schools} where school_id = %b;

-- name: persons
select
    person_id, subject_id, version, sealed_name, sealed_contact, sealed_email, sealed_description, picture_id,
    shows_contact, theme
from {persons} where person_id = any(%b);

-- name: persons_signing_in
select lookup, person_id from {sign_in_identifiers} where lookup = any(%b) order by lookup, person_id;

-- name: persons_by_roster_ids
select lookup, person_id from {roster_identities} where lookup = any(%b) order by lookup, person_id;

-- name: pictures_shown
select c.of_person_id
from {picture_choices} as c
where
    c.of_person_id = any(%b)
    and (
        c.person_id = c.of_person_id
        or exists (
            select 1
            from {students} as s
            inner join {relations} as r on r.student_id = s.student_id
            where
                s.person_id = c.of_person_id and r.person_id = c.person_id and r.role = 'guardian' and r.since <= %b
                and (r.until is null or r.until >= %b) and (r.ended_on is null or r.ended_on > %b)
        )
    )
group by c.of_person_id
having bool_and(c.visible_to_class);

-- name: roles_towards
select p.role
from {school_roles} as p
where
    p.person_id = %b and p.since <= %b and (p.until is null or p.until >= %b) and (p.ended_on is null or p.ended_on > %b)
union
select r.role
from {relations} as r
where
    r.person_id = %b and r.role in ('teacher', 'mentor', 'educator') and r.since <= %b
    and (r.until is null or r.until >= %b) and (r.ended_on is null or r.ended_on > %b)
union
select own.role
from {relations} as own
inner join {students} as os on os.student_id = own.student_id and os.ended_on is null
inner join {group_members} as m on m.student_id = own.student_id and m.left_on is null
inner join {school_groups} as g on g.group_id = m.group_id and g.kind = 'class'
inner join {group_members} as n on n.group_id = m.group_id and n.left_on is null
inner join {students} as s on s.student_id = n.student_id and s.ended_on is null and not s.is_protected
inner join {relations} as r on r.student_id = n.student_id
where
    own.person_id = %b and own.role in ('pupil', 'guardian') and own.since <= %b
    and (own.until is null or own.until >= %b) and (own.ended_on is null or own.ended_on > %b)
    and r.person_id = %b and r.role in ('pupil', 'guardian', 'teacher', 'mentor', 'educator') and r.since <= %b
    and (r.until is null or r.until >= %b) and (r.ended_on is null or r.ended_on > %b)
    and (
        not os.is_protected
        or os.person_id = own.person_id
        or exists (select 1 from {protected_readers} as p where p.student_id = os.student_id and p.person_id = own.person_id)
    )
union
select 'self'
from {students} as s
inner join {relations} as r on r.student_id = s.student_id
where
    s.person_id = %b and r.person_id = %b and r.role = 'guardian' and r.since <= %b
    and (r.until is null or r.until >= %b) and (r.ended_on is null or r.ended_on > %b);

-- name: class_people
select r.student_id, s.person_id, s.is_protected, r.person_id, r.role, r.relation_id
from {group_members} as m
inner join {students} as s on s.student_id = m.student_id and s.ended_on is null
inner join {relations} as r on r.student_id = m.student_id
where
    m.group_id = %b and m.left_on is null and r.role in ('pupil', 'guardian', 'teacher', 'mentor', 'educator')
    and r.since <= %b and (r.until is null or r.until >= %b) and (r.ended_on is null or r.ended_on > %b)
order by r.student_id, r.since, r.relation_id;

-- name: accounts_without_relation
select p.person_id, max(coalesce(h.ended_on, h.until)) as last_on
from {persons} as p
left join (
    select r.person_id, r.until, r.ended_on, s.school_id
    from {relations} as r inner join {students} as s on s.student_id = r.student_id
    union all
    select w.person_id, w.until, w.ended_on, w.school_id from {school_roles} as w
) as h on h.person_id = p.person_id
where p.person_id > %b and (%b::uuid is null or p.person_id in (
    select r.person_id from {relations} as r inner join {students} as s on s.student_id = r.student_id where s.school_id = %b
    union
    select w.person_id from {school_roles} as w where w.school_id = %b
))
group by p.person_id
having not coalesce(bool_or((h.until is null or h.until >= %b) and (h.ended_on is null or h.ended_on > %b)), false)
    or count(h.person_id) = 0
order by p.person_id
limit %b;

-- name: account_uses
select
    h.person_id,
    max(coalesce(h.ended_on, h.until)),
    bool_or((h.until is null or h.until >= %b) and (h.ended_on is null or h.ended_on > %b))
from (
    select r.person_id, r.until, r.ended_on from {relations} as r where r.person_id = any(%b) and r.role <> 'pupil'
    union all
    select w.person_id, w.until, w.ended_on from {school_roles} as w where w.person_id = any(%b)
) as h
group by h.person_id;

-- name: pupils
select s.student_id, s.person_id from {students} as s where s.student_id = any(%b);

-- name: schools_of_students
select s.student_id, s.school_id from {students} as s where s.student_id = any(%b);

-- name: templates_of_school
select template_id, template_version, school_id, subject_id, version, approved_at, sealed
from {templates} where school_id = %b order by template_id, template_version;

-- name: template
select template_id, template_version, school_id, subject_id, version, approved_at, sealed
from {templates} where template_id = %b order by template_version;

-- name: documents_of_school
select document_id, school_id, subject_id, version, kind, published_at, sealed
from {planning_documents} where school_id = %b order by document_id;

-- name: documents
select document_id, school_id, subject_id, version, kind, published_at, sealed
from {planning_documents} where document_id = any(%b) order by document_id;
