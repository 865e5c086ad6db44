create schema collection;

create table collection.submission (
  id uuid primary key,
  no text not null unique,
  authority_id uuid not null,
  authority_name text not null,
  division text not null,
  item text not null,
  way_in text not null check (way_in in ('web', 'cli', 'api', 'seed')),
  file_hash text,
  file_name text not null,
  state text not null check (state in ('received', 'running', 'done', 'refused')),
  refusal jsonb,
  mapping jsonb,
  header jsonb,
  received integer not null default 0,
  accepted integer not null default 0,
  refused integer not null default 0,
  pending integer not null default 0,
  already_held integer not null default 0,
  read_to integer not null default 0,
  total_rows integer not null default 0,
  total_bytes bigint not null default 0,
  corrects uuid,
  backfill boolean not null default false,
  created_at timestamptz not null,
  created_by text not null,
  handed_in_by text not null,
  finished_at timestamptz,
  lease_until timestamptz,
  leased_by text,
  version integer not null default 1,
  constraint submission_balances check (received = accepted + refused + pending + already_held)
);
create index submission_authority on collection.submission (authority_id, created_at desc, id desc);
create index submission_division on collection.submission (division text_pattern_ops, created_at desc);
create index submission_created on collection.submission (created_at desc, id desc);
create index submission_open on collection.submission (created_at) where state in ('received', 'running');

-- Rows that were not simply accepted; an accepted row is found on its record by (submission_id, row_n).
create table collection.row (
  submission_id uuid not null references collection.submission,
  n integer not null,
  verdict text not null check (verdict in ('refused', 'pending', 'already_held', 'accepted')),
  name text not null,
  doc_no text not null,
  cells jsonb not null,
  secret bytea,
  problems jsonb not null default '[]',
  subject_id uuid,
  record_id uuid,
  decided_at timestamptz,
  decided_by text,
  version integer not null default 1,
  primary key (submission_id, n)
);
create index row_pending on collection.row (submission_id, n) where verdict = 'pending';

-- How an authority's own table is read, remembered per authority, item and heading row.
create table collection.mapping (
  authority_id uuid not null,
  item text not null,
  header_key text not null,
  mapping jsonb not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (authority_id, item, header_key)
);
