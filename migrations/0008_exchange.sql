create schema exchange;

create table exchange.peer (
  id uuid primary key,
  name text not null,
  kind text not null check (kind in ('upper_platform', 'lower_platform', 'publicity_system', 'authority_portal', 'service_platform', 'third_party')),
  division text not null,
  items text[] not null,
  channel text not null,
  ack_workdays integer not null,
  legal_basis jsonb not null,
  contact text not null default '',
  state text not null check (state in ('active', 'suspended')),
  version integer not null default 1,
  created_at timestamptz not null
);

-- One row an event and peer, made when the event is first handed to it. Who holds a record is a query over these.
create table exchange.delivery (
  subject_id uuid not null,
  peer_id uuid not null,
  event_id uuid not null,
  record_id uuid not null,
  kind text not null check (kind in ('publish', 'update', 'withdraw')),
  sent_at timestamptz not null,
  acked_at timestamptz,
  outcome text check (outcome in ('applied', 'already', 'refused')),
  note text not null default '',
  primary key (subject_id, peer_id, event_id)
);
create index delivery_record on exchange.delivery (subject_id, record_id, peer_id);
create index delivery_open on exchange.delivery (peer_id, sent_at) where acked_at is null;

create table exchange.cursor (
  peer_id uuid primary key references exchange.peer,
  cursor text not null,
  pulled_at timestamptz not null
);

-- Who owes an acknowledgement is asked from the withdrawals, which are few.
create index event_withdrawn on platform.event (record_id, commit_n) where kind = 'record.withdrawn';
