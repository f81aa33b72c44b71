-- The index of a log that lies on EventStoreDB: all of it can be read from the log again, so it may be dropped at any time.

create schema esdb;

-- One row: which log, and how far. `latest` is the highest moment of recording up to there. Moments are RFC 3339 in UTC with microseconds:
-- such texts compare as the moments do.
create table esdb.log_index (
  singleton boolean primary key default true check (singleton),
  epoch text not null,
  position bigint not null default 0,
  latest text collate "C" not null default ''
);

create table esdb.receipt (
  command_id uuid primary key,
  stream text not null,
  revision bigint not null,
  first_position bigint not null,
  position bigint not null,
  count int not null,
  digest text,
  recorded_at text collate "C" not null
);
-- Both columns grow along the log, so rows are only ever added at the ends of these.
create index receipt_moment on esdb.receipt (recorded_at, position);
create index receipt_position on esdb.receipt (position);

-- Stretches of the log in which the server's clock stood behind `moment`.
create table esdb.setback (
  from_position bigint primary key,
  until_position bigint,
  moment text collate "C" not null
);

-- What is kept for this epoch; an index of another one is dropped.
create function esdb.load(r_epoch text) returns table (index_position bigint, index_latest text) language plpgsql as $$
begin
  insert into esdb.log_index (epoch) values (r_epoch) on conflict do nothing;
  perform from esdb.log_index where epoch = r_epoch for update;
  if not found then
    update esdb.log_index set epoch = r_epoch, position = 0, latest = '';
    delete from esdb.receipt;
    delete from esdb.setback;
  end if;
  return query select l.position, l.latest from esdb.log_index l;
end $$;

-- Adds a page that begins where the index ends. The row is the fence: of several processes that read the same page, one gets it in, and
-- the others, who waited for the row, find that the index has moved.
create function esdb.advance(
  r_epoch text, r_from bigint, r_position bigint, r_latest text,
  c_command uuid[], c_stream text[], c_revision bigint[], c_first bigint[], c_position bigint[], c_count int[], c_digest text[], c_recorded text[],
  s_from bigint[], s_until bigint[], s_moment text[]) returns boolean language plpgsql as $$
begin
  update esdb.log_index set position = r_position, latest = r_latest where epoch = r_epoch and position = r_from;
  if not found then return false; end if;
  -- Pages come in the order of the log, so the receipt that stays is the first.
  insert into esdb.receipt
    select * from unnest(c_command, c_stream, c_revision, c_first, c_position, c_count, c_digest, c_recorded)
    on conflict (command_id) do nothing;
  insert into esdb.setback select * from unnest(s_from, s_until, s_moment)
    on conflict (from_position) do update set until_position = excluded.until_position;
  return true;
end $$;
