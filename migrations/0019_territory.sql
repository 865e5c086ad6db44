-- Who works where: asked whenever an authority is shown.
create index role_authority on access.role (authority_id) where ended_at is null;

-- Basic information of organisations, as it goes back to their territory. `merged`: the file was brought together with another.
create view subjects.v_basic as
  select s.id as subject_id, s.kind, s.name, s.division,
    coalesce(s.uscc, (select c.code from subjects.code c where c.subject_id = s.id and c.kind in ('organisation', 'registration') order by c.kind limit 1)) as code,
    case when s.merged_into is not null then 'merged' else s.status end as status
  from subjects.subject s where s.kind <> 'natural_person';

create schema territory;

-- Basic information of organisations as it was last told to their territory.
create table territory.known (
  subject_id uuid primary key,
  code text,
  name text not null,
  kind text not null,
  division text,
  status text not null,
  position bigint not null
);
create index known_division on territory.known (division text_pattern_ops, subject_id);

-- What goes back to the territory: one line a change, in one order for all readers.
create table territory.change (
  position bigint generated always as identity primary key,
  subject_id uuid not null,
  kind text not null check (kind in ('new', 'renamed', 'recoded', 'status_changed', 'moved', 'merged')),
  at timestamptz not null,
  code text,
  name text not null,
  subject_kind text not null,
  division text,
  status text not null,
  -- What it was before; null of a new one.
  code_before text,
  name_before text,
  division_before text,
  status_before text
);
create index change_division on territory.change (division text_pattern_ops, position);
create index change_left on territory.change (division_before text_pattern_ops, position) where division_before is not null;

-- How far the commit log has been followed.
create table territory.followed (
  one boolean primary key default true check (one),
  position bigint not null,
  at timestamptz not null
);
