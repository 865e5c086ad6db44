-- Endings of repair cases: applications that lapse, records that follow others, steps owed after a decision, and records kept
-- shown beyond what was planned.
alter table repair.item drop constraint item_state_check;
alter table repair.item add constraint item_state_check
  check (state in ('draft', 'first_review', 'returned', 'received', 'mending', 'accepted', 'granted', 'refused', 'not_accepted', 'withdrawn', 'lapsed', 'ended_forged', 'revoked', 'shielded', 'plan_completed', 'restored'));
alter table repair.act drop constraint act_by_kind_check;
alter table repair.act add constraint act_by_kind_check
  check (by_kind in ('applicant', 'window', 'authority', 'platform'));
alter table records.disposition drop constraint disposition_kind_check;
alter table records.disposition add constraint disposition_kind_check
  check (kind in ('repaired', 'annulled', 'shielded', 'restored', 'reinstated', 'revoked', 'prolonged', 'corrected', 'disputed', 'dispute_closed', 'deregistered', 'delisted'));

-- What waits for its applicant, by how long.
create index item_waiting on repair.item (updated_at, id) where state in ('returned', 'mending');

-- A record that follows another: a penalty for which its subject was listed, a spot check and what it led to.
create table repair.link (
  subject_id uuid not null,
  id uuid not null,
  record_id uuid not null,
  leads_id uuid not null,
  kind text not null,
  reason text not null,
  linked_at timestamptz not null,
  linked_by text not null,
  authority_id uuid not null,
  primary key (subject_id, id),
  constraint link_once unique (subject_id, record_id, leads_id),
  check (kind in ('listed_for', 'led_to'))
);
create index link_leads on repair.link (subject_id, leads_id);

-- A step that the deciding authority owes after a decision, with its clock.
create table repair.duty (
  subject_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('push_province')),
  item_id uuid not null,
  record_id uuid not null,
  doc_no text not null,
  authority_id uuid not null,
  authority_name text not null,
  -- Where it goes: the province of the subject's place of registration.
  division text not null,
  clock jsonb,
  started_on date not null,
  due_on date not null,
  due_provisional boolean not null default false,
  state text not null default 'open' check (state in ('open', 'done')),
  done_at timestamptz,
  done_on date,
  done_by text,
  proof text not null default '',
  version integer not null default 1,
  primary key (subject_id, id),
  constraint duty_once unique (subject_id, item_id, kind)
);
create index duty_queue on repair.duty (authority_id, due_on, id) where state = 'open';
create index duty_done on repair.duty (authority_id, done_at desc, id desc) where state = 'done';

-- How far the consequences of what happened to records have been drawn.
create table repair.progress (
  name text primary key,
  position bigint not null
);
