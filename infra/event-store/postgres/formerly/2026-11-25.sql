-- A log made before 2026-11-25 14:00 UTC counted its events a stream in es.stream. Brings it to what 0001 makes today; 0002 and 0003 are run again behind it.
-- Rows of events and receipts have the same form, and the hash of an event is the same.
drop function es.append(uuid[], text[], bigint[], int[], text[], int[], uuid[], text[], smallint[], text[], text[]);
drop aggregate es.run(bigint, bigint, int, boolean);
drop function es.revision_after(bigint, bigint, bigint, int, boolean);
drop function es.leaf(bigint, text, bigint, uuid, text, int, text, text);
drop function es.position_at(timestamptz);
drop function es.close_stream(text);
drop function es.begin_epoch();

create table es.closed_stream (
  stream text primary key,
  closed_at timestamptz not null default clock_timestamp()
);
insert into es.closed_stream (stream, closed_at) select stream, closed_at from es.stream where closed_at is not null;
create trigger append_only before update or delete or truncate on es.closed_stream for each statement execute function es.refuse();
drop table es.stream;
