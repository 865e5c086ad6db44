-- Push: the queue to each peer, what went wrong on the way, who is at it, and who was told of what is late.

create sequence exchange.delivery_n;
alter table exchange.delivery
  -- The order in which deliveries were put under way: of one subject a later one never overtakes an unfinished earlier one.
  add column queue_n bigint,
  -- Goes by itself: together with others it was not taken, and one that a peer cannot read must not hold up the others.
  add column alone boolean not null default false,
  -- The process that is at it; next_attempt_at is then the end of its lease.
  add column leased_by uuid,
  -- Sent again by a person: attempts and age are counted from there.
  add column replayed_at timestamptz,
  add column attempts_before integer not null default 0,
  -- Somebody has looked and decided that it is not sent any more. It stays dead.
  add column given_up_at timestamptz,
  add column given_up_by text not null default '',
  add column given_up_reason text not null default '';
alter table exchange.delivery alter column queue_n set default nextval('exchange.delivery_n');
-- Sent = acknowledged + pending + dead + not needed: each delivery is exactly one of them.
alter table exchange.delivery add constraint delivery_acknowledged
  check ((acked_at is null) = (outcome is null or outcome = 'not_needed'));
alter table exchange.delivery add constraint delivery_finished
  check (next_attempt_at is null or (acked_at is null and outcome is null and dead_at is null));
alter table exchange.delivery add constraint delivery_dead_open check (dead_at is null or outcome is null);
alter table exchange.delivery add constraint delivery_given_up check (given_up_at is null or dead_at is not null);
create index delivery_queue on exchange.delivery (peer_id, queue_n) where next_attempt_at is not null;
create index delivery_message on exchange.delivery (peer_id, queue_n) where kind = 'message' and acked_at is null;
-- Figures by day read only the days they are asked for; rows come in the order of time, so a coarse index does.
create index delivery_day on exchange.delivery using brin (sent_at);

-- How the way to a push peer is: while it does not answer it rests, and a single request looks whether it is back.
create table exchange.line (
  peer_id uuid primary key references exchange.peer,
  failures integer not null default 0,
  rests_until timestamptz,
  fault text not null default '',
  failed_at timestamptz,
  answered_at timestamptz
);

-- Each attempt that failed: what, when, how long it took, and what the peer said.
create table exchange.failure (
  subject_id uuid not null,
  peer_id uuid not null,
  event_id uuid not null,
  attempt integer not null,
  at timestamptz not null,
  fault text not null check (fault in ('no_address', 'unreachable', 'not_trusted', 'timeout', 'cut_short', 'redirected', 'not_authorized', 'not_found', 'too_many', 'too_large', 'busy', 'failed', 'not_accepted', 'unreadable', 'not_answered', 'broke_off')),
  status integer,
  said text not null default '',
  took_ms integer not null default 0,
  primary key (subject_id, peer_id, event_id, attempt, at)
);

-- Whoever has not confirmed is chased: who was told, of what, and since when nobody needs to be told any more.
create table exchange.chase (
  id uuid primary key,
  peer_id uuid not null references exchange.peer,
  what text not null check (what in ('withdrawals', 'unanswered', 'dead')),
  count integer not null,
  oldest date not null,
  times integer not null default 1,
  by_hand boolean not null default false,
  raised_at timestamptz not null,
  raised_by text not null,
  told_at timestamptz not null,
  message_id uuid,
  answered_at timestamptz
);
create unique index chase_open on exchange.chase (peer_id, what) where answered_at is null;
create index chase_newest on exchange.chase (raised_at desc, id desc);
