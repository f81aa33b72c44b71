-- How often a deadline of `rm.deadline` was tried, and when it is tried again; `infinity` once it was carried out. Kept beside the rows that
-- are folded from the log, so that those can be rebuilt: losing this loses nothing, because a command that was sent has its receipt.
-- A deadline of the same name that goes back to another event is another one.
create table commanding.deadline_attempt (
  deadline text not null,
  cause uuid not null,
  attempts integer not null default 0,
  last_error text,
  next_at timestamptz not null,
  tried_at timestamptz not null default now(),
  primary key (deadline, cause)
);
