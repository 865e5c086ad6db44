-- Messages to officials: the inbox, e-mail, text messages. Addresses lie with the person, encrypted.
create table access.contact (
  person_id uuid primary key references access.person,
  email bytea,
  work_phone bytea,
  version integer not null default 1,
  updated_at timestamptz not null,
  updated_by text not null
);

create schema messages;

-- One message, whoever gets it. The same key is posted once.
create table messages.message (
  id uuid primary key,
  key text not null unique,
  kind text not null,
  title jsonb not null,
  body jsonb not null,
  link text,
  about_kind text not null,
  about_id text not null,
  created_at timestamptz not null,
  created_by text not null
);
create index message_about on messages.message (about_kind, about_id);

-- To one person by one channel. The id is the stable name of it that receivers see (Message-ID, Idempotency-Key).
create table messages.delivery (
  id uuid primary key,
  message_id uuid not null references messages.message,
  person_id uuid not null references access.person,
  channel text not null,
  state text not null,
  attempts integer not null default 0,
  next_at timestamptz,
  -- A code and its numbers, never the text that a server sent: it may name people.
  last_error jsonb,
  sent_at timestamptz,
  read_at timestamptz,
  lease_until timestamptz,
  leased_by uuid,
  created_at timestamptz not null,
  unique (message_id, person_id, channel),
  check (channel in ('inbox', 'email', 'sms')),
  check (state in ('unread', 'read', 'waiting', 'failed', 'sent', 'given_up', 'no_address', 'not_configured'))
);
create index delivery_inbox on messages.delivery (person_id, id desc) where channel = 'inbox';
create index delivery_unread on messages.delivery (person_id) where state = 'unread';
create index delivery_due on messages.delivery (next_at, id) where state in ('waiting', 'failed');
