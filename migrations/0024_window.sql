-- Facts that authorities shared: what is known already is filled in and not asked of the applicant again.
create table repair.fact (
  subject_id uuid not null,
  id uuid not null,
  fact text not null check (fact in ('dutiesPerformed', 'corrected', 'sameKindReoffended', 'heavierPenaltyAgain', 'annualReportFiled', 'informationPublished', 'nameChangeRegistered', 'addressRestored', 'taxesPaid')),
  value boolean not null,
  -- The day on which it came about.
  on_day date not null,
  -- Null: of the subject as a whole.
  record_id uuid,
  authority_id uuid not null,
  authority_name text not null,
  via text not null check (via in ('system', 'person')),
  -- The receipt or file number by which its source knows it.
  reference text not null default '',
  rule text not null,
  given_at timestamptz not null,
  given_by text not null,
  withdrawn_at timestamptz,
  withdrawn_by text,
  withdrawn_why text,
  primary key (subject_id, id)
);
-- What an authority says of one record stands once; of a subject likewise, which files brought together may hold twice.
create unique index fact_stands on repair.fact (subject_id, fact, authority_id, record_id)
  where withdrawn_at is null and record_id is not null;
create index fact_given on repair.fact (authority_id, given_at desc, id desc);

-- With consent a file is kept for the subject's next application, until it runs out.
alter table repair.material add column kept boolean not null default false;
alter table repair.material add column valid_until date;

-- A commitment signed by hand: the picture of the signature.
alter table repair.application add column signature_hash text;

-- Handed over to the applicant's phone and back: one short-lived link, opened once.
create table repair.hand_over (
  subject_id uuid not null,
  id uuid not null,
  application_id uuid not null,
  authority_id uuid not null,
  token_hash text not null,
  -- Of the one phone that opened it.
  phone_hash text,
  made_at timestamptz not null,
  made_by text not null,
  expires_at timestamptz not null,
  opened_at timestamptz,
  ended_at timestamptz,
  ended_by text check (ended_by in ('applicant', 'clerk', 'replaced', 'submitted')),
  primary key (subject_id, id)
);
create unique index hand_over_token on repair.hand_over (token_hash);
create unique index hand_over_phone on repair.hand_over (phone_hash) where phone_hash is not null;
create unique index hand_over_live on repair.hand_over (subject_id, application_id) where ended_at is null;

-- The window's one notice of all that is missing.
create table repair.window_notice (
  subject_id uuid not null,
  id uuid not null,
  application_id uuid not null,
  no text not null,
  on_day date not null,
  missing jsonb not null,
  note text not null default '',
  authority_id uuid not null,
  authority_name text not null,
  made_at timestamptz not null,
  made_by text not null,
  primary key (subject_id, id)
);
create unique index window_notice_once on repair.window_notice (subject_id, application_id);

-- Private addresses of a subject's calendar. The address is signed; here stands only that it was given, and when it was taken back.
create table repair.calendar_feed (
  subject_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  made_at timestamptz not null,
  revoked_at timestamptz,
  primary key (subject_id, id)
);
create unique index calendar_feed_id on repair.calendar_feed (id);
create unique index calendar_feed_live on repair.calendar_feed (subject_id, person_id) where revoked_at is null;

-- Of what the subject was reminded: once a record and day of eligibility.
create table repair.prompt (
  subject_id uuid not null,
  record_id uuid not null,
  may_from date not null,
  posted_at timestamptz not null,
  message_id uuid not null,
  primary key (subject_id, record_id, may_from)
);

-- The days for which every subject has been looked at.
create table repair.prompt_run (
  on_day date primary key,
  finished_at timestamptz not null
);

-- Who acts for a subject: for those who tell it something.
create view access.v_mandate as
  select m.subject_id, m.person_id, m.valid_from, m.valid_to from access.mandate m
  join access.person p on p.id = m.person_id where p.state = 'active';
