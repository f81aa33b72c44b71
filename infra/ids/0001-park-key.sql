-- What the park derives its ids with: one row, made by the first process that asks and never changed. Whoever loses it loses the link between
-- the log and the commands and books that made it, so it is backed up with the log. `keyed` is false where the log held events by then.
create schema if not exists ids;

create table ids.park_key (
  singleton boolean primary key default true check (singleton),
  secret bytea not null check (length(secret) = 32),
  keyed boolean not null,
  made_at timestamptz not null default now()
);

create function ids.refuse() returns trigger language plpgsql as $$
begin
  raise exception '% on %.% refused: ids were made with this secret', tg_op, tg_table_schema, tg_table_name using errcode = '55000';
end $$;

create trigger never_changed before update or delete or truncate on ids.park_key for each statement execute function ids.refuse();
