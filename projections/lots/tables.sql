-- One row a lot, as its own events tell it. `state` is the fold of schemas/lot/state.ts with what lists need beside it.
create table lot (
  id text not null,
  stream text not null,
  code text not null,
  name text,
  origin_unit text not null,
  inside boolean not null,
  batch text,
  label text,
  born_on date not null,
  pool boolean not null,
  status text not null,
  grams bigint not null,
  revision integer not null,
  position bigint not null,
  state jsonb not null
);
alter table lot add primary key (id);
create index lot_by_birth on lot (born_on desc, id desc);

-- Every unit that a lot has been with: to any other unit it does not exist.
create table lot_unit (unit text not null, lot text not null);
alter table lot_unit add primary key (unit, lot);
create index lot_unit_by_lot on lot_unit (lot);

-- Units that have had a lot in common: each may know the public face of the other.
create table lot_counterpart (unit text not null, other text not null);
alter table lot_counterpart add primary key (unit, other);

-- Names that people use for things: labels, batch and record codes, numbers of manifests. A batch code is unique only within its unit.
create table identifier (
  value text not null,
  kind text not null check (kind in ('label', 'batch', 'record', 'manifest-number')),
  unit text not null,
  target_kind text not null check (target_kind in ('lot', 'manifest')),
  target text not null
);
alter table identifier add primary key (value, kind, unit, target);
create index identifier_by_target on identifier (target);
