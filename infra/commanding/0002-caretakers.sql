-- Each service that runs as a process of its own has its own caretaker; a park in one process has one for all of them. The fence counts
-- up with every process that takes over: a mark is moved only by who still has the number it began with.
alter table commanding.caretaker drop column singleton;
alter table commanding.caretaker add column service text not null default 'park' primary key;
alter table commanding.caretaker alter column service drop default;
alter table commanding.caretaker add column fence bigint not null default 0;
