-- Pictures of people. Their SHA-256 stands sealed in the event and not here: it would confirm a guess at a picture.

create table attachments (
    attachment_id uuid primary key,
    subject_id uuid not null,
    size bigint not null check (size > 0),
    sealed bytea not null,
    created_at timestamptz not null default now()
);

alter table attachments alter column sealed set storage external;

create index attachments_subject_id on attachments (subject_id);

comment on table attachments is
'Pictures, sealed under the key of the person they show; an event of the person names each. Purge: rows of the subject are deleted.';
