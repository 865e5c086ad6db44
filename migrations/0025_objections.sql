-- Objections: what subjects object to, what the public reports, what the platform finds by itself, and what may not come back.

-- Not shown any more although the decision stands: upon an objection it was found that it should not be shown, or not so long.
alter table records.disposition drop constraint disposition_kind_check;
alter table records.disposition add constraint disposition_kind_check
  check (kind in ('repaired', 'annulled', 'shielded', 'restored', 'reinstated', 'revoked', 'prolonged', 'corrected', 'disputed', 'dispute_closed', 'deregistered', 'delisted', 'withheld'));

-- What was removed or corrected upon an objection and may not be reported again until a named person lets it in.
create table records.tombstone (
  subject_id uuid not null,
  id uuid not null,
  record_id uuid not null,
  item text not null,
  authority_id uuid not null,
  authority_name text not null,
  division text,
  doc_no text not null,
  -- The values that are kept out, by field; null: the record as a whole.
  keeps_out jsonb,
  case_id uuid not null,
  case_no text not null,
  reason text not null,
  set_at timestamptz not null,
  set_by text not null,
  lifted_at timestamptz,
  lifted_by text,
  lifted_name text,
  lift_reason text,
  primary key (subject_id, id)
);
create index tombstone_record on records.tombstone (subject_id, record_id) where lifted_at is null;
create index tombstone_authority on records.tombstone (authority_id, set_at desc, id desc);
create index tombstone_division on records.tombstone (division text_pattern_ops, set_at desc, id desc);

-- For finding faults: what is shown of a record on this platform's own site, by which rule, and what it says.
create view records.v_fault as
  select r.subject_id, r.id, r.item, r.authority_id, r.authority_name, r.division, r.doc_no, r.doc_key,
    regexp_replace(r.doc_key, '\D', '', 'g') as doc_digits, r.decided_on, r.published_on, r.recorded_at, r.version, r.submission_id,
    r.shown_from, r.shown_until, r.state, coalesce(r.fields || r.inner_fields, r.fields) as said,
    r.facts ->> 'subjectKind' as subject_kind, (r.facts ->> 'termEndsOn')::date as term_ends_on,
    b.body ->> 'rule' as rule, b.body -> 'inputs' ->> 'max' as longest, b.body -> 'inputs' ->> 'clock' as clock,
    r.disposed > 0 and exists (
      select 1 from records.disposition d
      where d.subject_id = r.subject_id and d.record_id = r.id
        and d.kind in ('repaired', 'annulled', 'shielded', 'deregistered', 'delisted', 'withheld')) as ended
  from records.record r left join records.basis b on b.id = r.basis;

-- Refusals of a repair that may be objected to (Order 36 art. 18), and whether the record has been taken up again since.
create view repair.v_refused as
  select i.subject_id, i.id as item_id, i.application_id, a.no, i.record_id, i.state, i.authority_id, i.authority_name, i.division,
    coalesce(i.decided_on, (i.updated_at at time zone 'Asia/Shanghai')::date) as decided_on,
    (select n.state from repair.item n
      where n.subject_id = i.subject_id and n.record_id = i.record_id and n.id > i.id and n.state in ('accepted', 'granted')
      order by n.id desc limit 1) as again
  from repair.item i
  join repair.application a on a.subject_id = i.subject_id and a.id = i.application_id
  where i.state in ('not_accepted', 'refused');

create schema objections;

create table objections.objection (
  subject_id uuid not null,
  id uuid not null,
  no text,
  subject_name text not null,
  way_in text not null check (way_in in ('online', 'window', 'report', 'own_motion', 'self_check')),
  ground text not null,
  record_id uuid not null,
  record_item text not null,
  doc_no text not null,
  record_authority text not null,
  record_decided_on date not null,
  -- The refusal of a repair that it is about.
  refused_item uuid,
  refused jsonb,
  -- Who answers: the finder.
  authority_id uuid not null,
  authority_name text not null,
  division text,
  window_authority_id uuid,
  applicant text not null,
  contact_name text not null default '',
  contact_secret bytea,
  statement text not null default '',
  wanted text not null default '',
  state text not null,
  outcome text check (outcome in ('upheld', 'partly_upheld', 'rejected', 'withdrawn')),
  answer text,
  correction jsonb,
  effect jsonb,
  marked boolean not null default false,
  clock jsonb,
  due_on date,
  due_provisional boolean not null default false,
  extension jsonb,
  -- Up to which step it has been reported as overdue.
  escalated integer not null default 0,
  submitted_on date,
  pushed_on date,
  decided_on date,
  workdays integer,
  in_time boolean,
  -- The objection whose fault it shares.
  parent_id uuid,
  report_id uuid,
  policy_version text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1,
  primary key (subject_id, id),
  constraint objection_ground check (ground in ('wrong_content', 'omission', 'double_publicity', 'should_not_be_shown', 'shown_too_long', 'wrong_period', 'not_accepted', 'not_granted')),
  check (state in ('draft', 'submitted', 'verifying', 'upheld', 'partly_upheld', 'rejected', 'applied', 'withdrawn')),
  check (state = 'draft' or (no is not null and submitted_on is not null))
);
-- One pending objection a record and ground.
create unique index objection_pending on objections.objection (subject_id, record_id, ground)
  where state in ('submitted', 'verifying');
