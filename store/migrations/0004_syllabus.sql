-- The national syllabus as imported: each wording is kept for ever, because plans point at the wording they had.

create table syllabus_subjects (
    subject text primary key,
    name text not null,
    is_current boolean not null default true,
    imported_at timestamptz not null default now()
);

comment on table syllabus_subjects is
'One row a school subject of the national syllabus. Public text, nothing of a subject person; purge: kept.';

create table syllabus_items (
    subject text not null references syllabus_subjects (subject),
    years text not null,
    kind text not null check (kind in ('aim', 'content', 'criterion')),
    ordinal bigint not null check (ordinal > 0),
    version text not null check (version ~ '^[0-9a-f]{64}$'),
    wording text not null,
    label text not null default '',
    is_current boolean not null default true,
    imported_at timestamptz not null default now(),
    primary key (subject, years, kind, ordinal, version)
);

comment on table syllabus_items is
'One row a wording of a syllabus item; version is the SHA-256 of the wording, at most one wording a place is current. Public text; purge: kept.';

create unique index syllabus_items_current on syllabus_items (subject, years, kind, ordinal) where is_current;
