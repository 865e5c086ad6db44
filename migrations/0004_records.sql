create schema records;

-- Why a window is as it is, once for all the records that share it; named by the digest of its content, never changed.
create table records.basis (
  id text primary key,
  body jsonb not null
);

create table records.record (
  subject_id uuid not null,
  id uuid not null,
  item text collate "C" not null,
  division text,
  authority_id uuid not null,
  authority_key text collate "C" not null,
  authority_name text not null,
  doc_no text not null,
  doc_key text collate "C" not null,
  decided_on date not null,
  published_on date not null,
  recorded_at timestamptz not null,
  version integer not null,
  disposed integer not null default 0,
  fingerprint text not null,
  -- `fields` is what may be published, already masked; `inner_fields` is laid over it for those who may see the rest.
  fields jsonb not null,
  inner_fields jsonb,
  secret bytea,
  facts jsonb not null,
  -- Folded, one a channel, packed: what many records share (rule, version, article, words) lies in records.basis.
  windows jsonb not null,
  -- Of the window on this platform's own site: what lists and pages ask for.
  class text not null,
  basis text,
  earliest date,
  shown_from date,
  shown_until date,
  submission_id uuid not null,
  row_n integer not null,
  backfill boolean not null default false,
  state text not null default 'held' check (state in ('held', 'annulled')),
  primary key (subject_id, id),
  constraint record_natural_key unique (subject_id, item, authority_key, doc_key)
);
create index record_id on records.record (id);
create index record_submission on records.record (submission_id, row_n);
create index record_authority on records.record (authority_id, decided_on desc, id desc);
create index record_shown on records.record (item, decided_on desc, id desc) where shown_from is not null;

-- What a record said before its present version.
create table records.version (
  subject_id uuid not null,
  record_id uuid not null,
  version integer not null,
  fingerprint text not null,
  fields jsonb not null,
  inner_fields jsonb,
  secret bytea,
  facts jsonb not null,
  windows jsonb not null,
  submission_id uuid not null,
  row_n integer not null,
  recorded_at timestamptz not null,
  replaced_at timestamptz not null,
  primary key (subject_id, record_id, version)
);
create index version_submission on records.version (submission_id, row_n);

-- Append-only: what happened to a record. What is shown on a day is a fold over these.
create table records.disposition (
  subject_id uuid not null,
  record_id uuid not null,
  id uuid not null,
  -- The order in which a record's dispositions were recorded: instants of two machines need not tell.
  n integer not null,
  kind text not null check (kind in ('repaired', 'annulled', 'shielded', 'restored', 'revoked', 'corrected', 'disputed', 'dispute_closed', 'deregistered', 'delisted')),
  channel text,
  effective_from date not null,
  recorded_at timestamptz not null,
  recorded_by text not null,
  reason text not null,
  basis jsonb not null,
  restart jsonb,
  case_id uuid,
  primary key (subject_id, record_id, id)
);
create trigger disposition_append_only before update or delete on records.disposition
  for each row execute function platform.forbid_change();
