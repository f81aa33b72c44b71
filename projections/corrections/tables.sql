-- Corrections (更正), one row each, with whom they concern; `state` is the folded stream.
create table correction (
  id text not null,
  revision integer not null,
  position bigint not null,
  status text not null,
  -- Id of the lot or manifest whose events are corrected.
  document text not null,
  proposed_position bigint not null,
  units jsonb not null,
  streams jsonb not null,
  state jsonb not null
);
alter table correction add primary key (id);
create index correction_by_proposal on correction (proposed_position);
create index correction_by_document on correction (document, proposed_position);
create index correction_by_unit on correction using gin (units);
