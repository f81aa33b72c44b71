-- An index made on 2026-11-25 before 14:10 UTC lacks the second of the two indexes of receipts.
create index receipt_position on esdb.receipt (position);
