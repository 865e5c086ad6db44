-- What a subject says of itself (自主申报): never among the records of authorities, always with its badge.
create schema declarations;

create table declarations.declaration (
  subject_id uuid not null,
  id uuid not null,
  no text not null unique,
  kind text not null,
  title text not null,
  issuer text not null,
  document_no text not null,
  issued_on date not null,
  valid_to date,
  note text not null default '',
  file_hash text,
  file_name text,
  media_type text,
  bytes integer,
  state text not null,
  -- The words that were signed, as they stood.
  commitment jsonb,
  committed_at timestamptz,
  committed_by text,
  authority_id uuid,
  authority_name text,
  division text,
  decided_on date,
  decided_at timestamptz,
  decided_by text,
  reason text not null default '',
  basis jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1,
  primary key (subject_id, id),
  check (state in ('draft', 'declared', 'verified', 'refused', 'withdrawn', 'found_false'))
);
create index declaration_queue on declarations.declaration (authority_id, state, committed_at, id);
create index declaration_id on declarations.declaration (id);

create table declarations.act (
  subject_id uuid not null,
  declaration_id uuid not null,
  id uuid not null,
  action text not null,
  from_state text,
  to_state text not null,
  at timestamptz not null,
  actor text not null,
  authority_id uuid,
  note text not null default '',
  said jsonb,
  primary key (subject_id, declaration_id, id)
);
create trigger act_append_only before update or delete on declarations.act
  for each row execute function platform.only_subject_changes();

create table declarations.number (
  on_day date primary key,
  last integer not null
);

-- Verified and within their validity by day: the only ones that count in reports and evaluation.
create view declarations.v_verified as
  select subject_id, id, kind, title, issuer, issued_on, valid_to, authority_id, authority_name, decided_on
  from declarations.declaration where state = 'verified';
