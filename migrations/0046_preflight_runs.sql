-- A preflight is work of its own: its progress is told while it runs, it goes on where whoever was at it has ended, and it can be
-- cancelled. What it found is for the one who asked, and is deleted a day later.
create table collection.check_run (
  id uuid primary key,
  authority_id uuid not null,
  item text not null,
  file_hash text not null references platform.file,
  file_name text not null,
  mapping jsonb,
  -- In which language it is told.
  lang text not null check (lang in ('zh', 'en')),
  state text not null check (state in ('waiting', 'running', 'done', 'refused', 'cancelled')),
  -- The last row that `found` tells of, and how many there are; 0 until the file has been read once.
  read_to integer not null default 0,
  total_rows integer not null default 0,
  checked_rows integer not null default 0,
  found jsonb,
  -- Why the whole file cannot be taken.
  refusal jsonb,
  created_at timestamptz not null,
  created_by text not null,
  finished_at timestamptz,
  lease_until timestamptz,
  leased_by text
);
create index check_run_waiting on collection.check_run (created_at) where state in ('waiting', 'running');
create index check_run_finished on collection.check_run (finished_at) where finished_at is not null;
