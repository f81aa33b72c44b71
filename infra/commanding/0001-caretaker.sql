-- Up to where the caretaker has seen to it that everything that follows from events was done. Losing it loses nothing: the next
-- process looks through the log again and finds the receipts of what was done.
create schema if not exists commanding;

create table commanding.caretaker (
  singleton boolean primary key default true check (singleton),
  epoch text not null,
  position bigint not null check (position >= 0),
  moved_at timestamptz not null default now()
);
