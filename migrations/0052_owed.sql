-- Who owes the word that a withdrawn record is down: followed from the log, so that one peer's are found without walking all
-- withdrawals of its channel.

-- A withdrawal of a record that a peer was handed. `open` is false once nothing can be owed for it any more; whether something is
-- still owed for an open one, its deliveries say.
create table exchange.owed (
  peer_id uuid not null,
  record_id uuid not null,
  commit_n bigint not null,
  at timestamptz not null,
  open boolean not null default true,
  primary key (peer_id, record_id, commit_n)
);
create index owed_at on exchange.owed (peer_id, at, record_id);
create index owed_open on exchange.owed (peer_id, at, record_id) where open;

-- Up to where the log has been read, and which of the open ones were looked at last.
create table exchange.progress (
  name text primary key,
  position bigint not null,
  looked_peer uuid,
  looked_at timestamptz,
  looked_record uuid
);

-- What a peer held when it was withdrawn, and what became of it: one row a withdrawal, from the first one to the next showing.
-- What has not been followed yet is read from the log itself.
create or replace view exchange.v_owed as
select o.peer_id, w.subject_id, o.record_id, w.item, o.at as announced_at, a.sent_at, a.acked_at, a.verified_at, o.open
from (
  select f.peer_id, f.record_id, f.commit_n, f.at, f.open from exchange.owed f
  union all
  select h.id, e.record_id, e.commit_n, min(e.at), true
  from exchange.peer h
  cross join (
    -- With an end as well the planner takes it for the short stretch that it is.
    select c.n from platform.commit c
    where c.position > coalesce((select g.position from exchange.progress g where g.name = 'owed'), 0)
      and c.position < 9223372036854775807
    union all
    select c.n from platform.commit c where c.position is null
  ) c
  cross join lateral (
    select x.record_id, x.commit_n, x.at from platform.event x
    where x.commit_n = c.n and x.kind = 'record.withdrawn' and x.record_id is not null offset 0
  ) e
  group by h.id, e.record_id, e.commit_n
) o
join exchange.peer p on p.id = o.peer_id
cross join lateral (
  -- By the record, never by the commit: one commit may withdraw a hundred thousand.
  select x.subject_id, x.item from platform.event x
  where x.record_id = o.record_id and x.commit_n + 0 = o.commit_n and x.kind = 'record.withdrawn' and p.channel = any(x.channels)
  limit 1
) w
-- Behind `offset 0` it is nobody whom the planner knows: deliveries are found by their record, never by walking all of a peer.
cross join lateral (select o.peer_id as id offset 0) k
cross join lateral (
  select min(x.sent_at) as sent_at, min(x.acked_at) filter (where x.outcome is distinct from 'refused') as acked_at,
    min(x.verified_at) as verified_at
  from exchange.delivery x
  join platform.event n on n.subject_id = x.subject_id and n.id = x.event_id
  where x.subject_id = w.subject_id and x.record_id = o.record_id and x.peer_id = k.id
    and x.kind = 'withdraw' and n.commit_n >= o.commit_n
) a
-- Each is asked by itself, by an index, however many of them the planner expects.
where (
  select true from exchange.delivery d
  join platform.event n on n.subject_id = d.subject_id and n.id = d.event_id
  where d.subject_id = w.subject_id and d.record_id = o.record_id and d.peer_id = k.id
    and d.kind in ('publish', 'update') and d.outcome is distinct from 'refused' and n.commit_n < o.commit_n
    and (d.delivered_at is not null or d.attempts > 0)
  limit 1
) and (
  select true from platform.event b
  where b.record_id = o.record_id and b.kind = 'record.withdrawn' and p.channel = any(b.channels) and b.commit_n < o.commit_n
    and not exists (
      select 1 from platform.event r
      where r.record_id = o.record_id and r.kind = 'record.restored' and p.channel = any(r.channels)
        and r.commit_n > b.commit_n and r.commit_n < o.commit_n
    )
  limit 1
) is null and (a.acked_at is not null or (
  select true from platform.event r
  where r.record_id = o.record_id and r.kind = 'record.restored' and p.channel = any(r.channels) and r.commit_n > o.commit_n
  limit 1
) is null);

-- Asked of each acknowledgement: whether it takes in what had been sent back before.
create index delivery_sent_back on exchange.delivery (peer_id, event_id) where outcome = 'refused';
