-- The statistics of a table hold values of its columns, ids among them, until they are taken anew.

create function retake_statistics() returns void
language plpgsql
security definer
set search_path from current
as $$
begin
    analyze wrapped_keys;
end;
$$;

comment on function retake_statistics is
'Takes the planner''s statistics of the keys anew, so that they hold no ids of subjects that are gone.';
