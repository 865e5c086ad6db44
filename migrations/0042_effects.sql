-- What a repair brings about beyond taking down (Order 36 art. 3): who applies measures or evaluates by what basis, and what each
-- of them says it did.

-- [{part, basis: {zh, en}, since}]: of what it is asked with every withdrawal that it is told from that instant on.
alter table exchange.peer add column duties jsonb not null default '[]';

create table exchange.effect (
  subject_id uuid not null,
  peer_id uuid not null references exchange.peer,
  -- The withdrawal that it was told.
  event_id uuid not null,
  part text not null check (part in ('measures', 'evaluation')),
  record_id uuid not null,
  -- none: it had nothing in place that rested on the record.
  result text not null check (result in ('done', 'none')),
  at timestamptz not null,
  -- The peer itself, or the credit office upon its word.
  by_kind text not null check (by_kind in ('peer', 'office')),
  actor text not null,
  note text not null default '',
  primary key (subject_id, peer_id, event_id, part)
);
create index effect_record on exchange.effect (subject_id, record_id);
