-- Oversight of repair: what happened to each item, when, by whom, in time or not; ratings; monthly reports; candidates for revocation.

-- For those above: items that were handed in, and what was done about each.
create view repair.v_item as
  select i.subject_id, i.id, i.application_id, i.kind, i.record_id, i.record_item, i.doc_no, i.system, i.authority_id, i.authority_name,
    i.reviewer_id, i.reviewer_name, i.division, i.state, i.submitted_on, i.decided_on, i.due_on, i.due_provisional, i.updated_at,
    a.no, a.way_in, a.window_authority_id, a.subject_name
  from repair.item i join repair.application a on a.subject_id = i.subject_id and a.id = i.application_id
  where i.submitted_on is not null;
create view repair.v_act as
  select a.subject_id, a.item_id, a.id, a.action, a.from_state, a.to_state, a.at, a.on_day, a.by_kind, a.basis from repair.act a;

-- Entries on the abnormal-operation list as reported, with what last happened to each.
create view records.v_abnormal as
  select r.subject_id, r.id as record_id, r.division, r.authority_id, r.authority_name, r.doc_no, r.decided_on,
    r.facts ->> 'listCause' as cause, r.facts ->> 'subjectKind' as subject_kind,
    coalesce(r.inner_fields ->> 'removed_on', r.fields ->> 'removed_on') as removed_on,
    d.kind as last_kind, d.effective_from as last_from
  from records.record r
  left join lateral (
    select d.kind, d.effective_from from records.disposition d
    where d.subject_id = r.subject_id and d.record_id = r.id
      and d.kind in ('repaired', 'delisted', 'annulled', 'deregistered', 'revoked', 'reinstated')
    order by d.n desc limit 1
  ) d on true
  where r.item = 'abnormal_list' and r.state = 'held';
create index record_abnormal on records.record (subject_id) where item = 'abnormal_list' and state = 'held';

create schema oversight;

-- One row a move that is counted, made from the act itself and never changed.
create table oversight.entry (
  subject_id uuid not null,
  act_id uuid not null,
  item_id uuid not null,
  record_id uuid not null,
  what text not null check (what in ('received', 'passed', 'accepted', 'granted', 'refused', 'not_accepted', 'withdrawn', 'lapsed', 'forged', 'revoked', 'shielded', 'plan_completed', 'restored')),
  at timestamptz not null,
  on_day date not null,
  month date not null,
  -- Who took the step.
  authority_id uuid not null,
  authority_name text not null,
  division text not null,
  record_item text collate "C" not null,
  system text collate "C" not null,
  -- Working days of this step, and of the whole way to its end, without those in which the applicant mended; null where none ran.
  workdays integer,
  total integer,
  -- The term of the step, and by how many working days it was exceeded.
  term integer,
  late_by integer,
  -- Codes of the conditions that a refusal names, and the version of the rules that they stand in.
  conditions text[] not null default '{}',
  rules text not null,
  primary key (subject_id, act_id)
);
create index entry_authority on oversight.entry (authority_id, on_day desc, act_id desc);
create index entry_what on oversight.entry (what, on_day desc, act_id desc);
create index entry_day on oversight.entry (on_day desc, act_id desc);
create index entry_late on oversight.entry (on_day desc, act_id desc) where late_by > 0;
create index entry_item on oversight.entry (item_id);

-- The sum of the entries, kept with each that is added.
create table oversight.tally (
  authority_id uuid not null,
  month date not null,
  record_item text collate "C" not null,
  system text collate "C" not null,
  what text not null,
  authority_name text not null,
  division text not null,
  n integer not null,
  late integer not null,
  timed integer not null,
  workdays integer not null,
  longest integer not null,
  total integer not null,
  primary key (authority_id, month, record_item, system, what)
);
create index tally_month on oversight.tally (month, division text_pattern_ops);

create table oversight.progress (
  one boolean primary key default true check (one),
  position bigint not null,
  at timestamptz not null
);

-- 好差评: once for each decided item, by the applicant.
create table oversight.rating (
  subject_id uuid not null,
  item_id uuid not null,
  -- Under this an authority knows it: nothing of it leads to the applicant.
  id uuid not null unique,
  record_id uuid not null,
  record_item text not null,
  authority_id uuid not null,
  authority_name text not null,
  division text not null,
  outcome text not null,
  score integer not null check (score between 1 and 5),
  reasons text[] not null,
  remark text not null default '',
  way_in text not null check (way_in in ('online', 'window')),
  rated_at timestamptz not null,
  rated_on date not null,
  rated_by text not null,
  reply_due_on date,
  reply text,
  replied_at timestamptz,
  replied_by text,
  version integer not null default 1,
  primary key (subject_id, item_id)
);
create index rating_authority on oversight.rating (authority_id, rated_on desc, id desc);
create index rating_listed on oversight.rating (rated_on desc, id desc);

create table oversight.report (
  id uuid primary key,
  division text not null,
  month date not null,
  state text not null check (state in ('draft', 'published')),
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
  published_at timestamptz,
  published_by text,
  version integer not null default 1,
  constraint report_numbered check ((state = 'published') = (number is not null and year is not null and published_at is not null))
);
create unique index report_number on oversight.report (division, year, number) where number is not null;
create unique index report_month on oversight.report (division, month);
create index report_listed on oversight.report (month desc, id desc);

-- Enterprises that have not reported for years and cannot be reached, with what proves it; handed to the registrar for revocation.
create table oversight.candidate (
  subject_id uuid primary key,
  id uuid not null unique,
  division text not null,
  state text not null check (state in ('candidate', 'handed_over', 'answered', 'dropped')),
  proof jsonb not null,
  policy_version text not null,
  found_at timestamptz not null,
  proved_at timestamptz not null,
  registrar_id uuid,
  registrar_name text,
  handed_at timestamptz,
  handed_by text,
  answer text check (answer in ('revoked', 'under_way', 'conditions_gone', 'not_revoked')),
  answer_note text,
  answer_doc_no text,
  answered_at timestamptz,
  answered_by text,
  version integer not null default 1
);
create index candidate_listed on oversight.candidate (state, division text_pattern_ops);
create index candidate_registrar on oversight.candidate (registrar_id, id) where registrar_id is not null;
