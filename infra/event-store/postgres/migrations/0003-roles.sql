-- The role that services use: it reads, and appends through es.append alone. A login of a service is a member of it.
-- Roles belong to the cluster, not to the database: another database may have made it, or be making it right now.
do $$
begin
  create role wufei_app nologin;
exception when duplicate_object or unique_violation then null;
end $$;

revoke all on schema es from public;
revoke all on all functions in schema es from public;
grant usage on schema es to wufei_app;
grant select on es.log, es.closed_stream, es.event, es.receipt to wufei_app;
grant execute on function es.append(uuid[], text[], bigint[], int[], text[], int[], uuid[], text[], smallint[], text[], text[]) to wufei_app;
grant execute on function es.position_at(timestamptz) to wufei_app;
-- To recompute and compare, which anybody who may read may do.
grant execute on function es.leaf(bigint, text, bigint, uuid, text, int, text, text) to wufei_app;
