-- Process managers: one row an instance that something may still follow from, and one row a deadline of it.
create table process (
  id text not null,
  state jsonb not null
);
alter table process add primary key (id);

-- `due_at` is the instant by law or rule, `fire_at` the earliest by the store's clock at which it is carried out. Both are empty where the
-- calendar of working days does not reach so far. How often it was tried is no fold of the log: `commanding.deadline_attempt`.
create table deadline (
  id text not null,
  process text not null,
  instance text not null,
  due_at timestamptz,
  fire_at timestamptz,
  effect jsonb not null,
  cause jsonb not null
);
alter table deadline add primary key (id);
create index deadline_due on deadline (process, fire_at);

-- Instances whose terms an outage lengthens, and the outages that were declared.
create table process_timed (
  process text not null,
  id text not null
);
alter table process_timed add primary key (process, id);
create table outage (
  scope text not null,
  id text not null,
  from_at text not null,
  to_at text not null
);
alter table outage add primary key (scope, id);
