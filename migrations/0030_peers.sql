-- Who calls as a peer: how it and we sign, from where and how often it comes, and how it is connected, step by step.

alter table exchange.peer
  -- With which kind of key we sign for it, and it for us.
  add column algorithm text not null default 'ed25519' check (algorithm in ('ed25519', 'sm2'));

-- A signed request counts once. What is older than the allowed skew is refused for its age and need not be remembered.
create table exchange.nonce (
  peer_id uuid not null references exchange.peer,
  nonce text not null,
  until timestamptz not null,
  primary key (peer_id, nonce)
);
create index nonce_until on exchange.nonce (until);

-- Requests of a peer in the minute that runs; one row a peer, whichever process answers.
create table exchange.rate (
  peer_id uuid primary key references exchange.peer,
  began timestamptz not null,
  used integer not null
);

create schema onboarding;

-- Steps of a connection that are done, each with its proof. Done anew, the newer one counts.
create table onboarding.step (
  id uuid primary key,
  peer_id uuid not null references exchange.peer,
  step text not null check (step in ('profile', 'keys', 'conformance', 'sandbox', 'service')),
  outcome text not null check (outcome in ('passed', 'failed')),
  proof jsonb not null,
  done_by text not null,
  done_at timestamptz not null
);
create index step_of_peer on onboarding.step (peer_id, step, done_at desc);

-- What a peer's system asked of us lately and what we answered, for those who look for what is wrong. The newest are kept.
create table onboarding.request (
  id uuid primary key,
  peer_id uuid not null references exchange.peer,
  at timestamptz not null,
  method text not null,
  path text not null,
  address text not null,
  status integer not null,
  code text not null default '',
  detail jsonb not null,
  request_id text not null
);
create index request_of_peer on onboarding.request (peer_id, at desc, id desc);

-- Events of the sandbox that a peer has acknowledged or applied. They are made from a seed and stand in no other table.
create table onboarding.acknowledgement (
  peer_id uuid not null references exchange.peer,
  event_id uuid not null,
  outcome text not null check (outcome in ('applied', 'already', 'refused')),
  at timestamptz not null,
  primary key (peer_id, event_id)
);
