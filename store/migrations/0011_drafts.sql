-- Drafts: what an author has typed on a page of a plan and not saved (G-11).

create table drafts (
    person_id uuid not null,
    plan_id uuid not null,
    field_hash bytea not null check (octet_length(field_hash) = 32),
    subject_id uuid not null,
    saved_at timestamptz not null,
    useless_at timestamptz not null,
    sealed bytea not null,
    primary key (person_id, plan_id, field_hash)
);

create index drafts_subject_id on drafts (subject_id);

create index drafts_useless_at on drafts (useless_at);

comment on table drafts is
'One row a field that an author has typed in and not saved: which, by a keyed hash, and the text, sealed under the key of the pupil it is about. Purge: deleted at save and when useless; deleted with the subject.';

alter table drafts enable row level security;

create policy kept_by_author on drafts to liggare_app using (person_id = reader());

create policy swept_by_system on drafts to liggare_app using (is_system());

create policy all_for_others on drafts to liggare_purge using (true);
