-- Who may do what in the ledger's schema; run after every migration, so it must give the same result each time.
-- Each package that has tables adds a block of its own at the end.

revoke all on schema {schema} from public;

revoke all on all tables in schema {schema} from public, liggare_app, liggare_purge, liggare_read;

revoke all on all functions in schema {schema} from public, liggare_app, liggare_purge, liggare_read;

grant usage on schema {schema} to liggare_app, liggare_purge, liggare_read;

grant select on schema_migrations to liggare_app, liggare_purge, liggare_read;

-- The ledger. The application appends through append_events alone, which runs as its owner.

grant select on feeds, subjects, events, commands to liggare_app;

grant execute on function append_events to liggare_app;

grant select, delete on events, commands to liggare_purge;

grant select, update on feeds, subjects to liggare_purge;

grant select on feeds, subjects, events to liggare_read;

-- Access. The application makes and revokes bearer tokens; it never changes whose they are or how long they last.

grant select, insert on tokens to liggare_app;

grant update (revoked_at) on tokens to liggare_app;

grant select, delete on tokens to liggare_purge;

-- The syllabus (exchange): wordings are added and cease to be current, they are never deleted.

grant select, insert, update on syllabus_subjects, syllabus_items to liggare_app;

grant select on syllabus_subjects, syllabus_items to liggare_read;
