create schema subjects;

-- Neighbouring pairs and triples of characters: two characters need pairs, three and more triples. A loop, because every new
-- name is cut by both: a query over a series takes three times as long. The index leaves out what comes twice.
create function subjects.bigrams(name text) returns text[] language plpgsql immutable parallel safe strict as $$
declare
  grams text[] := '{}';
begin
  for i in 1 .. length(name) - 1 loop
    grams := grams || substr(name, i, 2);
  end loop;
  return grams;
end $$;
create function subjects.trigrams(name text) returns text[] language plpgsql immutable parallel safe strict as $$
declare
  grams text[] := '{}';
begin
  for i in 1 .. length(name) - 2 loop
    grams := grams || substr(name, i, 3);
  end loop;
  return grams;
end $$;

create table subjects.subject (
  id uuid primary key,
  kind text not null check (kind in ('enterprise', 'institution', 'social_organisation', 'individual_business', 'government_body', 'natural_person', 'other')),
  name text not null,
  -- Compared and ordered byte by byte: the same on every machine, and prefixes use the index.
  name_key text collate "C" not null,
  uscc text,
  division text,
  status text not null default 'active' check (status in ('active', 'deregistered', 'revoked')),
  facts jsonb not null default '{}',
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index subject_bigrams on subjects.subject using gin (subjects.bigrams(name_key)) where kind <> 'natural_person';
create index subject_trigrams on subjects.subject using gin (subjects.trigrams(name_key)) where kind <> 'natural_person';
create index subject_name_key on subjects.subject (name_key, id);

-- The registry of codes: look up code -> id here, then read by id. Persons by keyed digest only.
create table subjects.code (
  kind text not null check (kind in ('uscc', 'organisation', 'registration', 'person_digest')),
  code text not null,
  subject_id uuid not null,
  primary key (code, kind)
);
-- An organisation with a unified code carries it itself.
create index code_subject on subjects.code (subject_id) where kind in ('organisation', 'registration');
-- Characters 9 to 17 of a unified code are the organisation code it replaced.
create index code_inner_organisation on subjects.code (substr(code, 9, 9)) where kind = 'uscc';

-- For joins by other capabilities: organisations by any code the public may know. Persons are not in it.
create view subjects.v_by_code as
  select c.code, c.kind as code_kind, s.id as subject_id, s.uscc, s.kind, s.name, s.division, s.status
  from subjects.code c join subjects.subject s on s.id = c.subject_id
  where c.kind in ('uscc', 'organisation', 'registration') and s.kind <> 'natural_person';

-- Names of subjects that have had more than one: a subject that never changed its name has the one it carries and no row here.
create table subjects.name (
  subject_id uuid not null references subjects.subject,
  id uuid not null,
  name text not null,
  name_key text not null,
  valid_from date not null,
  source text not null,
  primary key (subject_id, id)
);

-- One code with two names, or one name with two codes: shown, decided by people, never merged silently.
create table subjects.conflict (
  subject_id uuid not null references subjects.subject,
  id uuid not null,
  kind text not null check (kind in ('one_code_two_names', 'one_name_two_codes')),
  held text not null,
  offered text not null,
  offered_key text not null,
  source text not null,
  state text not null check (state in ('open', 'kept', 'renamed', 'former')),
  found_at timestamptz not null,
  closed_at timestamptz,
  closed_by text,
  primary key (subject_id, id)
);
create index conflict_state on subjects.conflict (state, found_at, id);
-- The same difference is asked once, however many rows carry it.
create unique index conflict_once on subjects.conflict (subject_id, kind, offered_key);

-- Who looked at a subject's file, when and for what business (A5); the subject can read it.
create table subjects.look (
  subject_id uuid not null,
  at timestamptz not null,
  id uuid not null,
  actor text not null,
  authority_id uuid,
  purpose text not null,
  primary key (subject_id, at, id)
);
