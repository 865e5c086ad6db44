create schema quality;

-- What was counted for an authority and a month; scores and colours are worked out from it by the policy of that month.
create table quality.figure (
  authority_id uuid not null,
  month date not null,
  authority_name text not null,
  division text not null,
  counts jsonb not null,
  counted_at timestamptz not null,
  primary key (authority_id, month)
);
create index figure_month on quality.figure (month, division text_pattern_ops);

-- Up to which place in the order of commits the figures have been counted.
create table quality.counted (
  one boolean primary key default true check (one),
  position bigint not null,
  at timestamptz not null
);

-- A circular names authorities and never persons. What it says stands in `content`, with what it was computed from.
create table quality.circular (
  id uuid primary key,
  division text not null,
  month date not null,
  state text not null check (state in ('draft', 'issued')),
  year integer,
  number integer,
  issuer text not null,
  content jsonb not null,
  digest text not null,
  as_of timestamptz not null,
  commit_position bigint not null,
  policy_version text not null,
  created_at timestamptz not null,
  created_by text not null,
  issued_at timestamptz,
  issued_by text,
  version integer not null default 1,
  constraint circular_numbered check ((state = 'issued') = (number is not null and year is not null and issued_at is not null))
);
create unique index circular_number on quality.circular (division, year, number) where number is not null;
-- One circular a territory and month; a second one would contradict it.
create unique index circular_month on quality.circular (division, month);
create index circular_listed on quality.circular (month desc, id desc);

-- For quality: rows that were not simply accepted, without their cells, but for the day of the decision as it was written.
create view collection.v_row as
  select r.submission_id, r.n, r.verdict, r.name, r.doc_no, r.problems, r.decided_at, r.record_id,
    (select coalesce(r.cells ->> (source -> 1 ->> 'column')::int, source -> 1 ->> 'constant')
      from jsonb_array_elements(s.header -> 'sources') source where source ->> 0 = 'decided_on' limit 1) as decided_text
  from collection.row r join collection.submission s on s.id = r.submission_id;
create index row_decided on collection.row (submission_id, decided_at) where decided_at is not null;
create index submission_corrects on collection.submission (corrects) where corrects is not null;

-- What a record said and from when until when it said so, version by version, with the submission that said it.
create view records.v_said as
  select r.subject_id, r.id as record_id, r.version, r.item, r.authority_id, r.doc_no, r.fields, r.inner_fields, r.submission_id, r.row_n,
    r.recorded_at as said_from, null::timestamptz as said_until
  from records.record r
  union all
  select r.subject_id, r.id, v.version, r.item, r.authority_id, r.doc_no, v.fields, v.inner_fields, v.submission_id, v.row_n,
    v.recorded_at, v.replaced_at
  from records.version v join records.record r on r.subject_id = v.subject_id and r.id = v.record_id;
