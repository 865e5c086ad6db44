create schema policies;

-- A change of the rules on its way into force: previewed on the data held, proposed by one person, approved by another.
create table policies.proposal (
  id uuid primary key,
  -- Rows of the pack in a text, a sector's own classification (Order 36 art. 11), or another value of a row that awaits confirmation.
  kind text not null check (kind in ('rows', 'sector', 'switch')),
  title jsonb not null,
  -- What comes into force, whole, and what it differs in, row by row, as it was when it was drawn up.
  change jsonb not null,
  difference jsonb not null,
  source_text text,
  reason text not null,
  effective_from date not null,
  -- The rules it was drawn up on: a proposal on rules that are no longer the newest is not approved.
  based_on text not null,
  state text not null check (state in ('draft', 'proposed', 'approved', 'refused', 'withdrawn')),
  created_at timestamptz not null,
  created_by text not null,
  created_name text not null,
  proposed_at timestamptz,
  proposed_by text,
  proposed_name text,
  decided_at timestamptz,
  decided_by text,
  decided_name text,
  decision text,
  version integer not null default 1,
  constraint proposal_two_people check (state <> 'approved' or (decided_by <> proposed_by and decided_by <> created_by))
);
create index proposal_created on policies.proposal (created_at desc, id desc);
create unique index proposal_one_a_day on policies.proposal (effective_from) where state = 'approved';

-- One pass over the records that a change may concern: to foresee what it does, or to do it. It goes on from its place
-- whoever takes it up. Of each figure how many records.
create table policies.pass (
  proposal_id uuid not null references policies.proposal,
  purpose text not null check (purpose in ('preview', 'application')),
  state text not null check (state in ('waiting', 'running', 'done', 'cancelled')),
  total integer not null default 0,
  checked integer not null default 0,
  figures jsonb not null default '{}',
  after_subject uuid,
  after_record uuid,
  started_at timestamptz not null,
  finished_at timestamptz,
  lease_until timestamptz,
  -- An application looks once more on this day: for what a long import stored under the rules of the day before.
  again_on date,
  primary key (proposal_id, purpose)
);
create index pass_open on policies.pass (started_at) where state in ('waiting', 'running');

-- The records behind the figures of a preview; `figures` has a bit for each that counts the record.
create table policies.preview_row (
  proposal_id uuid not null references policies.proposal,
  n integer not null,
  subject_id uuid not null,
  record_id uuid not null,
  authority_id uuid not null,
  authority_name text not null,
  item text not null,
  doc_no text not null,
  decided_on date not null,
  figures integer not null,
  -- Of each channel that changes: [{ channel, before, after }].
  changes jsonb not null,
  primary key (proposal_id, n)
);

-- Each figure by authority and item, once the preview is done.
create table policies.preview_count (
  proposal_id uuid not null references policies.proposal,
  authority_id uuid not null,
  authority_name text not null,
  item text not null,
  figure text not null,
  n integer not null,
  primary key (proposal_id, figure, authority_id, item)
);

-- Raised with every change of what is in force, or will be: a process that has seen another number reads the changes again.
create table policies.counter (
  one boolean primary key default true check (one),
  n bigint not null
);
insert into policies.counter (one, n) values (true, 0);

-- The rules computed its windows anew: what it says is as it was. Such a version is nobody's report.
alter table records.version add column ruled_by uuid;
