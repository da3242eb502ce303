-- Who may do what with keys: the application makes and reads them, only the purge destroys one, or wraps it anew.

revoke all on schema {schema} from public;

revoke all on all tables in schema {schema} from public, liggare_app, liggare_purge, liggare_read;

grant usage on schema {schema} to liggare_app, liggare_purge;

grant select, insert on ring_keys, wrapped_keys to liggare_app;

grant select on destroyed_keys to liggare_app;

grant select, update, delete on wrapped_keys to liggare_purge;

grant select, insert, delete on ring_keys, destroyed_keys to liggare_purge;

revoke all on function retake_statistics from public, liggare_app, liggare_purge, liggare_read;

grant execute on function retake_statistics to liggare_purge;
