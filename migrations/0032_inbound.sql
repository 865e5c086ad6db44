-- Inbound: what other platforms and systems send, message by message, and what became of each.

create schema inbound;

-- One body, file or run of an exchange table as it came. The bytes are kept under their hash whatever becomes of them.
create table inbound.intake (
  id uuid primary key,
  peer_id uuid not null references exchange.peer,
  way text not null check (way in ('push', 'file', 'table')),
  file_hash text not null references platform.file,
  file_name text not null,
  received_at timestamptz not null,
  events integer not null default 0,
  -- Messages that had come before, with the same and with another content.
  repeated integer not null default 0,
  clashed integer not null default 0,
  -- Why nothing of it was read.
  refusal jsonb
);
create index intake_peer on inbound.intake (peer_id, received_at desc);

-- Each message once per peer. Whose file it is about stands on the record that it became.
create table inbound.message (
  id uuid primary key,
  peer_id uuid not null references exchange.peer,
  event_id text not null,
  intake_id uuid not null references inbound.intake,
  n integer not null,
  type text not null,
  -- The sender's own name for what it is about: messages about one thing are carried out in the order of their times.
  thing text not null,
  at timestamptz not null,
  digest text not null,
  received_at timestamptz not null,
  -- The day under which it is counted.
  day date not null,
  item text not null default '',
  name text not null default '',
  authority text not null default '',
  authority_key text not null default '',
  doc_no text not null default '',
  -- Kept until it is carried out; the whole body lies in the file for good.
  body jsonb,
  state text not null check (state in ('pending', 'accepted', 'refused')),
  outcome text check (outcome in ('applied', 'already', 'refused')),
  code text not null,
  params jsonb not null default '{}',
  problems jsonb not null default '[]',
  record_id uuid,
  attempts integer not null default 0,
  next_try_at timestamptz,
  decided_at timestamptz,
  decided_by text,
  -- When the sender was told the outcome, and when it is tried again.
  told_at timestamptz,
  tell_at timestamptz,
  tells integer not null default 0,
  version integer not null default 1,
  unique (peer_id, event_id),
  check ((state = 'pending') = (outcome is null)),
  check ((state = 'refused') = (outcome is not distinct from 'refused'))
);
create index message_received on inbound.message (received_at desc, id desc);
create index message_peer on inbound.message (peer_id, received_at desc, id desc);
create index message_due on inbound.message (next_try_at) where state = 'pending' and next_try_at is not null;
create index message_thing on inbound.message (peer_id, thing) where state = 'pending';
create index message_untold on inbound.message (tell_at) where told_at is null and tell_at is not null;
create index message_authority on inbound.message (authority_key) where state = 'pending';
create index message_intake on inbound.message (intake_id, n);

-- The balance of each peer and day holds at every commit.
create table inbound.day (
  peer_id uuid not null references exchange.peer,
  day date not null,
  received integer not null,
  accepted integer not null,
  refused integer not null,
  pending integer not null,
  primary key (peer_id, day),
  check (received = accepted + refused + pending),
  check (accepted >= 0 and refused >= 0 and pending >= 0)
);

-- What a peer has told of one thing so far: an older message never undoes a newer one, even where that was a withdrawal
-- of something that had not come yet.
create table inbound.told (
  peer_id uuid not null references exchange.peer,
  thing text not null,
  last_at timestamptz not null,
  record_id uuid,
  -- The record came from this peer first: it says what the record says.
  source boolean not null default false,
  withdrawn boolean not null default false,
  reason text,
  shown_until date,
  primary key (peer_id, thing)
);
create index told_record on inbound.told (record_id) where record_id is not null;
create index told_ending on inbound.told (shown_until) where source and not withdrawn and shown_until is not null;

-- Authorities outside the register that the credit office has let in by name.
create table inbound.authority (
  name_key text primary key,
  name text not null,
  admitted_at timestamptz not null,
  admitted_by text not null
);
