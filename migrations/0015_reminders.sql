create schema reminders;

-- A matter of an authority that is not mended, and to whom this has been said. One open reminder a matter and level.
create table reminders.reminder (
  id uuid primary key,
  authority_id uuid not null references access.authority,
  authority_name text not null,
  division text not null,
  what text not null,
  -- What the oldest of it is: a submission, a record, a finding.
  ref text not null,
  level text not null,
  state text not null,
  rows_open integer not null,
  oldest date not null,
  by_hand boolean not null,
  message_id uuid references messages.message,
  raised_at timestamptz not null,
  raised_by text not null,
  answered_at timestamptz,
  version integer not null default 1,
  check (what in ('returned_rows', 'late', 'missing')),
  check (level in ('collector', 'head', 'circular')),
  check (state in ('open', 'answered')),
  constraint reminder_answered check ((state = 'answered') = (answered_at is not null))
);
create unique index reminder_open on reminders.reminder (authority_id, what, level) where state = 'open';
create index reminder_division on reminders.reminder (division text_pattern_ops, id desc);
create index reminder_authority on reminders.reminder (authority_id, id desc);

-- What the monthly circular names: matters that neither the collector nor the head has had mended.
create view reminders.v_circular as
select id, authority_id, authority_name, division, what, ref, rows_open, oldest, raised_at, state, answered_at
from reminders.reminder where level = 'circular';
