create schema catalog;

-- A version of a catalog item on its way into force: previewed on the data held, proposed by one person, approved by another.
create table catalog.proposal (
  id uuid primary key,
  item text not null,
  origin text not null check (origin in ('pack', 'upload')),
  -- The item as it would be, whole: what is in force later does not depend on a file.
  definition jsonb not null,
  source_text text,
  reason text not null,
  effective_from date not null,
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
create index proposal_created on catalog.proposal (created_at desc, id desc);
create unique index proposal_one_a_day on catalog.proposal (item, effective_from) where state = 'approved';

-- How far the check of what is held has come; it goes on from there whoever takes it up.
create table catalog.preview (
  proposal_id uuid primary key references catalog.proposal,
  state text not null check (state in ('waiting', 'running', 'done')),
  total integer not null default 0,
  checked integer not null default 0,
  failing integer not null default 0,
  -- Per field and kind of fault, how many records: [{ field, code, n }].
  faults jsonb not null default '[]',
  after_subject uuid,
  after_record uuid,
  started_at timestamptz not null,
  finished_at timestamptz,
  lease_until timestamptz
);
create index preview_open on catalog.preview (started_at) where state <> 'done';

-- The held records that would fail, as many as a person will look at; the counts above are of all.
create table catalog.preview_row (
  proposal_id uuid not null references catalog.proposal,
  n integer not null,
  subject_id uuid not null,
  record_id uuid not null,
  authority_name text not null,
  doc_no text not null,
  decided_on date not null,
  problems jsonb not null,
  primary key (proposal_id, n)
);

-- Raised with every change of what is in force: a process that has seen another number reads the versions again.
create table catalog.counter (
  one boolean primary key default true check (one),
  n bigint not null
);
insert into catalog.counter (one, n) values (true, 0);

-- For a check of what is held by another version of its item: the content of each record as its owner keeps it.
create view records.v_content as
  select subject_id, id, item, authority_name, doc_no, decided_on, fields, inner_fields, secret
  from records.record where state = 'held';
