-- Daily exchange with the enterprise publicity system (J2): what it sent, what it shows, what differs, and a statement a day.

-- For those above: of a record what this platform's own site shows and what the publicity system has to show, each by its own rules.
create view records.v_displays as
  select r.subject_id, r.id as record_id, r.item, r.division, r.authority_key, r.authority_name, r.doc_key, r.doc_no, r.decided_on,
    r.published_on, r.version, r.state, r.fields, coalesce(r.facts ->> 'system', 'general') as system,
    r.facts ->> 'subjectKind' as subject_kind,
    (s.w ->> 'from')::date as site_from, (s.w ->> 'until')::date as site_until, s.w ->> 'basis' as site_basis,
    s.w -> 'end' ->> 'by' as site_end,
    (n.w ->> 'from')::date as necips_from, (n.w ->> 'until')::date as necips_until, n.w ->> 'basis' as necips_basis,
    n.w -> 'end' ->> 'by' as necips_end
  from records.record r
  cross join lateral (select jsonb_path_query_first(r.windows, '$[*] ? (@.channel == "credit_china")') as w) s
  cross join lateral (select jsonb_path_query_first(r.windows, '$[*] ? (@.channel == "necips")') as w) n;

-- Of a window's basis what others name: class, rule, instrument and article, and the longest period.
create view records.v_basis as
  select b.id, b.body ->> 'class' as class, b.body ->> 'rule' as rule, b.body ->> 'article' as article, b.body -> 'instrument' as instrument,
    b.body -> 'inputs' ->> 'max' as max
  from records.basis b;

-- What a peer was handed of a record, and what became of it.
create view exchange.v_handed as
  select d.peer_id, d.subject_id, d.record_id, d.event_id, d.kind, d.version, d.shown_from, d.shown_until, d.sent_at, d.delivered_at,
    d.acked_at, d.dead_at, d.outcome, d.note, d.fault
  from exchange.delivery d where d.record_id is not null;
-- Peers with where they are reached.
create view exchange.v_peer as
  select p.id, p.name, p.code, p.kind, p.division, p.items, p.channel, p.way, p.state, p.settings, p.algorithm, p.created_at
  from exchange.peer p;
-- Their public keys, by which what they answer is known to be theirs.
create view exchange.v_peer_key as
  select k.peer_id, k.key_id, k.algorithm, k.public_key, k.valid_from, k.valid_until, k.revoked_at from exchange.peer_key k;

create schema reconciliation;

-- The content of a record, the same for both sides: keys in byte order, each with its value, apart by unit and record separators.
create function reconciliation.digest(fields jsonb) returns text language sql immutable parallel safe as $$
  select encode(sha256(convert_to(coalesce(string_agg(e.k || chr(31) || e.v, chr(30) order by e.k collate "C"), ''), 'UTF8')), 'hex')
  from jsonb_each_text(fields) e(k, v) where e.v is not null
$$;

-- One row a day and system. A day on which the exchange could not be carried out is named and made up by a later one.
create table reconciliation.statement (
  peer_id uuid not null,
  day date not null,
  state text not null check (state in ('running', 'done', 'failed', 'made_up')),
  attempts integer not null default 0,
  -- Codes of what went wrong, for words: never a text of the other side.
  fault text not null default '',
  fault_detail text not null default '',
  retry_at timestamptz,
  lease_until timestamptz,
  leased_by uuid,
  made_up_by date,
  asked_by text not null default '',
  finished_at timestamptz,
  -- What was exchanged is counted between these two instants: every message lies in one statement.
  span_from timestamptz,
  span_to timestamptz,
  sent integer not null default 0,
  sent_acknowledged integer not null default 0,
  sent_refused integer not null default 0,
  sent_pending integer not null default 0,
  sent_dead integer not null default 0,
  received integer not null default 0,
  received_applied integer not null default 0,
  received_already integer not null default 0,
  received_refused integer not null default 0,
  received_pending integer not null default 0,
  -- Records compared: what each side shows = the same on both + explained by the rules + differing.
  shown_here integer not null default 0,
  shown_there integer not null default 0,
  same integer not null default 0,
  -- Of these, shown until other days because the two regimes count otherwise.
  same_other_terms integer not null default 0,
  ruled_here integer not null default 0,
  ruled_there integer not null default 0,
  differing_here integer not null default 0,
  differing_there integer not null default 0,
  listed_twice integer not null default 0,
  -- Differences: open before + found = closed + still open.
  open_before integer not null default 0,
  found integer not null default 0,
  closed integer not null default 0,
  open_after integer not null default 0,
  file_hash text,
  previous_hash text,
  primary key (peer_id, day),
  constraint sent_balances check (sent = sent_acknowledged + sent_refused + sent_pending + sent_dead),
  constraint received_balances check (received = received_applied + received_already + received_refused + received_pending),
  constraint here_balances check (shown_here = same + ruled_here + differing_here),
  constraint there_balances check (shown_there = same + ruled_there + differing_there),
  constraint differences_balance check (open_before + found = closed + open_after)
);
create index statement_day on reconciliation.statement (day desc, peer_id);

