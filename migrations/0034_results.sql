-- The daily data set of repair results with what authorities do about it, and the agreements of third-party credit services.

alter table exchange.peer
  -- First day from which nothing new is handed to it; what it holds is still withdrawn. Null: without end.
  add column served_until date,
  -- Since when something was withheld from it; it comes once the peer is served again.
  add column withheld_since timestamptz;

-- What a peer held when it was withdrawn, and what became of it: one row a withdrawal, from the first one to the next showing.
create view exchange.v_owed as
select p.id as peer_id, w.subject_id, w.record_id, w.item, w.at as announced_at, a.sent_at, a.acked_at, a.verified_at
from exchange.peer p
join platform.event w on w.kind = 'record.withdrawn' and p.channel = any(w.channels)
cross join lateral (
  select min(x.sent_at) as sent_at, min(x.acked_at) filter (where x.outcome is distinct from 'refused') as acked_at,
    min(x.verified_at) as verified_at
  from exchange.delivery x
  join platform.event n on n.subject_id = x.subject_id and n.id = x.event_id
  where x.subject_id = w.subject_id and x.record_id = w.record_id and x.peer_id = p.id
    and x.kind = 'withdraw' and n.commit_n >= w.commit_n
) a
where exists (
  select 1 from exchange.delivery d
  join platform.event n on n.subject_id = d.subject_id and n.id = d.event_id
  where d.subject_id = w.subject_id and d.record_id = w.record_id and d.peer_id = p.id
    and d.kind in ('publish', 'update') and d.outcome is distinct from 'refused' and n.commit_n < w.commit_n
    and (d.delivered_at is not null or d.attempts > 0)
) and not exists (
  select 1 from platform.event b
  where b.record_id = w.record_id and b.kind = 'record.withdrawn' and p.channel = any(b.channels) and b.commit_n < w.commit_n
    and not exists (
      select 1 from platform.event r
      where r.record_id = w.record_id and r.kind = 'record.restored' and p.channel = any(r.channels)
        and r.commit_n > b.commit_n and r.commit_n < w.commit_n
    )
) and (a.acked_at is not null or not exists (
  select 1 from platform.event r
  where r.record_id = w.record_id and r.kind = 'record.restored' and p.channel = any(r.channels) and r.commit_n > w.commit_n
));

create schema results;

-- Up to where the log of commits has been read.
create table results.progress (
  name text primary key,
  position bigint not null
);

-- One line of the data set, as it was when it was taken in. Later changes are lines of a later day.
create table results.entry (
  subject_id uuid not null,
  event_id uuid not null,
  record_id uuid not null,
  -- The day whose set it stands in, and its place there.
  on_day date not null,
  position bigint not null,
  kind text not null check (kind in ('repaired', 'corrected', 'reversed')),
  item text not null,
  authority_id uuid not null,
  authority_name text not null,
  line jsonb not null,
  at timestamptz not null,
  primary key (subject_id, event_id)
);
create index entry_day on results.entry (on_day, position, event_id);
create index entry_record on results.entry (subject_id, record_id, position);

-- A day's set, closed: its count, the digests of its files and what was signed. Never changed.
create table results.day_set (
  on_day date primary key,
  lines integer not null,
  amendments integer not null,
  -- The text that is signed, byte for byte.
  manifest text not null,
  signature jsonb not null,
  closed_at timestamptz not null
);
create trigger day_set_append_only before update or delete on results.day_set
  for each row execute function platform.forbid_change();

-- What an authority takes off its own page, and what came of it.
create table results.takedown (
  subject_id uuid not null,
  id uuid not null,
  record_id uuid not null,
  authority_id uuid not null,
  authority_name text not null,
  division text,
  item text not null,
  doc_no text not null,
  subject_name text not null,
  on_day date not null,
  due_on date not null,
  due_provisional boolean not null default false,
  state text not null check (state in ('open', 'confirmed', 'not_shown', 'verified', 'returned', 'void')),
  -- Address of the authority's page on which the record stood.
  page text,
  confirmed_at timestamptz,
  confirmed_by text,
  note text not null default '',
  -- Of the last look: nothing is looked at before the next.
  checked_at timestamptz,
  outcome text check (outcome in ('gone', 'still_there', 'unreachable', 'cannot_tell')),
  looks integer not null default 0,
  next_look_at timestamptz,
  closed_at timestamptz,
  version integer not null default 1,
  primary key (subject_id, id),
  check (state <> 'confirmed' or page is not null)
);
create index takedown_queue on results.takedown (authority_id, due_on, id);
create index takedown_due on results.takedown (due_on, id) where state in ('open', 'returned');
create index takedown_look on results.takedown (next_look_at) where next_look_at is not null;
create index takedown_record on results.takedown (subject_id, record_id);
create index takedown_day on results.takedown (on_day);

-- Append-only: each look at a page, with its proof.
create table results.look (
  subject_id uuid not null,
  id uuid not null,
  takedown_id uuid not null,
  at timestamptz not null,
  page text not null,
  -- Where it led in the end.
  reached text,
  outcome text not null check (outcome in ('gone', 'still_there', 'unreachable', 'cannot_tell')),
  status integer,
  hash text,
  bytes integer,
  charset text,
  reason text not null default '',
  by_kind text not null check (by_kind in ('platform', 'person')),
  looked_by text not null,
  primary key (subject_id, id)
);
create index look_takedown on results.look (subject_id, takedown_id, at);

-- Where an authority shows its decisions, and which peer that page is, if it is one.
create table results.site (
  authority_id uuid primary key,
  page text not null default '',
  peer_id uuid,
  version integer not null default 1
);

create schema agreements;

create table agreements.agreement (
  id uuid primary key,
  peer_id uuid not null references exchange.peer,
  number text not null,
  purpose text not null,
  items text[] not null,
  -- Working days within which it updates what changed, and takes down what was withdrawn.
  update_workdays integer not null check (update_workdays between 1 and 60),
  withdraw_workdays integer not null check (withdraw_workdays between 1 and 60),
  valid_from date not null,
  -- First day on which it holds no more.
  valid_until date not null,
  contact text not null default '',
  state text not null check (state in ('draft', 'signed', 'ended', 'dropped')),
  file_hash text,
  file_name text,
  media_type text,
  bytes bigint,
  drawn_at timestamptz not null,
  drawn_by text not null,
  signed_at timestamptz,
  ended_on date,
  end_reason text not null default '',
  version integer not null default 1,
  check (valid_from < valid_until),
  check (state not in ('signed', 'ended') or file_hash is not null)
);
create index agreement_peer on agreements.agreement (peer_id, valid_from desc, id desc);

-- Suspension, cut-off and what lifts them: one proposes, another decides (Order 36 art. 24).
create table agreements.measure (
  id uuid primary key,
  peer_id uuid not null references exchange.peer,
  kind text not null check (kind in ('suspend', 'cut_off', 'reinstate')),
  state text not null check (state in ('proposed', 'approved', 'rejected', 'withdrawn')),
  reason text not null,
  basis jsonb not null,
  -- The lateness that the proposal rests on, as it was then.
  figures jsonb not null,
  peer_state text not null,
  proposed_at timestamptz not null,
  proposed_by text not null,
  decided_at timestamptz,
  decided_by text,
  decision_note text not null default '',
  version integer not null default 1,
  check (decided_by is null or state = 'withdrawn' or decided_by <> proposed_by)
);
create unique index measure_one_open on agreements.measure (peer_id) where state = 'proposed';
create index measure_peer on agreements.measure (peer_id, proposed_at desc, id desc);
