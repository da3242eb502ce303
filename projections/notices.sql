-- name: load_sources
select student_id, subject_id, sealed from {notice_sources} where student_id = any(%b);

-- name: save_sources
insert into {notice_sources} (student_id, subject_id, sealed)
select * from unnest(%b::uuid[], %b::uuid[], %b::bytea[])
on conflict (student_id) do update set sealed = excluded.sealed;

-- name: save
insert into {notices} as n (
    notice_id, recipient_id, student_id, subject_id, kind, version, noticed_at, sealed
)
select * from unnest(
    %b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::bigint[], %b::timestamptz[], %b::bytea[]
)
on conflict (notice_id) do update set
    kind = excluded.kind, version = excluded.version, noticed_at = excluded.noticed_at, sealed = excluded.sealed
where n.version < excluded.version;

-- name: unread
select n.notice_id, n.student_id, n.subject_id, n.kind, n.version, n.noticed_at, n.sealed, s.sealed_name
from {notices} as n
inner join {students} as s on s.student_id = n.student_id
left join notice_openings as o on o.notice_id = n.notice_id
where
    n.recipient_id = %b
    and (o.version is null or o.version < n.version)
    and exists (
        select 1 from {relations} as r
        where
            r.student_id = n.student_id and r.person_id = n.recipient_id and r.expires_at is null
            and holds(r.since, r.until, r.ended_on)
    )
    and (
        s.person_id = n.recipient_id
        or (
            %b
            and (
                not s.is_protected
                or (
                    %b
                    and exists (
                        select 1 from {protected_readers} as p
                        where p.student_id = s.student_id and p.person_id = n.recipient_id
                    )
                )
            )
        )
    )
    and (n.noticed_at, n.notice_id) < (%b, %b)
order by n.noticed_at desc, n.notice_id desc
limit %b;

-- name: open
insert into notice_openings as o (notice_id, recipient_id, subject_id, version)
select n.notice_id, n.recipient_id, n.subject_id, n.version
from {notices} as n
inner join {students} as s on s.student_id = n.student_id
where
    n.notice_id = any(%b)
    and n.recipient_id = %b
    and exists (
        select 1 from {relations} as r
        where
            r.student_id = n.student_id and r.person_id = n.recipient_id and r.expires_at is null
            and holds(r.since, r.until, r.ended_on)
    )
    and (
        s.person_id = n.recipient_id
        or (
            %b
            and (
                not s.is_protected
                or (
                    %b
                    and exists (
                        select 1 from {protected_readers} as p
                        where p.student_id = s.student_id and p.person_id = n.recipient_id
                    )
                )
            )
        )
    )
    and (
        select
            set_config('liggare.reader', %t, true) || set_config('liggare.on', %t, true)
            || set_config('liggare.school', %t, true) || set_config('liggare.part', %t, true)
    ) is not null
on conflict (notice_id) do update set version = greatest(o.version, excluded.version), opened_at = now()
returning o.subject_id, (select n.sealed from {notices} as n where n.notice_id = o.notice_id);
