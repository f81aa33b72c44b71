-- Cases (整改), one row each, with whom they concern; `state` is the folded stream.
create table case_file (
  id text not null,
  revision integer not null,
  position bigint not null,
  status text not null,
  unit text not null,
  finding text not null,
  opened_position bigint not null,
  units jsonb not null,
  streams jsonb not null,
  state jsonb not null
);
alter table case_file add primary key (id);
create index case_by_opening on case_file (opened_position);
create index case_by_unit on case_file (unit, opened_position);
