-- Letters and certificates: their numbers, codes, receipts. What a letter says stays where it was written.
create schema certificates;

-- Every letter of a repair case with its place in the case; for the register of letters.
create view repair.v_letter as
select t.subject_id, t.id, t.item_id, i.application_id, i.record_id, i.record_item, i.doc_no, i.record_authority,
  i.record_decided_on, i.system, a.no as application_no, a.subject_name, i.kind as case_kind, i.state as item_state,
  coalesce(t.authority_id, i.authority_id) as authority_id, i.authority_id as decider_id, i.reviewer_id,
  a.window_authority_id, i.division, t.action, t.at, t.on_day, t.letter
from repair.act t
join repair.item i on i.subject_id = t.subject_id and i.id = t.item_id
join repair.application a on a.subject_id = i.subject_id and a.id = i.application_id
where t.letter is not null;

-- Numbers run within an authority (letters) or a jurisdiction (certificates) and a year.
create table certificates.number (
  series text not null,
  year integer not null,
  last integer not null,
  primary key (series, year)
);

-- The register of letters: entered after the decision that wrote the letter, in the order of the commits.
create table certificates.letter (
  subject_id uuid not null,
  -- Of the act that wrote it.
  id uuid not null,
  item_id uuid not null,
  authority_id uuid not null,
  year integer not null,
  n integer not null,
  -- What people type to verify it: a keyed digest of its id.
  code text not null,
  issued_on date not null,
  registered_at timestamptz not null,
  -- When the subject's people were told that it is there.
  told_at timestamptz,
  primary key (subject_id, id)
);
create index letter_code on certificates.letter (code);
create index letter_item on certificates.letter (subject_id, item_id);
create index letter_untold on certificates.letter (registered_at, id) where told_at is null;

-- The first time a letter reached its subject; once for ever.
create table certificates.receipt (
  subject_id uuid not null,
  letter_id uuid not null,
  way text not null check (way in ('online', 'window')),
  received_at timestamptz not null,
  received_by text not null,
  -- The window that handed it over.
  authority_id uuid,
  primary key (subject_id, letter_id)
);

create table certificates.certificate (
  subject_id uuid not null,
  id uuid not null,
  item_id uuid not null,
  application_id uuid not null,
  record_id uuid not null,
  -- Of the letter that granted the repair.
  grant_id uuid not null,
  jurisdiction text not null,
  year integer not null,
  n integer not null,
  code text not null,
  -- All that it says, as signed; the token holds its digest.
  facts jsonb not null,
  token text not null,
  shows text[] not null,
  third_party text not null default '',
  issued_on date not null,
  issued_at timestamptz not null,
  issued_by text not null,
  way_in text not null check (way_in in ('online', 'window')),
  window_authority_id uuid,
  decider_id uuid not null,
  reviewer_id uuid,
  division text,
  state text not null check (state in ('valid', 'withdrawn')),
  ended_by text check (ended_by in ('all_updated', 'subject', 'grant_gone')),
  ended_at timestamptz,
  version integer not null default 1,
  primary key (subject_id, id),
  check ((state = 'withdrawn') = (ended_by is not null and ended_at is not null))
);
create index certificate_code on certificates.certificate (code);
create index certificate_item on certificates.certificate (subject_id, item_id);
-- One in force an item.
create unique index certificate_one on certificates.certificate (subject_id, item_id) where state = 'valid';
create index certificate_valid on certificates.certificate (issued_at, id) where state = 'valid';
create index certificate_newest on certificates.certificate (issued_at desc, id desc);

-- How far the register has read the commits.
create table certificates.progress (
  name text primary key,
  position bigint not null
);
