-- What is left of the destroyed when nothing of them can come back any more, and in what the planner knows.

create table former_subjects (
    mark bytea primary key
);

comment on table former_subjects is
'One row a subject that was destroyed, from the day on which its id is refused no more: the keyed hash by which read models still leave out a person whom files of others name. Holds no id. Purge: kept.';

-- The statistics of a table hold values of its columns, ids among them, until they are taken anew.
create function retake_statistics(of_table text) returns void
language plpgsql
security definer
set search_path from current
as $$
begin
    execute format('analyze %I', of_table);
end;
$$;

comment on function retake_statistics is
'Takes the planner''s statistics of one table anew, so that they hold no values of rows that are gone.';
