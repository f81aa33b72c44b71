-- Up to where the log lies acknowledged in Kafka. Losing it loses nothing: the log is sent again and readers drop what they had.
create schema if not exists relay;

create table relay.mark (
  name text primary key,
  epoch text not null,
  position bigint not null check (position >= 0),
  -- Counts up with every process that takes over: the mark is moved only by who still has the number it began with.
  fence bigint not null,
  moved_at timestamptz not null default now()
) with (fillfactor = 50);
