-- Summons of third parties and what they are asked to mend (Order 36 art. 24); whoever is late hears of it outside too.

-- Whom a third party sent, when, what was asked of it, by which day, and what came of it.
create table agreements.talk (
  id uuid primary key,
  peer_id uuid not null references exchange.peer,
  state text not null check (state in ('called', 'asked', 'mended', 'not_mended', 'dropped')),
  -- Who is summoned, and as what: one of the capacities that the policy names.
  person text not null,
  capacity text not null,
  -- The day for which it is called, and what for.
  called_for date not null,
  reason text not null,
  basis jsonb not null,
  -- The lateness that it rests on, as it was then.
  figures jsonb not null,
  called_at timestamptz not null,
  called_by text not null,
  -- What was held: when, what was said, what is asked, until which day.
  held_on date,
  minutes text not null default '',
  asks text not null default '',
  due_on date,
  held_by text,
  closed_at timestamptz,
  closed_by text,
  -- The lateness when it was closed.
  figures_after jsonb,
  note text not null default '',
  version integer not null default 1,
  check (state in ('called', 'dropped') or (held_on is not null and due_on is not null and asks <> '')),
  check ((closed_at is null) = (state in ('called', 'asked')))
);
create unique index talk_one_open on agreements.talk (peer_id) where state in ('called', 'asked');
create index talk_peer on agreements.talk (peer_id, called_at desc, id desc);

-- Where a peer is written to.
alter table exchange.peer add column mail text not null default '';
-- When it was last told itself.
alter table exchange.chase add column peer_told_at timestamptz;

-- A message may go to an organisation outside: its name, and its address, encrypted.
alter table messages.delivery alter column person_id drop not null;
alter table messages.delivery add column outside_name text, add column outside_address bytea;
alter table messages.delivery add constraint delivery_to
  check ((person_id is null) = (outside_name is not null) and (person_id is not null or channel = 'email'));
