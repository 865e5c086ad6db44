-- Exchange at full depth: how each peer is reached, which keys it and we sign with, what became of each delivery.

alter table exchange.peer
  -- By which it is known in messages: the `source` of its CloudEvents. Empty for peers that send nothing.
  add column code text not null default '',
  add column way text not null default 'pull' check (way in ('pull', 'push', 'file', 'table')),
  add column direction text not null default 'out' check (direction in ('out', 'in', 'both')),
  add column format text not null default 'cloudevents'
    check (format in ('cloudevents', 'json_envelope', 'xml_envelope', 'csv', 'xlsx', 'json_lines')),
  -- Working days in which a withdrawal has to be carried out.
  add column takedown_workdays integer not null default 1,
  -- Of its way: address, folder, table. Nothing secret.
  add column settings jsonb not null default '{}',
  -- What its way needs and nobody may read: encrypted.
  add column secret bytea,
  add column rate_per_minute integer not null default 600,
  -- Networks (CIDR) from which it may come; empty: any.
  add column addresses text[] not null default '{}';
update exchange.peer set takedown_workdays = ack_workdays;
alter table exchange.peer drop constraint peer_state_check;
alter table exchange.peer add constraint peer_state_check
  check (state in ('onboarding', 'active', 'suspended', 'cut_off'));
create unique index peer_code on exchange.peer (code) where code <> '';

-- The keys with which a peer signs what it sends. Two may be valid at once while it changes over.
create table exchange.peer_key (
  id uuid primary key,
  peer_id uuid not null references exchange.peer,
  key_id text not null,
  algorithm text not null check (algorithm in ('ed25519', 'sm2')),
  public_key jsonb not null,
  valid_from timestamptz not null,
  valid_until timestamptz,
  revoked_at timestamptz,
  added_at timestamptz not null,
  unique (peer_id, key_id)
);

-- Our own keys are derived from the master key by algorithm and generation; here stands when each signs and until when it is published.
create table exchange.signing_key (
  algorithm text not null check (algorithm in ('ed25519', 'sm2')),
  generation integer not null,
  key_id text not null,
  public_key jsonb not null,
  signs_from timestamptz not null,
  signs_until timestamptz,
  published_until timestamptz,
  primary key (algorithm, generation)
);

-- Whose message brought a change about: it is not sent back to where it came from.
alter table platform.event add column origin uuid;

alter table exchange.delivery
  -- What the peer was told last: with these a later event says what it was before.
  add column version integer,
  add column shown_from date,
  add column shown_until date,
  add column disputed boolean not null default false,
  -- Of ways in which we go to the peer. A delivery that waits for nothing has no next attempt.
  add column attempts integer not null default 0,
  add column next_attempt_at timestamptz,
  -- When the peer took it: fetched the page, answered the request, read the file or the row.
  add column delivered_at timestamptz,
  add column dead_at timestamptz,
  add column fault text not null default '',
  -- When somebody looked and saw that it is down.
  add column verified_at timestamptz;
update exchange.delivery set delivered_at = sent_at;
alter table exchange.delivery drop constraint delivery_kind_check;
alter table exchange.delivery add constraint delivery_kind_check
  check (kind in ('publish', 'update', 'withdraw', 'message'));
alter table exchange.delivery alter column record_id drop not null;
alter table exchange.delivery drop constraint delivery_outcome_check;
-- not_needed: by the time it could go, there was nothing to tell any more.
alter table exchange.delivery add constraint delivery_outcome_check
  check (outcome in ('applied', 'already', 'refused', 'not_needed'));
create index delivery_due on exchange.delivery (peer_id, next_attempt_at) where next_attempt_at is not null;
create index delivery_dead on exchange.delivery (peer_id, dead_at) where dead_at is not null;

-- Messages to one peer that are no record: a case that is passed on, an answer, a question of the reconciliation.
create table exchange.addressed (
  subject_id uuid not null,
  event_id uuid not null,
  peer_id uuid not null,
  type text not null,
  data jsonb not null,
  at timestamptz not null,
  primary key (subject_id, peer_id, event_id)
);
