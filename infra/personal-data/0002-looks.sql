-- Who looked at whose name, when and why: written before the name is answered, and never changed afterwards. The person stands here by
-- the opaque id, so that an erasure closes the name and leaves the record of the look.
create table personal.look (
  seq bigint generated always as identity primary key,
  at timestamptz not null default now(),
  subject text not null,
  unit text,
  roles text[] not null,
  person text not null,
  -- Stream of the thing that names the person.
  about text not null,
  reason text not null check (reason <> '')
);

create function personal.looks_stand() returns trigger language plpgsql as $$
begin
  raise exception 'personal.look is append-only';
end
$$;

create trigger looks_stand before update or delete or truncate on personal.look
  for each statement execute function personal.looks_stand();
