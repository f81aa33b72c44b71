-- The log and what is derived from it under the same lock. Rows are only ever added; the triggers below hold everybody to it, the owner
-- included, and 0003 gives the services' role no way to write at all but es.append.

create schema es;

-- One row. `head` is the position of the newest event, so a position is handed out and taken back with the transaction: no hole can stay.
-- `recorded_at` is that of the newest event; `epoch` changes when the log is restored from a backup.
create table es.log (
  singleton boolean primary key default true check (singleton),
  head bigint not null default 0,
  recorded_at timestamptz not null default '-infinity',
  epoch uuid not null default gen_random_uuid()
) with (fillfactor = 10);
insert into es.log default values;

-- Streams that take no more events; there are few. How many events a stream holds is asked of the log itself, by its index: a table of
-- heads would be a second truth, and a fifth of the price of an append.
create table es.closed_stream (
  stream text primary key,
  closed_at timestamptz not null default clock_timestamp()
);

create table es.event (
  position bigint primary key,
  stream text not null,
  revision bigint not null,
  -- Derived from the command's id: the receipt keeps it single, so it needs no index.
  id uuid not null,
  type text not null,
  schema_version smallint not null,
  -- As claimed, to the letter: the offset tells where the clock stood.
  occurred_at text not null,
  recorded_at timestamptz not null,
  -- Canonical JSON of {data, metadata}: text, because jsonb would not keep the bytes that were hashed.
  body text not null,
  leaf bytea not null check (length(leaf) = 32),
  unique (stream, revision)
);

-- The first answer to every command. Kept as long as the log, so a repeat is known after years too.
create table es.receipt (
  command_id uuid primary key,
  stream text not null,
  revision bigint not null,
  first_position bigint not null,
  count int not null,
  digest text
);

create function es.refuse() returns trigger language plpgsql as $$
begin
  raise exception '% on %.% refused: the log is append-only', tg_op, tg_table_schema, tg_table_name using errcode = '55000';
end $$;

create trigger append_only before update or delete or truncate on es.event for each statement execute function es.refuse();
create trigger append_only before update or delete or truncate on es.receipt for each statement execute function es.refuse();
create trigger append_only before update or delete or truncate on es.closed_stream for each statement execute function es.refuse();
create trigger never_dropped before delete or truncate on es.log for each statement execute function es.refuse();
