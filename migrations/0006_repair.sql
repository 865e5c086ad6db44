create schema repair;

create table repair.application (
  subject_id uuid not null,
  id uuid not null,
  -- As it was when the application was begun: letters are addressed to it.
  subject_name text not null,
  no text,
  kind text not null check (kind in ('repair', 'shield')),
  way_in text not null check (way_in in ('online', 'window')),
  applicant text not null,
  -- The authority whose window took it in.
  window_authority_id uuid,
  contact_name text not null default '',
  contact_phone_secret bytea,
  -- That it is closed follows from its items.
  state text not null check (state in ('draft', 'submitted')),
  commitment_text jsonb,
  commitment_at timestamptz,
  commitment_by text,
  created_at timestamptz not null,
  submitted_at timestamptz,
  version integer not null default 1,
  primary key (subject_id, id),
  check (state = 'draft' or (no is not null and submitted_at is not null and commitment_at is not null))
);
create index application_created on repair.application (created_at desc, id desc);
create index application_window on repair.application (window_authority_id, created_at desc, id desc)
  where window_authority_id is not null;
create index application_no on repair.application (no) where no is not null;

create table repair.item (
  subject_id uuid not null,
  id uuid not null,
  application_id uuid not null,
  kind text not null check (kind in ('repair', 'shield')),
  record_id uuid not null,
  record_item text not null,
  doc_no text not null,
  record_authority text not null,
  record_decided_on date not null,
  system text not null check (system in ('credit_china', 'necips', 'tax', 'court')),
  authority_id uuid not null,
  authority_name text not null,
  reviewer_id uuid,
  reviewer_name text,
  -- Territory of the deciding authority.
  division text,
  state text not null check (state in ('draft', 'first_review', 'returned', 'received', 'mending', 'accepted', 'granted', 'refused', 'not_accepted', 'withdrawn', 'ended_forged', 'revoked', 'shielded', 'plan_completed', 'restored')),
  policy_version text not null,
  route jsonb not null,
  statement text not null default '',
  declared jsonb not null default '{}',
  submitted_on date,
  accepted_on date,
  decided_on date,
  -- Kept while the clock stands still, so that a waiting item has its place in the queue; the view works it out anew.
  due_on date,
  due_provisional boolean not null default false,
  clock jsonb,
  -- What the one-time notice asked for, and when, for each stage that has asked.
  asked jsonb not null default '{}',
  -- What an officer put before the head of the authority.
  proposal jsonb,
  extended boolean not null default false,
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (subject_id, id)
);
create index item_application on repair.item (subject_id, application_id);
create index item_queue on repair.item (authority_id, due_on, id)
  where state in ('received', 'accepted', 'mending');
create index item_review on repair.item (reviewer_id, due_on, id) where state in ('first_review', 'returned');
create index item_done on repair.item (authority_id, updated_at desc, id desc);
create index item_division on repair.item (division text_pattern_ops, application_id);
create index item_provisional on repair.item (due_on) where due_provisional;
-- One open item a record: a second basket may not hold what is already under way.
create unique index item_open on repair.item (subject_id, record_id)
  where state in ('draft', 'first_review', 'returned', 'received', 'mending', 'accepted');

-- Append-only history of an item: each move with its rule and its letter.
create table repair.act (
  subject_id uuid not null,
  id uuid not null,
  item_id uuid not null,
  action text not null,
  from_state text not null,
  to_state text not null,
  at timestamptz not null,
  on_day date not null,
  actor text not null,
  by_kind text not null check (by_kind in ('applicant', 'window', 'authority')),
  authority_id uuid,
  authority_name text,
  note text not null default '',
  basis jsonb not null default '{}',
  letter jsonb,
  primary key (subject_id, id)
);
create index act_item on repair.act (subject_id, item_id, at);
create trigger act_append_only before update or delete on repair.act
  for each row execute function platform.forbid_change();

-- Materials are content-addressed and serve the whole application.
create table repair.material (
  subject_id uuid not null,
  id uuid not null,
  application_id uuid not null,
  kind text not null,
  file_hash text not null,
  file_name text not null,
  media_type text not null,
  bytes bigint not null,
  uploaded_at timestamptz not null,
  uploaded_by text not null,
  removed_at timestamptz,
  primary key (subject_id, id)
);
create index material_application on repair.material (subject_id, application_id);

-- A bar on applications after false material (Order 36 art. 25, Order 107 art. 23): on one record, or on all of a system.
create table repair.bar (
  subject_id uuid not null,
  id uuid not null,
  record_id uuid,
  system text not null,
  valid_from date not null,
  -- First day on which an application is possible again.
  valid_to date not null,
  -- First day on which the decision need not be shown any more.
  shown_until date,
  reason text not null,
  basis jsonb not null,
  created_at timestamptz not null,
  primary key (subject_id, id)
);

-- Numbers of applications run within a jurisdiction and a day.
create table repair.number (
  jurisdiction text not null,
  on_day date not null,
  last integer not null,
  primary key (jurisdiction, on_day)
);
