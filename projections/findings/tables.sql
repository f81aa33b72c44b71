-- Verdicts of rules that did not stop the command they were found on, one row each, by the event that they travel with.
-- `occurred_at` is the claim as it was written, `day` its business day. Findings of timers and projections are events of their own: `finding` is then
-- their stream and `revision` the place of the event in it, `owner` the unit that has to settle it by `due_at`; `internal` ones are for offices alone.
-- `judged_on` is the day whose edition of the rule was applied, where that is not the day of the event.
create table finding (
  position bigint not null,
  seq integer not null,
  event_id uuid not null,
  event_type text not null,
  rule text not null,
  severity text not null,
  pointer text not null,
  facts jsonb not null,
  subject_kind text not null check (subject_kind in ('lot', 'manifest', 'unit', 'claim')),
  subject text not null,
  occurred_at text not null,
  day date not null,
  finding text,
  revision integer,
  owner text,
  due_at text,
  internal boolean not null,
  judged_on date
);
alter table finding add primary key (position, seq);
create index finding_by_subject on finding (subject_kind, subject);
create index finding_by_day on finding (day);
create index finding_by_rule on finding (rule, position);

-- What a finding asked for was done. Raised and settled take turns in a stream, so this settles the event of revision `revision`.
create table finding_settled (
  finding text not null,
  revision integer not null,
  settled_at text not null,
  late boolean
);
alter table finding_settled add primary key (finding, revision);
