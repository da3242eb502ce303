-- Bearer tokens: who a caller of the API is.

create table tokens (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    subject_id uuid not null,
    level smallint not null check (level between 1 and 3),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz
);

create index tokens_subject_id on tokens (subject_id);

comment on table tokens is
'One row a bearer token: its SHA-256, whose it is, its assurance level and end. The token itself is never stored. Purge: rows of the subject are deleted.';
