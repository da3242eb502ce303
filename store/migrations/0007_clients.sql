-- API clients: the programs that may ask for tokens, and the assertions they have used.

create table clients (
    client_id uuid primary key,
    name text not null,
    public_key jsonb not null,
    scopes text [] not null check (cardinality(scopes) > 0),
    school_id uuid,
    purpose text not null,
    added_at timestamptz not null,
    revoked_at timestamptz
);

comment on table clients is
'One row a program: its name, its public key, its scopes, the school they are for and what it is for. Holds nothing of a pupil. Purge: kept, so that what a program did can be traced to it.';

create table client_assertions (
    client_id uuid not null,
    assertion_hash bytea not null check (octet_length(assertion_hash) = 32),
    useless_at timestamptz not null,
    primary key (client_id, assertion_hash)
);

create index client_assertions_useless_at on client_assertions (useless_at);

comment on table client_assertions is
'One row an assertion that was used: the SHA-256 of its id, and when nobody could use it again anyway. Holds nothing of a subject. Purge: deleted when useless, with the next assertion.';
