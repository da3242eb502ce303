-- A destroyed key leaves no row but a mark, which nobody can make of a subject's id without the key file.
-- squawk-ignore-file ban-drop-column, adding-not-nullable-field

create table destroyed_keys (
    mark bytea primary key,
    destroyed_at timestamptz not null default now(),
    lapses_on date not null
);

comment on table destroyed_keys is
'One row a destroyed key: a keyed hash of the subject it was of, until no copy of that key opens any more. Holds no id. Purge: kept.';

alter table wrapped_keys drop column state;

alter table wrapped_keys drop column destroyed_at;

alter table wrapped_keys alter column wrapped set not null;

alter table wrapped_keys alter column ring_key_id set not null;

comment on table wrapped_keys is
'The data key of each subject, wrapped. Purge: rows of the subject are deleted.';

comment on table ring_keys is
'Which wrapping keys this database was written with, each with a proof that only that key file opens. Holds nothing of a subject. Purge: kept.';