create index objection_record on objections.objection (subject_id, record_id);
create index objection_created on objections.objection (created_at desc, id desc);
create index objection_queue on objections.objection (authority_id, due_on, id) where state = 'verifying';
create index objection_to_push on objections.objection (due_on, id) where state = 'submitted';
create index objection_done on objections.objection (authority_id, updated_at desc, id desc);
create index objection_division on objections.objection (division text_pattern_ops, created_at desc);
create index objection_awaits on objections.objection (subject_id, id) where state in ('upheld', 'partly_upheld');
create index objection_provisional on objections.objection (due_on) where due_provisional and state in ('submitted', 'verifying');

-- Append-only history of an objection: each move with its rule and, where one is written, its letter.
create table objections.act (
  subject_id uuid not null,
  id uuid not null,
  objection_id uuid not null,
  action text not null,
  from_state text not null,
  to_state text not null,
  at timestamptz not null,
  on_day date not null,
  actor text not null,
  by_kind text not null check (by_kind in ('applicant', 'window', 'authority', 'office', 'platform')),
  authority_id uuid,
  authority_name text,
  note text not null default '',
  basis jsonb,
  letter jsonb,
  primary key (subject_id, id)
);
create index act_objection on objections.act (subject_id, objection_id, at);
create trigger act_append_only before update or delete on objections.act
  for each row execute function platform.only_subject_changes();

-- Evidence is content-addressed; what was handed in stays.
create table objections.evidence (
  subject_id uuid not null,
  id uuid not null,
  objection_id uuid not null,
  file_hash text not null,
  file_name text not null,
  media_type text not null,
  bytes bigint not null,
  by_kind text not null,
  uploaded_at timestamptz not null,
  uploaded_by text not null,
  removed_at timestamptz,
  primary key (subject_id, id),
  constraint evidence_by check (by_kind in ('applicant', 'window', 'authority'))
);
create index evidence_objection on objections.evidence (subject_id, objection_id);

-- What anyone said about a published record before login.
create table objections.report (
  subject_id uuid not null,
  id uuid not null,
  no text not null unique,
  token_digest text not null,
  record_id uuid not null,
  record_item text not null,
  doc_no text not null,
  authority_name text not null,
  subject_name text not null,
  division text,
  text text not null,
  contact_name text not null default '',
  contact_secret bytea not null,
  -- A keyed digest of where it came from, kept as long as it is counted.
  from_digest text,
  state text not null,
  received_on date not null,
  received_at timestamptz not null,
  due_on date not null,
  due_provisional boolean not null default false,
  answer text,
  objection_id uuid,
  done_by text,
  done_at timestamptz,
  escalated integer not null default 0,
  version integer not null default 1,
  primary key (subject_id, id),
  constraint report_state check (state in ('received', 'taken_up', 'dismissed'))
);
create index report_id on objections.report (id);
create index report_state on objections.report (state, received_at desc, id desc);
create index report_due on objections.report (due_on) where state = 'received';
create index report_from on objections.report (from_digest, received_at) where from_digest is not null;

-- What the self-check found, once as long as it stands.
create table objections.finding (
  subject_id uuid not null,
  id uuid not null,
  kind text not null,
  state text not null,
  record_id uuid not null,
  details jsonb not null,
  division text,
  found_on date not null,
  found_at timestamptz not null,
  seen_at timestamptz not null,
  objection_id uuid,
  version integer not null default 1,
  primary key (subject_id, id),
  constraint finding_kind check (kind in ('over_long', 'double_display', 'no_basis')),
  constraint finding_state check (state in ('open', 'taken_up', 'gone'))
);
create unique index finding_standing on objections.finding (subject_id, record_id, kind) where state <> 'gone';
create index finding_id on objections.finding (id);
create index finding_state on objections.finding (state, found_at desc, id desc);

create table objections.self_check (
  id uuid primary key,
  on_day date not null unique,
  at timestamptz not null,
  records integer not null,
  found jsonb not null
);

-- A reconsideration or a lawsuit against the decision itself (Order 36 art. 19).
create table objections.review (
  subject_id uuid not null,
  id uuid not null,
  record_id uuid not null,
  subject_name text not null,
  record_item text not null,
  doc_no text not null,
  authority_id uuid not null,
  authority_name text not null,
  division text,
  kind text not null,
  body text not null,
  case_no text not null,
  filed_on date not null,
  suspended boolean not null,
  state text not null,
  outcome text,
  ended_on date,
  note text not null default '',
  clock jsonb,
  due_on date,
  due_provisional boolean not null default false,
  escalated integer not null default 0,
  effect jsonb,
  carried_on date,
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  version integer not null default 1,
  primary key (subject_id, id),
  constraint review_kind check (kind in ('reconsideration', 'litigation')),
  constraint review_state check (state in ('pending', 'ended', 'carried_out')),
  constraint review_outcome check (outcome in ('upheld', 'set_aside', 'changed', 'withdrawn'))
);
create unique index review_pending on objections.review (subject_id, record_id) where state = 'pending';
create index review_created on objections.review (created_at desc, id desc);
create index review_due on objections.review (due_on, id) where state = 'ended' and due_on is not null;

-- Numbers of objections and of reports run within a jurisdiction and a day.
create table objections.number (
  jurisdiction text not null,
  kind text not null,
  on_day date not null,
  last integer not null,
  primary key (jurisdiction, kind, on_day)
);

-- For oversight: every objection that was handed in.
create view objections.v_case as
  select id, no, subject_id, record_id, authority_id, authority_name, division, ground, way_in, state, outcome, submitted_on, pushed_on,
    decided_on, due_on, due_provisional, workdays, in_time, parent_id
  from objections.objection where state <> 'draft';
