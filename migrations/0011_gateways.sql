-- Ways in that fetch for themselves: watched folders and exchange tables (前置库).
alter table collection.submission drop constraint submission_way_in_check;
alter table collection.submission add constraint submission_way_in_check
  check (way_in in ('web', 'form', 'cli', 'api', 'folder', 'gateway', 'seed'));

create schema gateways;

create table gateways.gateway (
  id uuid primary key,
  kind text not null check (kind in ('folder', 'table')),
  name text not null,
  authority_id uuid not null,
  authority_name text not null,
  division text not null,
  item text not null,
  state text not null check (state in ('active', 'paused')),
  backfill boolean not null default false,
  -- A folder: {path, marker}. A table: {host, port, database, user, schema, table}; never the password.
  place jsonb not null,
  -- What no two gateways may share.
  place_key text not null unique,
  -- The connection string of a table, sealed.
  secret bytea,
  poll_seconds integer not null,
  -- A folder: what lay there at the last look, to tell what is complete.
  seen jsonb not null default '{}',
  waiting integer not null default 0,
  read_at timestamptz,
  taken_at timestamptz,
  problem jsonb,
  failures integer not null default 0,
  next_at timestamptz not null,
  lease_until timestamptz,
  leased_by text,
  version integer not null default 1,
  created_at timestamptz not null,
  created_by text not null
);
create index gateway_due on gateways.gateway (next_at) where state = 'active';
create index gateway_division on gateways.gateway (division text_pattern_ops, id);
create index gateway_authority on gateways.gateway (authority_id, id);

-- What was taken in one go: a file, or a stretch of rows. It stands in the transaction that takes it in; answered once the
-- receipt lies with the file or in the table, and until then the answer is given again.
create table gateways.intake (
  gateway_id uuid not null references gateways.gateway,
  id uuid not null,
  state text not null check (state in ('taken', 'answered', 'refused')),
  -- The file as it lies in the taking, or gateway, first and last row and content.
  key text not null,
  name text not null,
  hash text,
  first_seq text,
  last_seq text,
  rows integer,
  submission_id uuid,
  submission_no text,
  -- The same content came before: its submission is named again.
  repeated boolean not null default false,
  -- Why a file was not taken in.
  problem jsonb,
  -- What is to be written back: one entry a row.
  answers jsonb,
  -- Rows whose verdict people still have to give.
  open_rows integer not null default 0,
  taken_at timestamptz not null,
  answered_at timestamptz,
  primary key (gateway_id, id)
);
create unique index intake_outstanding on gateways.intake (gateway_id, key) where state = 'taken';
create index intake_hash on gateways.intake (gateway_id, hash) where hash is not null;
create index intake_open on gateways.intake (gateway_id) where open_rows > 0;
create index intake_submission on gateways.intake (submission_id);
