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
