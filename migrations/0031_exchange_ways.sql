-- Files and exchange tables: how each way goes, and every file and run of rows that went over it.

create table exchange.way (
  peer_id uuid primary key references exchange.peer,
  -- Numbers without gaps: of what we hand over, and of the rows in an exchange table.
  last_batch bigint not null default 0,
  last_row bigint not null default 0,
  -- What lay in the folders at the last look, and since when it has been as it is.
  seen jsonb not null default '{}',
  -- Two processes never write or read the same folder or table.
  leased_by uuid,
  lease_until timestamptz,
  next_at timestamptz not null,
  looked_at timestamptz,
  failures integer not null default 0,
  problem jsonb
);

-- One file, or one run of rows: what we handed over, acknowledgements that were read back, what the peer handed over.
create table exchange.parcel (
  id uuid primary key,
  peer_id uuid not null references exchange.peer,
  kind text not null check (kind in ('outgoing', 'acknowledgements', 'incoming')),
  -- made: its content stands, and may lie there already or not. written: it lies there. taken: read, and not yet answered.
  state text not null check (state in ('made', 'written', 'taken', 'answered', 'refused')),
  number bigint,
  name text not null,
  hash text,
  bytes bigint,
  events integer not null default 0,
  faulty integer not null default 0,
  first_event text,
  last_event text,
  first_row bigint,
  -- As it was signed: written again it is the same.
  manifest text,
  problem jsonb,
  made_at timestamptz not null,
  done_at timestamptz
);
create unique index parcel_number on exchange.parcel (peer_id, number) where kind = 'outgoing';
create index parcel_newest on exchange.parcel (peer_id, made_at desc, id desc);
create index parcel_unfinished on exchange.parcel (peer_id, number) where state in ('made', 'taken');

-- With which file or run of rows it went.
alter table exchange.delivery add column batch bigint;
create index delivery_batch on exchange.delivery (peer_id, batch) where batch is not null;
