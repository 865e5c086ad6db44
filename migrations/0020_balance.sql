create schema balance;

-- A run of the proof. One at a time, whichever process does it; one that died is taken up where it stood.
create table balance.run (
  id uuid primary key,
  asked_by text not null,
  state text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  lease_until timestamptz not null,
  leased_by uuid not null,
  -- How many that were proved before are to be proved again in this run.
  again_quota integer not null,
  again_done integer not null default 0,
  submissions integer not null default 0,
  row_count bigint not null default 0,
  differing integer not null default 0,
  -- Handed in according to the audit, and no longer there.
  lost integer not null default 0,
  check (state in ('running', 'done'))
);
create unique index run_one on balance.run (state) where state = 'running';
create index run_started on balance.run (started_at desc, id desc);

-- The latest proof of a submission: its raw file read and counted again, held against what the platform holds.
create table balance.proof (
  submission_id uuid primary key,
  run_id uuid not null references balance.run,
  proved_at timestamptz not null,
  verdict text not null,
  raw_rows integer not null,
  accepted integer not null,
  refused integer not null,
  pending integer not null,
  already_held integer not null,
  difference_count integer not null,
  -- The first hundred, each {code, n?, params?}.
  differences jsonb not null default '[]',
  check (verdict in ('holds', 'differs'))
);
create index proof_age on balance.proof (proved_at, submission_id);
create index proof_differs on balance.proof (submission_id) where verdict = 'differs';

-- Which rows of a file stand as records, in their present or a former version.
create view records.v_entered as
  select submission_id, row_n from records.record
  union
  select submission_id, row_n from records.version;
