-- Retention: which files are done with and what keeps them, and the runs there are.
-- squawk-ignore-file require-concurrent-index-creation

create table file_retention (
    student_id uuid primary key,
    subject_id uuid not null,
    ended_on date,
    ended_cause text,
    holds smallint not null default 0,
    reviewed_schedule uuid,
    reviewed_outcome text,
    reviewed_until date
) with (fillfactor = 90);

create index file_retention_ended_on on file_retention (ended_on, student_id) where ended_on is not null;

create index file_retention_subject_id on file_retention (subject_id);

create index file_retention_held on file_retention (student_id) where holds > 0;

comment on table file_retention is
'Of each pupil whose schooling has ended or whose file is held: when and why it ended, how many holds there are, what a review decided. Purge: rows of the subject are deleted.';

create table disposal_runs (
    run_id uuid primary key,
    version bigint not null,
    state text not null,
    as_of date not null,
    lapses_on date not null,
    items bigint not null,
    planned_at timestamptz not null
);

create index disposal_runs_planned_at on disposal_runs (planned_at, run_id);

comment on table disposal_runs is
'Each disposal run: when it was planned, how far it has come. Holds nothing of a subject; purge: kept.';

insert into projection_tables (projection, table_name) values
('due', 'file_retention'),
('due', 'disposal_runs');

insert into projection_checkpoints (projection, feed)
select 'due', f.feed from feeds as f;

alter table file_retention enable row level security;

create policy all_for_system on file_retention to liggare_app using (is_system());

create policy all_for_others on file_retention to liggare_purge, liggare_read using (true);

alter table disposal_runs enable row level security;

create policy all_for_system on disposal_runs to liggare_app using (is_system());

create policy all_for_others on disposal_runs to liggare_purge, liggare_read using (true);
