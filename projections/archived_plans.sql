-- name: save
insert into {archived_plans} (
    plan_id, student_id, subject_id, started_at, archived_at, archived_version, archived_for, sealed_summary, sealed
)
select * from unnest(
    %b::uuid[], %b::uuid[], %b::uuid[], %b::timestamptz[], %b::timestamptz[], %b::bigint[], %b::uuid[], %b::bytea[],
    %b::bytea[]
)
on conflict (plan_id) do update set
    archived_at = excluded.archived_at,
    archived_version = excluded.archived_version,
    archived_for = excluded.archived_for,
    sealed_summary = excluded.sealed_summary,
    sealed = excluded.sealed;

-- name: of_student
select plan_id, subject_id, started_at, archived_at, archived_version, archived_for, sealed_summary
from {archived_plans}
where student_id = %b
order by started_at desc, plan_id;

-- name: one
select subject_id, sealed
from {archived_plans}
where plan_id = %b and student_id = %b;
