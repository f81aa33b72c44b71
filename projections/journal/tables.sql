-- The journal of mass: double entries of whole grams, one layer each. Only ever inserted.
create table journal_entry (
  -- Own dense sequence from 1, given by the one writer: blocks of it make the cube.
  entry_no bigint not null,
  position bigint not null,
  -- Position of the event that this is a posting of: another one than `position` where a correction posted it.
  of_position bigint not null,
  -- Place within its event, from 0.
  seq integer not null,
  business_day date not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  -- Codes of kinds.ts.
  stream smallint not null,
  code text not null,
  from_kind smallint not null,
  from_holder text,
  from_place text,
  from_document text,
  to_kind smallint not null,
  to_holder text,
  to_place text,
  to_document text,
  lot_from text not null,
  lot_to text not null,
  -- Method of treatment; empty where nothing is treated.
  method text not null,
  -- Whose waste, of which day, whether that unit lay in the park, whether it came out of a treatment.
  origin_unit text not null,
  origin_day date not null,
  inside boolean not null,
  derived boolean not null,
  -- Negative where a correction takes back what was posted.
  grams bigint not null
);
alter table journal_entry add primary key (entry_no);
create index journal_entry_day on journal_entry (business_day, entry_no);
create index journal_entry_from on journal_entry (from_holder, business_day) where from_holder is not null;
create index journal_entry_to on journal_entry (to_holder, business_day) where to_holder is not null;
create index journal_entry_origin on journal_entry (origin_unit, business_day);
create index journal_entry_code on journal_entry (code, business_day);
create index journal_entry_lot on journal_entry (lot_from);
-- Edges between lots (split, mixed, residue) are few: what custody walks.
create index journal_entry_edge_from on journal_entry (lot_from, lot_to) where lot_from <> lot_to;
create index journal_entry_edge_to on journal_entry (lot_to, lot_from) where lot_from <> lot_to;

-- Sums of whole blocks of entries (cube.ts), by business day. A block is written once, when it is full.
create table journal_day (
  block bigint not null,
  business_day date not null,
  stream smallint not null,
  from_kind smallint not null,
  to_kind smallint not null,
  method text not null,
  inside boolean not null,
  -- Waste of a year before the business day's.
  prior boolean not null,
  derived boolean not null,
  grams bigint not null,
  entries bigint not null
);
alter table journal_day add primary key (block, business_day, stream, from_kind, to_kind, method, inside, prior, derived);

-- What a block holds up to the end of each month that it has entries of: sums over all its days until then. Not of the lowest blocks.
create table journal_month (
  block bigint not null,
  -- First day of the month.
  month date not null,
  stream smallint not null,
  from_kind smallint not null,
  to_kind smallint not null,
  method text not null,
  inside boolean not null,
  prior boolean not null,
  derived boolean not null,
  grams bigint not null,
  entries bigint not null
);
alter table journal_month add primary key (block, month, stream, from_kind, to_kind, method, inside, prior, derived);

-- Position of the last entry of each block of the lowest level: from a position to the entries known there.
create table journal_block (
  block bigint not null,
  position bigint not null
);
alter table journal_block add primary key (block);
create index journal_block_position on journal_block (position);

-- What lies in which account of which lot now, with its layers.
create table journal_balance (
  lot text not null,
  account text not null,
  kind smallint not null,
  holder text not null,
  place text not null,
  document text,
  stream smallint not null,
  code text not null,
  grams bigint not null,
  inside_grams bigint not null,
  oldest date not null,
  -- Null where several units' waste lies together.
  origin_unit text,
  -- Position from which on just this lay there.
  since bigint not null,
  layers text not null
);
alter table journal_balance add primary key (lot, account);
create index journal_balance_holder on journal_balance (holder);

-- What lay there from position `since` to before `until`.
create table journal_balance_past (
  lot text not null,
  account text not null,
  kind smallint not null,
  holder text not null,
  place text not null,
  document text,
  stream smallint not null,
  code text not null,
  grams bigint not null,
  inside_grams bigint not null,
  oldest date not null,
  origin_unit text,
  since bigint not null,
  until bigint not null,
  -- floor(log2(until - since)). What lay somewhere at position p began, in class c, within the 2^(c+1) positions before p; and whatever
  -- began within the last 2^c of them still lay there. So one range of this index a class finds it, at most half of it for nothing.
  span_class smallint not null
);
alter table journal_balance_past add primary key (lot, account, since);
create index journal_balance_past_span on journal_balance_past (span_class, since);

-- Lots as the fold must know them when nothing of them is left.
create table journal_lot (
  lot text not null,
  origin_unit text not null,
  inside boolean not null,
  origin_day date not null,
  derived boolean not null,
  stream smallint not null,
  code text not null,
  mixed boolean not null
);
alter table journal_lot add primary key (lot);

-- What a scale or a move found missing (R28); the books hold it as variance. A correction says by how much more or less is missing.
create table journal_shortage (
  position bigint not null,
  seq integer not null,
  lot text not null,
  account text not null,
  missing bigint not null
);
alter table journal_shortage add primary key (position, seq);

-- What an event of one lot put into another (split, mix, residue). After a correction: what it puts there now.
create table journal_inflow (
  lot text not null,
  position bigint not null,
  inflows text not null
);
alter table journal_inflow add primary key (lot, position);

-- A lot as it was after every 250th event of its stream, by the corrections known now: a correction folds again from the newest before it.
create table journal_folding (
  lot text not null,
  revision integer not null,
  position bigint not null,
  state text not null
);
alter table journal_folding add primary key (lot, revision);

-- How far the journal is: one row.
create table journal_head (
  id smallint not null,
  entry_no bigint not null,
  position bigint not null
);
alter table journal_head add primary key (id);
