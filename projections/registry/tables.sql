-- The park's master data as its units' events tell it, newest word on each thing.
create table unit (
  code text primary key,
  name text not null,
  roles jsonb not null,
  industry text,
  address text,
  inside boolean not null,
  management_class text,
  position bigint not null
);
create table site (
  unit text not null, site text not null, name text not null, address text not null, division text, position bigint not null,
  primary key (unit, site)
);
create table facility (
  unit text not null, facility text not null, name text not null, kind text not null, capacity bigint, site text, position bigint not null,
  primary key (unit, facility)
);
create table licence (
  unit text not null, number text not null, kind text not null, covers jsonb not null, methods jsonb not null, annual bigint not null,
  valid_from date not null, valid_to date not null, position bigint not null,
  primary key (unit, number)
);
create table licence_revocation (unit text not null, number text not null, revoked_from date not null, reason text not null, position bigint not null, primary key (unit, number));
create table vehicle (
  unit text not null, plate text not null, permit text not null, valid_to date not null, rated bigint, dangerous_goods boolean not null, position bigint not null,
  primary key (unit, plate)
);
-- A driver is known here by an opaque id; name and phone are sealed, and closed for good once the person is erased.
create table driver (
  unit text not null, person text not null, permit text not null, valid_to date not null, dangerous_goods boolean not null, sealed text not null,
  position bigint not null,
  primary key (unit, person)
);
create table contract (
  unit text not null, number text not null, receiver text not null, code text not null, valid_from date not null, valid_to date not null, position bigint not null,
  primary key (unit, number)
);
create index contract_by_receiver on contract (receiver);
create table plan_line (
  unit text not null, year integer not null, line integer not null, code text not null, receiver text not null, method text not null, planned bigint not null,
  destination text not null, position bigint not null,
  primary key (unit, year, line)
);
