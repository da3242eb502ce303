-- name: load
select plan_id, student_id, subject_id, newest, started_at, sealed
from {overview}
where plan_id = any(%b) or (newest and student_id = any(%b));

-- name: make_way
update {overview}
set newest = false
where newest and student_id = any(%b);

-- name: save
insert into {overview} (
    plan_id, student_id, subject_id, newest, state, version, content_version,
    pupil_asked, pupil_answered, guardian_asked, guardian_answered,
    teacher_asked, teacher_answered, mentor_asked, mentor_answered,
    started_at, changed_at, sealed
)
select * from unnest(
    %b::uuid[], %b::uuid[], %b::uuid[], %b::boolean[], %b::text[], %b::bigint[], %b::bigint[],
    %b::smallint[], %b::smallint[], %b::smallint[], %b::smallint[],
    %b::smallint[], %b::smallint[], %b::smallint[], %b::smallint[],
    %b::timestamptz[], %b::timestamptz[], %b::bytea[]
)
on conflict (plan_id) do update set
    newest = excluded.newest,
    state = excluded.state,
    version = excluded.version,
    content_version = excluded.content_version,
    pupil_answered = excluded.pupil_answered,
    guardian_answered = excluded.guardian_answered,
    teacher_answered = excluded.teacher_answered,
    mentor_answered = excluded.mentor_answered,
    changed_at = excluded.changed_at,
    sealed = excluded.sealed;

-- name: current
select plan_id, subject_id, version, changed_at, sealed
from {overview}
where newest and student_id = %b;

-- name: plan
select plan_id, subject_id, version, changed_at, sealed
from {overview}
where plan_id = %b and student_id = %b;

-- name: newest_plan
select plan_id
from {overview}
where newest and student_id = %b;

-- name: newest_of
select student_id, plan_id, subject_id, version, changed_at, sealed
from {overview}
where newest and student_id = any(%b);

-- name: plans
select plan_id, state, version, started_at, changed_at
from {overview}
where student_id = %b
order by started_at desc, plan_id;

-- name: sight
select
    t.session_hash, t.subject_id, t.level, t.provider, t.terms, t.began_at, t.seen_at, t.ends_at,
    t.surest_until, t.mac, standing_towards(t.subject_id, %b)
from sessions as t
where t.session_hash = %b and t.ends_at > %b and t.seen_at > %b;

-- name: read
select outcome, out_seen_at, out_plan, out_version, out_changed_at, out_sealed
from read_overview(
    %b, %b, %b, %b::smallint, %t, %b, %b, %b, %b, %b, %b::uuid, %b, %b, %b, %t, %t, %b, %b, %t
);
