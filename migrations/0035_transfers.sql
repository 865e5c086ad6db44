-- Cases that are passed on to another platform and come back (异地, D12), and the receipt of what became of a withdrawal.

-- ---- repair: an item may lie with another platform, and a case that came from one may go back there

alter table repair.item drop constraint item_state_check;
alter table repair.item add constraint item_state_check
  check (state in ('draft', 'first_review', 'returned', 'received', 'mending', 'accepted', 'passed_on', 'granted', 'refused', 'not_accepted', 'withdrawn', 'lapsed', 'ended_forged', 'sent_home', 'revoked', 'shielded', 'plan_completed', 'restored'));
drop index repair.item_open;
create unique index item_open on repair.item (subject_id, record_id)
  where state in ('draft', 'first_review', 'returned', 'received', 'mending', 'accepted', 'passed_on');
alter table repair.application drop constraint application_way_in_check;
alter table repair.application add constraint application_way_in_check
  check (way_in in ('online', 'window', 'transfer'));
-- What waits for its authority, by authority: where those of another platform are looked for.
create index item_received on repair.item (authority_id, id) where state = 'received';

-- What was done about an item, with the letter of it, for whoever tells it elsewhere.
create view repair.v_told as
select t.subject_id, t.item_id, t.id, t.action, t.from_state, t.to_state, t.at, t.on_day, t.by_kind, t.note, t.basis, t.letter,
  i.state, i.due_on, i.due_provisional, i.asked, i.decided_on
from repair.act t join repair.item i on i.subject_id = t.subject_id and i.id = t.item_id;

-- ---- exchange: how a message to one peer stands

create view exchange.v_message as
select a.subject_id, a.event_id, a.peer_id, a.type, a.at, d.attempts, d.next_attempt_at, d.delivered_at, d.acked_at, d.outcome,
  d.note, d.dead_at, d.fault
from exchange.addressed a
left join exchange.delivery d on d.subject_id = a.subject_id and d.peer_id = a.peer_id and d.event_id = a.event_id;

create schema transfers;

-- Authorities whose cases are decided on another platform, and which.
create table transfers.seat (
  authority_id uuid primary key,
  peer_id uuid not null,
  set_at timestamptz not null,
  set_by text not null,
  version integer not null default 1
);

-- One case on its way, here and there: `ref` is the same on both platforms.
create table transfers.transfer (
  subject_id uuid not null,
  id uuid not null,
  ref uuid not null,
  direction text not null check (direction in ('out', 'in')),
  peer_id uuid not null,
  item_id uuid not null,
  application_id uuid not null,
  no text not null,
  record_item text not null,
  doc_no text not null,
  authority_id uuid not null,
  authority_name text not null,
  division text,
  state text not null check (state in ('sent', 'received', 'accepted', 'asked', 'closed', 'returned')),
  outcome text check (outcome in ('granted', 'refused', 'not_accepted', 'withdrawn', 'lapsed', 'ended_forged', 'revoked')),
  passed_on_at timestamptz not null,
  -- Until when the other platform has to have taken it in.
  due_on date not null,
  due_provisional boolean not null default false,
  received_at timestamptz,
  -- Until when the deciding authority has to take its next step, as it says itself.
  step_due_on date,
  closed_at timestamptz,
  -- Why it came back.
  reason text not null default '',
  withdrawal_at timestamptz,
  -- Numbers of the messages of this case that were sent and carried out here.
  sent integer not null default 0,
  heard integer not null default 0,
  -- Materials that go with it, and how many of their parts have gone.
  files jsonb not null default '[]',
  parts integer not null default 0,
  parts_sent integer not null default 0,
  version integer not null default 1,
  primary key (subject_id, id),
  constraint transfer_ref unique (direction, ref),
  check ((state = 'closed') = (outcome is not null))
);
create index transfer_item on transfers.transfer (subject_id, item_id);
-- One way at a time for an item.
create unique index transfer_open on transfers.transfer (subject_id, item_id)
  where state in ('sent', 'received', 'accepted', 'asked');
create index transfer_due on transfers.transfer (direction, due_on, id) where state in ('sent', 'received', 'accepted', 'asked');
create index transfer_newest on transfers.transfer (passed_on_at desc, id desc);

-- What happened on the way, on both sides; append-only.
create table transfers.step (
  subject_id uuid not null,
  id uuid not null,
  transfer_id uuid not null,
  kind text not null check (kind in ('passed_on', 'material', 'received', 'accepted', 'asked', 'supplemented', 'extended', 'withdrawal', 'returned', 'decided')),
  at timestamptz not null,
  note text not null default '',
  -- Of the message that told it; null for what was told to us.
  event_id uuid,
  -- Of the act in the case that it tells of, once.
  act_id uuid,
  primary key (subject_id, id)
);
create index step_transfer on transfers.step (subject_id, transfer_id, id);
create index step_wire on transfers.step (transfer_id) where event_id is not null;
create unique index step_act on transfers.step (subject_id, act_id) where act_id is not null;
create trigger step_append_only before update or delete on transfers.step
  for each row execute function platform.forbid_change();

-- Materials under way: each part as it came, until the file is whole.
create table transfers.part (
  peer_id uuid not null,
  ref uuid not null,
  hash text not null,
  n integer not null,
  body bytea not null,
  received_at timestamptz not null,
  primary key (peer_id, ref, hash, n)
);
-- Messages of a case as they came, in the order in which they were written; carried out one after another.
create table transfers.arrival (
  peer_id uuid not null,
  ref uuid not null,
  n integer not null,
  type text not null,
  -- Whole and encrypted, until it has been carried out.
  message bytea,
  received_at timestamptz not null,
  settled_at timestamptz,
  primary key (peer_id, ref, n)
);
create index arrival_open on transfers.arrival (received_at) where settled_at is null;
-- Cases that could not be taken in and went back, with the reason.
create table transfers.turned_away (
  id uuid primary key,
  peer_id uuid not null,
  ref uuid not null,
  no text not null,
  decider text not null,
  doc_no text not null,
  code text not null,
  at timestamptz not null,
  unique (peer_id, ref)
);

-- ---- the receipt of a withdrawal: who held the record, who was told and when, who has taken it down

create table certificates.propagation_receipt (
  subject_id uuid not null,
  id uuid not null,
  -- record: of one record that was withdrawn; application: of all that one application brought about.
  scope text not null check (scope in ('record', 'application')),
  record_id uuid,
  item_id uuid,
  application_id uuid,
  application_no text not null default '',
  year integer not null,
  n integer not null,
  code text not null,
  withdrawn_at timestamptz not null,
  opened_at timestamptz not null,
  checked_at timestamptz,
  state text not null check (state in ('open', 'final')),
  outcome text check (outcome in ('all_acknowledged', 'with_laggards', 'shown_again')),
  -- What it says for good, and the signature over it.
  facts jsonb,
  token text,
  final_at timestamptz,
  primary key (subject_id, id),
  check ((state = 'final') = (outcome is not null and facts is not null and final_at is not null))
);
create index propagation_receipt_code on certificates.propagation_receipt (code);
create index propagation_receipt_open on certificates.propagation_receipt (checked_at nulls first, id) where state = 'open';
create index propagation_receipt_newest on certificates.propagation_receipt (opened_at desc, id desc);
create index propagation_receipt_record on certificates.propagation_receipt (subject_id, record_id);
create unique index propagation_receipt_application on certificates.propagation_receipt (subject_id, application_id)
  where scope = 'application';
