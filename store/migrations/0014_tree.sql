-- The tree over all events (transparency): which leaf is which event, its tiles, its head, and what was signed of it.
-- The application can make the tree longer, and nothing else: what has a leaf keeps it.

create table tree_head (
    id smallint primary key default 1 check (id = 1),
    size bigint not null,
    root bytea not null
) with (fillfactor = 10);

comment on table tree_head is
'One row: how many leaves the tree has, and its root. Locked by who makes it longer, never by an append. Holds nothing of a subject; purge: kept.';

-- The root of a tree without leaves is the hash of nothing.
insert into tree_head (size, root) values (0, sha256(''));

create table tree_runs (
    first_leaf bigint primary key,
    feed smallint not null,
    first_position bigint not null,
    count bigint not null,
    unique (feed, first_position)
);

comment on table tree_runs is
'Which leaves are which positions of which feed: a run of both. Holds nothing of a subject; purge: kept.';

create table tree_tiles (
    level smallint not null,
    index bigint not null,
    hashes bytea not null,
    primary key (level, index)
) with (fillfactor = 70);

alter table tree_tiles alter column hashes set storage external;

comment on table tree_tiles is
'The hashes of the tree, 256 to a tile; the last of a level grows. A leaf''s hash confirms no guess, since its event''s commitment is random. Holds nothing of a subject; purge: kept.';

create table checkpoints (
    size bigint primary key,
    note bytea not null,
    signed_at timestamptz not null
);

comment on table checkpoints is
'What the notary has signed: size and root of the tree, as a note. Holds nothing of a subject; purge: kept.';

create table cosignatures (
    size bigint not null references checkpoints (size),
    witness text not null,
    line text not null,
    received_at timestamptz not null default now(),
    primary key (size, witness)
);

comment on table cosignatures is
'What witnesses have signed of a checkpoint: a line of the note from each. Holds nothing of a subject; purge: kept.';

-- Whoever makes the tree longer takes its head first, and has it until the transaction ends.
create function lock_tree(out out_size bigint, out out_root bytea)
language plpgsql
security definer
set search_path from current
as $$
begin
    select h.size, h.root into out_size, out_root from tree_head as h for update;
end;
$$;

comment on function lock_tree is 'Takes the head of the tree for the rest of the transaction.';

-- Makes the tree longer by runs of positions that follow those that have leaves. A tile begins with what it was.
create function extend_tree(
    in_size bigint,
    run_feeds smallint [],
    run_positions bigint [],
    run_counts bigint [],
    tile_levels smallint [],
    tile_indexes bigint [],
    tile_hashes bytea [],
    in_root bytea
) returns void
language plpgsql
security definer
set search_path from current
as $$
declare
    leaves bigint;
    numbered bigint;
    held bytea;
begin
    select h.size into leaves from tree_head as h for update;
    if leaves <> in_size or octet_length(in_root) <> 32 then
        raise exception using errcode = 'check_violation', message = 'the tree is not so long';
    end if;
    for place in 1 .. cardinality(run_feeds) loop
        select r.first_position + r.count - 1 into numbered from tree_runs as r
        where r.feed = run_feeds[place] order by r.first_position desc limit 1;
        if
            run_counts[place] < 1 or run_positions[place] <> coalesce(numbered, 0) + 1
            or not exists (
                select 1 from feeds as f
                where f.feed = run_feeds[place] and f.last >= run_positions[place] + run_counts[place] - 1
            )
        then
            raise exception using errcode = 'check_violation', message = 'a run does not follow its feed';
        end if;
        insert into tree_runs (first_leaf, feed, first_position, count)
        values (leaves, run_feeds[place], run_positions[place], run_counts[place]);
        leaves := leaves + run_counts[place];
    end loop;
    for place in 1 .. cardinality(tile_levels) loop
        select t.hashes into held from tree_tiles as t
        where t.level = tile_levels[place] and t.index = tile_indexes[place];
        if
            substring(tile_hashes[place] from 1 for coalesce(octet_length(held), 0)) <> coalesce(held, '')
            or octet_length(tile_hashes[place]) % 32 <> 0 or octet_length(tile_hashes[place]) not between 32 and 8192
        then
            raise exception using errcode = 'check_violation', message = 'a tile does not go on from what it was';
        end if;
        insert into tree_tiles (level, index, hashes)
        values (tile_levels[place], tile_indexes[place], tile_hashes[place])
        on conflict (level, index) do update set hashes = excluded.hashes;
    end loop;
    update tree_head set size = leaves, root = in_root;
end;
$$;

comment on function extend_tree is
'The only way to make the tree longer: leaves for the next positions of feeds, and the tiles that grew; changes none that was there.';
