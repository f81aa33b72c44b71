-- Commands that wait for an official, one row a hold, with whom they concern; `state` is the folded stream.
create table hold (
  id text not null,
  revision integer not null,
  position bigint not null,
  status text not null,
  held_position bigint not null,
  units jsonb not null,
  streams jsonb not null,
  state jsonb not null
);
alter table hold add primary key (id);
create index hold_by_position on hold (held_position);
create index hold_by_status on hold (status, held_position);
