-- name: lock
select position, generation, purged, stopped_at is not null, set_config('liggare.part', 'system', true)
from projection_checkpoints
where projection = %b and feed = %b
for update skip locked;

-- name: lock_all
select feed, position
from projection_checkpoints
where projection = %b
order by feed
for update;

-- name: advance
update projection_checkpoints
set
    position = %b,
    moved_at = now(),
    stopped_at = null,
    stopped_position = null,
    stopped_kind = null,
    stopped_reason = null
where projection = %b and feed = %b;

-- name: stop
update projection_checkpoints
set stopped_at = now(), stopped_position = %b, stopped_kind = %b, stopped_reason = %b
where projection = %b and feed = %b;

-- name: generation
select generation
from projection_checkpoints
where projection = %b and feed = %b;

-- name: positions
select feed, position, stopped_at is not null
from projection_checkpoints
where projection = %b;

-- name: missing
select
    count(*) filter (where c.position is null or c.position < w.position),
    count(*) filter (where c.stopped_at is not null and c.position < w.position)
from unnest(%b::smallint[], %b::bigint[]) as w (feed, position)
cross join unnest(%b::text[]) as p (projection)
left join projection_checkpoints as c on c.projection = p.projection and c.feed = w.feed;

-- name: heads
select f.feed, e.position
from feeds as f
cross join lateral (
    select v.position from events as v
    where v.feed = f.feed and v.category = any(%b)
    order by v.position desc limit 1
) as e;

-- name: status
select
    c.projection, c.feed, c.position, f.last, c.moved_at, c.stopped_at, c.stopped_position, c.stopped_kind,
    c.stopped_reason
from projection_checkpoints as c
inner join feeds as f on f.feed = c.feed
order by c.projection, c.feed;

-- name: begin_generation
select begin_generation(%b, %b);

-- name: abandon_generation
delete from projection_checkpoints
where projection = %b and generation = %b;

-- name: swap_generation
select swap_generation(%b, %b);
