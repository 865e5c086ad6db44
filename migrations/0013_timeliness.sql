-- What was reported, when it was first reported, and how it stands: for capabilities that count. A correction makes a version and moves
-- no first day; an annulled record stays and says so.
create view records.v_reported as
  select r.id as record_id, r.subject_id, r.item, r.division, r.authority_id, r.authority_name, r.decided_on,
    case when r.version = 1 then r.recorded_at else coalesce(
      (select v.recorded_at from records.version v where v.subject_id = r.subject_id and v.record_id = r.id and v.version = 1),
      r.recorded_at) end as recorded_at,
    r.backfill, r.submission_id, r.state, r.doc_no, r.doc_key
  from records.record r;

-- Penalties that take a licence away, with what they say of it.
create view records.v_licence_affected as
  select r.subject_id, r.id as record_id, r.authority_id, r.doc_no, r.decided_on,
    coalesce(r.inner_fields ->> 'licence_affected', r.fields ->> 'licence_affected') as named
  from records.record r
  where r.item = 'penalty' and r.state = 'held'
    and coalesce(r.inner_fields ->> 'licence_affected', r.fields ->> 'licence_affected', '') <> '';

create schema timeliness;

-- By which day a decision of a day had to be reported, as the rules say now. Computed once a day and item, again when the rules change.
create table timeliness.due (
  item text collate "C" not null,
  decided_on date not null,
  due_on date,
  provisional boolean not null,
  primary key (item, decided_on)
);

-- When an authority began to report: what was due before may be called backfill.
create table timeliness.authority (
  authority_id uuid primary key,
  begins_on date not null,
  begins_by text not null check (begins_by in ('first_report', 'set')),
  reason text not null default '',
  set_by text,
  set_at timestamptz,
  changed_at timestamptz not null,
  scanned_at timestamptz,
  version integer not null default 1
);

-- What each record adds to the tally: so that a change moves a count and is never counted twice.
create table timeliness.entry (
  subject_id uuid not null,
  record_id uuid not null,
  authority_id uuid not null,
  item text collate "C" not null,
  decided_on date not null,
  reported_on date not null,
  due_on date,
  flagged boolean not null,
  class text not null check (class in ('on_time', 'late', 'backfill', 'annulled', 'no_term')),
  primary key (subject_id, record_id)
);
create index entry_list on timeliness.entry (authority_id, class, decided_on desc, record_id desc);
-- Across authorities: what is late is few beside what is not.
create index entry_notable on timeliness.entry (class, decided_on desc, record_id desc) where class <> 'on_time';

-- The sum of the entries: what the overview, the ledger and the rates read.
create table timeliness.tally (
  authority_id uuid not null,
  item text collate "C" not null,
  decided_month date not null,
  reported_month date not null,
  class text collate "C" not null,
  n bigint not null,
  primary key (authority_id, item, decided_month, reported_month, class)
);

-- Hand-ins as they were last counted; those that may still change are looked at again.
create table timeliness.intake (
  submission_id uuid primary key,
  authority_id uuid not null,
  item text collate "C" not null,
  month date not null,
  received bigint not null,
  accepted bigint not null,
  refused bigint not null,
  pending bigint not null,
  already_held bigint not null,
  settled boolean not null
);
create index intake_open on timeliness.intake (submission_id) where not settled;
create table timeliness.intake_tally (
  authority_id uuid not null,
  item text collate "C" not null,
  month date not null,
  submissions bigint not null,
  received bigint not null,
  accepted bigint not null,
  refused bigint not null,
  pending bigint not null,
  already_held bigint not null,
  primary key (authority_id, item, month)
);

-- How far the commit log has been counted, and under which rules.
create table timeliness.progress (
  name text primary key,
  position bigint not null,
  rules text not null,
  at timestamptz not null
);

-- A decision that should have been reported and is not held.
create table timeliness.finding (
  id uuid primary key,
  authority_id uuid not null,
  item text collate "C" not null,
  kind text not null check (kind in ('gap', 'named_licence', 'list')),
  doc_no text not null,
  doc_key text collate "C" not null,
  decided_on date not null,
  due_on date not null,
  -- Between which two numbers it is missing; which record names it; on which list it stands.
  held_before text,
  held_after text,
  subject_id uuid,
  record_id uuid,
  list_id uuid,
  state text not null check (state in ('open', 'explained', 'reported', 'dismissed')),
  explanation text not null default '',
  decision text not null default '',
  found_at timestamptz not null,
  changed_at timestamptz not null,
  version integer not null default 1,
  constraint finding_once unique (authority_id, item, doc_key)
);
create index finding_list on timeliness.finding (authority_id, state, decided_on desc, id desc);
create index finding_missing on timeliness.finding (authority_id, item, decided_on) where state in ('open', 'explained');

-- An authority's own list of decisions, as it was uploaded.
create table timeliness.list (
  id uuid primary key,
  authority_id uuid not null,
  item text collate "C" not null,
  from_on date not null,
  to_on date not null,
  file_hash text not null,
  file_name text not null,
  rows integer not null,
  held integer not null,
  not_due integer not null,
  missing integer not null,
  uploaded_at timestamptz not null,
  uploaded_by text not null,
  by_office boolean not null
);
create index list_authority on timeliness.list (authority_id, uploaded_at desc, id desc);
create table timeliness.list_row (
  list_id uuid not null references timeliness.list,
  n integer not null,
  doc_no text not null,
  doc_key text collate "C" not null,
  decided_on date not null,
  subject_id uuid,
  record_id uuid,
  primary key (list_id, n)
);

-- A draw from such a list: who has the list, the seed and the size draws the same rows.
create table timeliness.sample (
  id uuid primary key,
  authority_id uuid not null,
  item text collate "C" not null,
  list_id uuid not null references timeliness.list,
  seed text not null,
  size integer not null,
  population integer not null,
  state text not null check (state in ('open', 'closed', 'answered', 'settled')),
  answer text not null default '',
  outcome text not null default '',
  drawn_at timestamptz not null,
  drawn_by text not null,
  closed_at timestamptz,
  version integer not null default 1
);
create index sample_authority on timeliness.sample (authority_id, drawn_at desc, id desc);
create table timeliness.sample_row (
  sample_id uuid not null references timeliness.sample,
  n integer not null,
  list_n integer not null,
  doc_no text not null,
  decided_on date not null,
  subject_id uuid,
  record_id uuid,
  found text check (found in ('reported', 'published', 'neither')),
  note text not null default '',
  marked_at timestamptz,
  marked_by text,
  primary key (sample_id, n)
);
