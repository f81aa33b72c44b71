-- Leaf of the Merkle tree (RFC 9162 2.1): SHA-256 over a zero byte and the canonical JSON (RFC 8785) of the event's envelope. Member names
-- stand in canonical order and every value is written as RFC 8785 would, so any program can recompute it from what a reader gets.
create function es.leaf(e_position bigint, e_stream text, e_revision bigint, e_id uuid, e_type text, e_schema int, e_occurred text, e_body text)
returns bytea language sql stable parallel safe as $$
  select sha256('\x00'::bytea || convert_to(concat(
    '{"body":', e_body, ',"digest":"sha256","id":"', e_id, '","occurredAt":', to_json(e_occurred), ',"position":', e_position,
    ',"revision":', e_revision, ',"schemaVersion":', e_schema, ',"stream":', to_json(e_stream), ',"type":', to_json(e_type), '}'), 'UTF8'))
$$;

-- Revision of a stream after one more request of a batch, walking the batch in its order. A request that may not go in leaves it as it
-- is, so the next one is judged against what really stands before it.
create function es.revision_after(reached bigint, start bigint, expected bigint, count int, barred boolean)
returns bigint language plpgsql immutable parallel safe as $$
begin
  if reached is null then reached := start; end if;
  if barred or expected <> reached then return reached; end if;
  return reached + count;
end $$;
create aggregate es.run(start bigint, expected bigint, count int, barred boolean) (sfunc = es.revision_after, stype = bigint);

-- Appends a batch of requests (r_*, one element a request) with their events (e_*, those of all requests, in the order of requests;
-- e_request is the number of the request from 1).
-- Answers one row of arrays, an element a request. Verdicts: appended, replayed (same command before: its first answer), reused (command id
-- of something else), closed, conflict. One refused request does not touch the others. `expected` null means any revision.
--
-- Why no reader can skip an event: the lock is the first thing taken and PostgreSQL frees it only after the commit became visible, so
-- position p + 1 is handed out only when p can be seen; every snapshot sees 1..k. A rollback takes the positions back with `head`.
-- The call is one statement in autocommit: no round trip to a client happens while the lock is held.
create function es.append(
  r_command uuid[], r_stream text[], r_expected bigint[], r_count int[], r_digest text[],
  e_request int[], e_id uuid[], e_type text[], e_schema smallint[], e_occurred text[], e_body text[])
returns table (outcome text[], revision bigint[], first_position bigint[], count int[], digest text[])
language plpgsql security definer
-- Plans are made while tables are young and small; lookups by key must stay lookups when they have grown.
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  base bigint;
  moment timestamptz;
begin
  perform pg_advisory_xact_lock(77, 1);
  -- A clock that was set back does not take the log back: what the system knew at a moment stays a prefix of the log.
  select l.head, greatest(l.recorded_at, clock_timestamp()) into base, moment from es.log l;

  return query
  with asked as (
    select i::int, command, stream, expected, n, digest, (sum(n) over (order by i) - n)::int as skipped
    from unnest(r_command, r_stream, r_expected, r_count, r_digest) with ordinality as t (command, stream, expected, n, digest, i)
  ), known as (
    select asked.*, coalesce((select e.revision from es.event e where e.stream = asked.stream order by e.revision desc limit 1), 0) as start,
      exists (select from es.closed_stream c where c.stream = asked.stream) as closed,
      r.revision as was_revision, r.first_position as was_first, r.count as was_count, r.digest as was_digest,
      r.command_id is not null as seen, r.stream = asked.stream and coalesce(r.digest = asked.digest, true) as same
    from asked
    left join es.receipt r on r.command_id = asked.command
  ), walked as (
    -- What stands before a request: what the requests before it in this batch made of its stream, or the log where there are none.
    select known.*, coalesce(es.run(start, expected, n, seen or closed)
      over (partition by stream order by i rows between unbounded preceding and 1 preceding), start) as before from known
  ), judged as (
    select walked.*,
      case when seen and same then 'replayed' when seen then 'reused' when closed then 'closed' when expected <> before then 'conflict' else 'appended' end as verdict
    from walked
  ), placed as (
    select judged.*, base + sum(case verdict when 'appended' then n else 0 end) over (order by i) - n + 1 as first from judged
  ), written as (
    insert into es.event (position, stream, revision, id, type, schema_version, occurred_at, recorded_at, body, leaf)
    select e.position, e.stream, e.revision, e.id, e.type, e.version, e.occurred, moment, e.body,
      es.leaf(e.position, e.stream, e.revision, e.id, e.type, e.version, e.occurred, e.body)
    from (
      select p.first + o - p.skipped - 1 as position, p.stream, p.before + o - p.skipped as revision, u.*
      from placed p
      join unnest(e_request, e_id, e_type, e_schema, e_occurred, e_body) with ordinality as u (request, id, type, version, occurred, body, o) on u.request = p.i
      where p.verdict = 'appended'
    ) e
  ), receipted as (
    insert into es.receipt (command_id, stream, revision, first_position, count, digest)
    select command, stream, before + n, first, n, digest from placed where verdict = 'appended'
  ), moved as (
    update es.log set head = base + appended.n, recorded_at = moment
    from (select sum(n) as n from placed where verdict = 'appended') appended where appended.n > 0
  )
  select array_agg(verdict order by i),
    array_agg(case verdict when 'replayed' then was_revision when 'appended' then before + n else before end order by i),
    array_agg(case verdict when 'appended' then first when 'replayed' then was_first end order by i),
    array_agg(case verdict when 'replayed' then was_count else n end order by i),
    array_agg(case verdict when 'replayed' then was_digest end order by i)
  from placed;

  -- A hint to those who wait at the end of the log: once a batch, because every notifying commit takes a lock of the whole cluster.
  perform pg_notify('es_appended', '') from es.log l where l.head > base;
end $$;

-- Last position recorded at or before a moment. `recorded_at` never decreases along positions, so the primary key is enough for a binary
-- search: two dozen lookups in ten million events, and no second index to keep up with every append.
create function es.position_at(moment timestamptz) returns bigint language plpgsql stable as $$
declare
  low bigint := 0;
  high bigint;
  middle bigint;
begin
  select l.head into high from es.log l;
  while low < high loop
    middle := (low + high + 1) / 2;
    if (select e.recorded_at <= moment from es.event e where e.position = middle) then low := middle; else high := middle - 1; end if;
  end loop;
  return low;
end $$;

-- A closed stream takes no more events.
create function es.close_stream(name text) returns void language sql as $$
  insert into es.closed_stream (stream) values (name) on conflict do nothing
$$;

-- To be called once after the log was restored from a backup: every checkpoint of the time before is void then.
create function es.begin_epoch() returns uuid language sql as $$
  update es.log set epoch = gen_random_uuid() returning epoch
$$;
