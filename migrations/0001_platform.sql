-- What every capability uses: the commit log with audit and outbox, sessions' idempotency, file register.
create schema platform;

-- One row a transaction that wrote anything worth telling. Its position, given after the commit by the one
-- sequencer, is the total order that readers of the feed and the sealing of the audit rely on.
create table platform.commit (
  n bigint generated always as identity primary key,
  at timestamptz not null,
  position bigint unique
);
create index commit_unsequenced on platform.commit (n) where position is null;

-- The outbox. Per subject ordered by commit; the payload is a pointer, the body is built when it is read.
create table platform.event (
  subject_id uuid not null,
  at timestamptz not null,
  id uuid not null,
  commit_n bigint not null,
  kind text not null,
  record_id uuid,
  version integer,
  item text,
  division text,
  channels text[] not null default '{}',
  details jsonb not null default '{}',
  primary key (subject_id, at, id)
);
create index event_commit on platform.event (commit_n, id);
create index event_withdrawal on platform.event (record_id, commit_n) where kind in ('record.withdrawn', 'record.restored');

-- Append-only: who did what to what, in the same transaction as the change itself.
create table platform.audit (
  id uuid primary key,
  at timestamptz not null,
  commit_n bigint not null,
  actor_kind text not null check (actor_kind in ('anonymous', 'person', 'key', 'system')),
  actor_id text not null,
  authority_id uuid,
  act text not null,
  target_kind text not null,
  target_id text not null,
  subject_id uuid,
  details jsonb not null default '{}',
  request_id text not null
);
create index audit_target on platform.audit (target_kind, target_id, at);
create index audit_subject on platform.audit (subject_id, at) where subject_id is not null;
create index audit_commit on platform.audit (commit_n);

-- Seals: each covers the audit rows of a run of commits and chains to the seal before it.
create table platform.audit_seal (
  n bigint primary key,
  at timestamptz not null,
  from_position bigint not null,
  to_position bigint not null,
  rows bigint not null,
  root text not null,
  prev text not null
);

create function platform.forbid_change() returns trigger language plpgsql as $$
begin
  raise exception 'append-only table %', tg_table_name using errcode = 'XH001';
end $$;
create trigger audit_append_only before update or delete on platform.audit
  for each row execute function platform.forbid_change();
create trigger audit_seal_append_only before update or delete on platform.audit_seal
  for each row execute function platform.forbid_change();

create table platform.idempotency (
  owner text not null,
  key text not null,
  request_hash text not null,
  status integer,
  reply jsonb,
  created_at timestamptz not null,
  primary key (owner, key)
);
create index idempotency_age on platform.idempotency (created_at);

-- Content-addressed files under the data folder; a row exists before anything refers to it.
create table platform.file (
  hash text primary key,
  bytes bigint not null,
  media_type text not null,
  created_at timestamptz not null
);

-- Small settings that the platform remembers: what the demonstration loaded, what was told once.
create table platform.setting (
  key text primary key,
  value jsonb not null,
  at timestamptz not null
);
