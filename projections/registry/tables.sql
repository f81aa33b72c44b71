-- The park's master data by day: one row for each version of each thing. `since` without a day: since ever, as far as is known; `until` is the
-- last day of the version. `recorded`, on the first version, is all that was recorded of the thing.
create table unit (
  thing text not null, nth integer not null, unit text not null,
  code text not null,
  name text not null,
  roles jsonb not null,
  industry text,
  address text,
  inside boolean not null,
  management_class text,
  since date, until date, ended text, position bigint not null, recorded jsonb,
  primary key (thing, nth)
);
create index unit_by_code on unit (code);
create table site (
  thing text not null, nth integer not null, unit text not null,
  site text not null, name text not null, address text not null, division text,
  since date, until date, ended text, position bigint not null, recorded jsonb,
  primary key (thing, nth)
);
create index site_by_unit on site (unit);
create table facility (
  thing text not null, nth integer not null, unit text not null,
  facility text not null, name text not null, kind text not null, capacity bigint, site text,
  since date, until date, ended text, position bigint not null, recorded jsonb,
  primary key (thing, nth)
);
create index facility_by_unit on facility (unit);
create table licence (
  thing text not null, nth integer not null, unit text not null,
  number text not null, kind text not null, covers jsonb not null, methods jsonb not null, annual bigint not null,
  valid_from date not null, valid_to date not null,
  since date, until date, ended text, position bigint not null, recorded jsonb,
  primary key (thing, nth)
);
create index licence_by_unit on licence (unit);
create table vehicle (
  thing text not null, nth integer not null, unit text not null,
  plate text not null, permit text not null, valid_to date not null, rated bigint, dangerous_goods boolean not null,
  since date, until date, ended text, position bigint not null, recorded jsonb,
  primary key (thing, nth)
);
create index vehicle_by_unit on vehicle (unit);
-- A driver is known here by an opaque id; name and phone are sealed, and closed for good once the person is erased.
create table driver (
  thing text not null, nth integer not null, unit text not null,
  person text not null, permit text not null, valid_to date not null, dangerous_goods boolean not null, sealed text not null,
  since date, until date, ended text, position bigint not null, recorded jsonb,
  primary key (thing, nth)
);
create index driver_by_unit on driver (unit);
create table contract (
  thing text not null, nth integer not null, unit text not null,
  number text not null, receiver text not null, code text not null, valid_from date not null, valid_to date not null,
  since date, until date, ended text, position bigint not null, recorded jsonb,
  primary key (thing, nth)
);
create index contract_by_unit on contract (unit);
create index contract_by_receiver on contract (receiver);
create table plan_line (
  unit text not null, year integer not null, line integer not null, code text not null, receiver text not null, method text not null, planned bigint not null,
  destination text not null, position bigint not null,
  primary key (unit, year, line)
);
