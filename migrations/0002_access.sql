create schema access;

create table access.authority (
  id uuid primary key,
  code text not null unique,
  name text not null,
  name_key text not null,
  division text not null,
  system text not null check (system in ('general', 'market_supervision', 'tax', 'court')),
  is_credit_office boolean not null default false,
  duties text[] not null default '{}',
  receiving_channel text,
  active boolean not null default true,
  version integer not null default 1,
  created_at timestamptz not null
);
create index authority_name on access.authority (name_key);
create index authority_division on access.authority (division, id);

create table access.person (
  id uuid primary key,
  login text not null unique,
  name text not null,
  password_hash text not null,
  state text not null check (state in ('active', 'suspended')),
  must_change boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null
);

create table access.role (
  person_id uuid not null references access.person,
  role text not null check (role in ('collector', 'officer', 'head', 'window_clerk', 'credit_office', 'territory_admin', 'security_admin', 'auditor', 'enterprise')),
  authority_id uuid references access.authority,
  division text,
  granted_at timestamptz not null,
  granted_by text not null,
  ended_at timestamptz,
  id uuid primary key
);
create index role_person on access.role (person_id) where ended_at is null;

-- A person acts for a subject. Keyed by subject, found by person.
create table access.mandate (
  subject_id uuid not null,
  id uuid not null,
  person_id uuid not null references access.person,
  kind text not null check (kind in ('legal_representative', 'agent', 'administrator')),
  valid_from date not null,
  valid_to date,
  created_at timestamptz not null,
  primary key (subject_id, id)
);
create index mandate_person on access.mandate (person_id);

create table access.session (
  token_hash text primary key,
  person_id uuid not null references access.person,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index session_person on access.session (person_id);

-- Throttle: failures by login and by address, forgotten with time.
create table access.attempt (
  key text primary key,
  failures integer not null,
  first_at timestamptz not null,
  blocked_until timestamptz
);

create table access.api_key (
  id uuid primary key,
  prefix text not null unique,
  secret_hash text not null,
  name text not null,
  authority_id uuid references access.authority,
  peer_id uuid,
  scopes text[] not null,
  created_at timestamptz not null,
  created_by text not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
create index api_key_authority on access.api_key (authority_id);
