-- The keys: one wrapped data key a subject. The keys that wrap them are in a file outside every database.

create table ring_keys (
    ring_key_id text primary key,
    proof bytea not null,
    created_at timestamptz not null default now()
);

comment on table ring_keys is
'Which wrapping keys this database was written with, each with a proof that only that key file opens. Holds nothing of a subject; purge: kept.';

create table wrapped_keys (
    subject_id uuid primary key,
    kind text not null,
    state text not null default 'active' check (state in ('active', 'destroyed')),
    ring_key_id text references ring_keys (ring_key_id),
    wrapped bytea,
    created_at timestamptz not null default now(),
    destroyed_at timestamptz,
    check ((state = 'active') = (wrapped is not null)),
    check ((state = 'active') = (ring_key_id is not null)),
    check ((state = 'destroyed') = (destroyed_at is not null))
);

comment on table wrapped_keys is
'The data key of each subject, wrapped. Purge: the wrapped key is set to null and the state to destroyed; the row stays for ever.';
