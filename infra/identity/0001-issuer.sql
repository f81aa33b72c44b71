-- What the built-in issuer must not forget when the process ends: its keys, and the sessions and codes that it gave out.
-- It serves demo accounts only (it refuses to run in production), so its keys may lie here in clear.
create schema if not exists identity;

create table identity.signing_key (
  id uuid primary key default gen_random_uuid(),
  jwk jsonb not null,
  made_at timestamptz not null default now()
);

create table identity.cookie_key (
  singleton boolean primary key default true check (singleton),
  value text not null
);

-- One table for all kinds of artefacts of oidc-provider: sessions, interactions, grants, codes.
create table identity.artefact (
  model text not null,
  id text not null,
  payload jsonb not null,
  grant_id text,
  uid text,
  consumed_at timestamptz,
  expires_at timestamptz,
  primary key (model, id)
);
create index artefact_by_grant on identity.artefact (grant_id) where grant_id is not null;
create index artefact_by_uid on identity.artefact (uid) where uid is not null;
create index artefact_by_expiry on identity.artefact (expires_at);
