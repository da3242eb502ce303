-- name: load
select
    student_id, subject_id, ended_on, ended_cause, holds, reviewed_schedule, reviewed_outcome, reviewed_until
from {file_retention}
where student_id = any(%b);

-- name: save
insert into {file_retention} (
    student_id, subject_id, ended_on, ended_cause, holds, reviewed_schedule, reviewed_outcome, reviewed_until
)
select * from unnest(
    %b::uuid[], %b::uuid[], %b::date[], %b::text[], %b::smallint[], %b::uuid[], %b::text[], %b::date[]
)
on conflict (student_id) do update set
    ended_on = excluded.ended_on,
    ended_cause = excluded.ended_cause,
    holds = excluded.holds,
    reviewed_schedule = excluded.reviewed_schedule,
    reviewed_outcome = excluded.reviewed_outcome,
    reviewed_until = excluded.reviewed_until;

-- name: load_runs
select run_id, version, state, as_of, lapses_on, items, planned_at
from {disposal_runs}
where run_id = any(%b);

-- name: save_runs
insert into {disposal_runs} (run_id, version, state, as_of, lapses_on, items, planned_at)
select * from unnest(
    %b::uuid[], %b::bigint[], %b::text[], %b::date[], %b::date[], %b::bigint[], %b::timestamptz[]
)
on conflict (run_id) do update set version = excluded.version, state = excluded.state;