-- Where the other system offers its list and its results.
create table reconciliation.link (
  peer_id uuid primary key,
  address text not null,
  set_by text not null,
  set_at timestamptz not null
);

-- Up to where its results have been fetched.
create table reconciliation.place (
  peer_id uuid primary key,
  cursor text not null,
  at timestamptz not null
);

-- Each result that the other system sent or offered, and what came of it here.
create table reconciliation.result (
  peer_id uuid not null,
  event_id uuid not null,
  type text not null,
  item text not null,
  subject_code text collate "C" not null,
  authority_key text collate "C" not null,
  doc_key text collate "C" not null,
  on_day date not null,
  message jsonb not null,
  received_at timestamptz not null,
  outcome text not null check (outcome in ('applied', 'already', 'refused', 'pending')),
  note jsonb not null default '{}',
  settled_at timestamptz,
  counted_on date,
  primary key (peer_id, event_id)
);
create index result_counted on reconciliation.result (peer_id, counted_on);
create index result_record on reconciliation.result (peer_id, subject_code, doc_key);
create index result_received on reconciliation.result (peer_id, received_at);

-- What the other system says it shows today: replaced with each list.
create table reconciliation.shown_there (
  peer_id uuid not null,
  n integer not null,
  subject_id uuid,
  first_of_key boolean not null default true,
  record_id uuid,
  item text collate "C" not null,
  subject_code text collate "C" not null,
  subject_name text not null,
  authority text not null,
  authority_key text collate "C" not null,
  doc_no text not null,
  doc_key text collate "C" not null,
  version integer,
  digest text,
  published_on date,
  shown_from date not null,
  shown_until date,
  class text not null,
  article text not null,
  primary key (peer_id, n)
);
create index shown_there_subject on reconciliation.shown_there (peer_id, subject_id, n);
create index shown_there_key on reconciliation.shown_there (peer_id, subject_code, item, authority_key, doc_key);

-- One difference of one record, from when it was found until it is closed. What is no longer found closes by itself.
create table reconciliation.difference (
  id uuid primary key,
  peer_id uuid not null,
  -- By what both sides know the record: item, code, authority and number of the document, digested.
  key text collate "C" not null,
  kind text not null check (kind in ('not_there', 'not_here', 'other_dates', 'other_content')),
  cause text not null check (cause in ('not_sent', 'not_acknowledged', 'refused_there', 'expired_there', 'result_not_received', 'rules_differ', 'not_held', 'unknown')),
  subject_id uuid,
  record_id uuid,
  item text not null,
  division text,
  subject_code text not null,
  subject_name text not null,
  authority text not null,
  doc_no text not null,
  -- Side by side: what is shown here, what the rules give for there, what is shown there; with the article of each.
  sides jsonb not null,
  -- What the cause is read from: the delivery, the result, the articles.
  proof jsonb not null,
  fingerprint text not null,
  state text not null check (state in ('open', 'under_way', 'accepted', 'settled', 'closed')),
  -- Of what is no longer open: how.
  closed_by_way text check (closed_by_way in ('resend', 'take_in', 'accept', 'person', 'itself')),
  found_on date not null,
  found_at timestamptz not null,
  seen_on date not null,
  seen_run uuid not null,
  closed_on date,
  closed_at timestamptz,
  closed_by text,
  reason text not null default '',
  basis jsonb,
  version integer not null default 1
);
create unique index difference_once on reconciliation.difference (peer_id, key, kind) where state <> 'closed';
create index difference_list on reconciliation.difference (found_at desc, id desc);
create index difference_open on reconciliation.difference (peer_id, state) where state <> 'closed';
create index difference_record on reconciliation.difference (subject_id, record_id);

-- What was done about a difference, by whom: append-only.
create table reconciliation.act (
  difference_id uuid not null references reconciliation.difference,
  n integer not null,
  action text not null check (action in ('find', 'resend', 'take_in', 'accept', 'settle', 'find_again', 'vanish')),
  at timestamptz not null,
  by_name text not null,
  from_state text,
  to_state text not null,
  note jsonb not null default '{}',
  -- In which day's statement it is counted: each act in one.
  peer_id uuid not null,
  counted_on date,
  primary key (difference_id, n)
);
create index act_uncounted on reconciliation.act (peer_id) where counted_on is null;
create index act_counted on reconciliation.act (peer_id, counted_on);
