-- Who may do what in the ledger's schema; run after every migration, so it must give the same result each time.
-- Each package that has tables adds a block of its own at the end.

revoke all on schema {schema} from public;

revoke all on all tables in schema {schema} from public, liggare_app, liggare_purge, liggare_read;

revoke all on all functions in schema {schema} from public, liggare_app, liggare_purge, liggare_read;

grant usage on schema {schema} to liggare_app, liggare_purge, liggare_read;

grant select on schema_migrations to liggare_app, liggare_purge, liggare_read;

-- The ledger. The application appends through append_request alone, which runs as its owner.

grant select on feeds, subjects, events, commands to liggare_app;

grant execute on function append_request to liggare_app;

grant select, delete on events, commands to liggare_purge;

grant select, update on feeds to liggare_purge;

grant select, update, delete on subjects to liggare_purge;

grant execute on function append_request to liggare_purge;

grant select on feeds, subjects, events to liggare_read;

-- Access. The application begins and ends sessions; of one that is there it changes only when it was seen, and the terms.

grant select, insert, delete on sessions, sign_in_attempts to liggare_app;

grant update (seen_at, terms) on sessions to liggare_app;

grant select, delete on sessions, sign_in_attempts to liggare_purge;

-- API clients. The operator's commands and the server use the application's role; of a program it changes only the end.

grant select, insert on clients to liggare_app;

grant update (revoked_at) on clients to liggare_app;

grant select, insert, delete on client_assertions to liggare_app;

grant select on clients to liggare_purge, liggare_read;

-- Drafts: an author keeps, changes and discards the own ones.

grant select, insert, update, delete on drafts to liggare_app;

grant select, delete on drafts to liggare_purge;

-- Attachments: a picture that another takes the place of is removed at once.

grant select, insert, delete on attachments to liggare_app;

grant select, delete on attachments to liggare_purge;

-- The syllabus (exchange): wordings are added and cease to be current, they are never deleted.

grant select, insert, update on syllabus_subjects, syllabus_items to liggare_app;

grant select on syllabus_subjects, syllabus_items to liggare_read;

-- The read models. The application fills them; the two functions that make and swap tables run as their owner.

grant select, insert, update, delete on
projection_checkpoints, overview, notices, notice_sources, notice_openings, persons, roster_identities,
sign_in_identifiers, picture_choices, students, protected_readers, relations, group_members, schools, school_roles,
school_groups, templates, planning_documents
to liggare_app;

grant select on projection_tables to liggare_app, liggare_purge, liggare_read;

grant select on projection_checkpoints to liggare_purge, liggare_read;

grant update (purged) on projection_checkpoints to liggare_purge;

grant update on relations to liggare_purge;

grant select, delete on
overview, notices, notice_sources, notice_openings, persons, roster_identities, sign_in_identifiers,
picture_choices, students, protected_readers, relations, group_members, schools, school_roles, school_groups, templates,
planning_documents
to liggare_purge;

grant select on
overview, notices, notice_sources, notice_openings, persons, roster_identities, sign_in_identifiers,
picture_choices, students, protected_readers, relations, group_members, schools, school_roles, school_groups, templates,
planning_documents
to liggare_read;

grant execute on function begin_generation, swap_generation to liggare_app;

-- The access record: looks are added and read; only the purge deletes one, and drops months that are past their time.

grant select, insert on access_record to liggare_app;

grant select, delete on access_record to liggare_purge;

grant select on access_record to liggare_read;

grant execute on function place_access_record, read_overview, standing_towards, still_stands to liggare_app;

grant execute on function drop_access_record to liggare_purge;

-- The second wall: what its policies ask is asked in the name of whoever queries.

grant execute on function
reader, reading_on, is_system, stands_for, holds, is_hidden, reads_student, works_at, shares_group, meets_student, knows_person
to liggare_app, liggare_purge, liggare_read;

-- The tree over all events (transparency). The application makes it longer and keeps what was signed; nobody changes it.

grant select on tree_head, tree_runs, tree_tiles, checkpoints, cosignatures to liggare_app, liggare_purge, liggare_read;

grant execute on function lock_tree, extend_tree to liggare_app;

grant insert on checkpoints, cosignatures to liggare_app;

-- Retention. The application freezes what is to be destroyed; the purge destroys it, and leaves a mark and a certificate.

grant select, insert on disposal_items to liggare_app;

grant select on erased_subjects, former_subjects, register_state, purge_certificates to liggare_app, liggare_read;

grant select on disposal_items to liggare_read;

grant select, insert, update on disposal_items to liggare_purge;

grant select, update on register_state to liggare_purge;

grant select, insert on purge_certificates to liggare_purge;

grant select, insert, delete on erased_subjects to liggare_purge;

grant select, insert on former_subjects to liggare_purge;

grant execute on function retake_statistics to liggare_purge;

-- What retention asks of all files at once: a read model like the others.

grant select, insert, update, delete on file_retention, disposal_runs to liggare_app;

grant select, delete on file_retention to liggare_purge;

grant select on disposal_runs to liggare_purge;

grant select on file_retention, disposal_runs to liggare_read;

-- A rebuild may be going on: what it fills has the privileges of what it will replace.

do $$
declare
    given record;
begin
    for given in
        select g.grantee, g.privilege_type, t.table_name || '__next' as fresh from projection_tables as t
        inner join information_schema.role_table_grants as g
            on g.table_schema = current_schema() and g.table_name = t.table_name and g.grantee <> current_user
        where to_regclass(quote_ident(t.table_name || '__next')) is not null
    loop
        execute format('grant %s on %I to %I', given.privilege_type, given.fresh, given.grantee);
    end loop;
end;
$$;
