-- Where an event lies, by the first 52 bits of its id: the log has no index by id. Positions of other events with the same bits are among
-- the answers, so who asks compares the whole id with the event itself.
create table event_place (
  id_head bigint not null,
  position bigint not null
);
alter table event_place add primary key (id_head, position);
