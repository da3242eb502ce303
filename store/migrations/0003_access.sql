-- Sessions: who a caller is.

create table sessions (
    session_hash bytea primary key check (octet_length(session_hash) = 32),
    subject_id uuid not null,
    level smallint not null check (level between 1 and 3),
    provider text not null,
    terms text,
    began_at timestamptz not null,
    seen_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > began_at)
);

create index sessions_subject_id on sessions (subject_id);

comment on table sessions is
'One row a session: the SHA-256 of its id, whose it is, how surely and by which provider the person was identified, the terms accepted, and when it ends. The id itself is never stored. A session that ended is deleted, one that ran out with the next sign-in. Purge: rows of the subject are deleted.';

-- Sign-ins on their way: what the browser must bring back from the provider.

create table sign_in_attempts (
    state_hash bytea primary key check (octet_length(state_hash) = 32),
    browser_hash bytea not null check (octet_length(browser_hash) = 32),
    subject_id uuid,
    provider text not null,
    nonce text not null,
    verifier text not null,
    return_to text not null,
    stepping_up bytea check (octet_length(stepping_up) = 32),
    created_at timestamptz not null
);

create index sign_in_attempts_created_at on sign_in_attempts (created_at);

create index sign_in_attempts_subject_id on sign_in_attempts (subject_id);

comment on table sign_in_attempts is
'One row a sign-in that has not come back from its provider: hashes of its state and of the browser''s cookie, nonce, PKCE verifier, the local path to return to, and the session that is to become surer, if any. Deleted when it comes back, and after ten minutes. Purge: rows of the subject are deleted.';
