-- One row a manifest (危险废物转移联单 or 出厂环节记录表). `state` holds its lines with the three masses side by side, and its lots.
create table manifest (
  id text not null,
  number text,
  form text not null,
  status text not null,
  stream text not null,
  consignor text not null,
  receiver text not null,
  filed_at timestamptz not null,
  picked_up_at timestamptz,
  departed_at timestamptz,
  arrived_at timestamptz,
  weighed_at timestamptz,
  completed_at timestamptz,
  revision integer not null,
  position bigint not null,
  state jsonb not null
);
alter table manifest add primary key (id);
create index manifest_by_number on manifest (number);
create index manifest_by_filing on manifest (filed_at desc, id desc);

-- Every unit that has a part in a manifest: to any other unit it does not exist.
create table manifest_unit (unit text not null, manifest text not null);
alter table manifest_unit add primary key (unit, manifest);
create index manifest_unit_by_manifest on manifest_unit (manifest);

-- Units that have had a manifest in common: each may know the public face of the other.
create table manifest_counterpart (unit text not null, other text not null);
alter table manifest_counterpart add primary key (unit, other);
