-- Keys of persons. Whoever deletes a row here erases the person from every event, backup and projection at once: what is left
-- there is a text that nobody can open any more (PIPL art 47). Nothing else may hold these keys.
create schema if not exists personal;

create table personal.key (
  -- HMAC-SHA256 of name and phone under the park's secret: the same person gets the same id, and nobody else can compute it.
  person text primary key,
  key bytea not null check (length(key) = 32),
  made_at timestamptz not null default now()
);

create table personal.secret (
  singleton boolean primary key default true check (singleton),
  value bytea not null check (length(value) = 32)
);
