-- Correcting codes (重错码), and bringing files together or taking them apart.

-- Whose file a thing lies on may change; what happened never does.
create function platform.only_subject_changes() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - 'subject_id' = to_jsonb(old) - 'subject_id' then
    return new;
  end if;
  raise exception 'append-only table %', tg_table_name using errcode = 'XH001';
end $$;
drop trigger disposition_append_only on records.disposition;
create trigger disposition_append_only before update or delete on records.disposition
  for each row execute function platform.only_subject_changes();
drop trigger act_append_only on repair.act;
create trigger act_append_only before update or delete on repair.act
  for each row execute function platform.only_subject_changes();

-- A subject whose file was brought together with another's keeps its id and its row; its codes lead to the other.
alter table subjects.subject add column merged_into uuid;

-- `alias`: a code that was reported in error and means this subject.
alter table subjects.code drop constraint code_kind_check;
alter table subjects.code
  add check (kind in ('uscc', 'organisation', 'registration', 'person_digest', 'alias'));
drop index subjects.code_subject;
create index code_subject on subjects.code (subject_id) where kind in ('organisation', 'registration', 'alias');
create index subject_uscc on subjects.subject (uscc) where uscc is not null;

-- `merged`: the two turned out to be one and their files were brought together.
alter table subjects.conflict drop constraint conflict_state_check;
alter table subjects.conflict
  add check (state in ('open', 'kept', 'renamed', 'former', 'merged'));

create view subjects.v_conflict as
  select c.subject_id, c.id, c.kind, c.held, c.offered, c.offered_key, c.source, c.state, c.found_at, c.closed_at,
    s.kind as subject_kind, s.name, s.uscc, s.division
  from subjects.conflict c join subjects.subject s on s.id = c.subject_id;

-- For figures: organisations that stand for themselves, with the strongest code each has.
create view subjects.v_organisation as
  select s.id, s.kind, s.name, s.uscc, s.division, s.status,
    case when s.uscc is not null then 'uscc' else (
      select max(c.kind) from subjects.code c where c.subject_id = s.id and c.kind in ('organisation', 'registration')) end as code_kind
  from subjects.subject s where s.kind <> 'natural_person' and s.merged_into is null;

-- What lay on one file and was put on another, row by row, so that it can be put back.
create table subjects.moved (
  case_id uuid not null,
  table_name text not null,
  key jsonb not null,
  from_id uuid not null,
  to_id uuid not null,
  primary key (case_id, table_name, key)
);

-- Rows returned for the code of their subject, and rows that wait for a name.
create view collection.v_wrong_code as
  select r.submission_id, r.n, s.no as submission_no, s.authority_id, s.authority_name, s.division, s.item, r.verdict, r.name,
    p.problem ->> 'value' as code, p.problem ->> 'code' as problem, s.created_at as at
  from collection.row r
  join collection.submission s on s.id = r.submission_id
  cross join lateral jsonb_array_elements(r.problems) as p(problem)
  where r.verdict in ('refused', 'pending') and (p.problem ->> 'code' = 'no_subject_code' or (p.problem ->> 'code' like 'uscc%' and p.problem ->> 'code' <> 'uscc_is_person_id'));
create view collection.v_waiting as
  select r.subject_id, r.submission_id, r.n, r.name, s.authority_id, s.authority_name, s.item
  from collection.row r join collection.submission s on s.id = r.submission_id
  where r.verdict = 'pending';
create index row_waiting on collection.row (subject_id) where verdict = 'pending';

create schema corrections;

create table corrections.task (
  id uuid primary key,
  no text not null unique,
  kind text not null,
  -- null where the wrong code leads to nobody.
  subject_id uuid,
  conflict_id uuid,
  submission_id uuid,
  row_n integer,
  name text not null,
  -- What is held, and what was handed in and differs.
  held text not null,
  offered text not null,
  division text,
  -- Two characters of the unified code: whose registrar is asked.
  category text,
  authority_id uuid not null,
  authority_name text not null,
  -- No registering authority is on the platform: the credit office answers itself.
  to_office boolean not null,
  state text not null,
  reason text not null default '',
  opened_on date not null,
  due_on date not null,
  due_provisional boolean not null,
  term jsonb not null,
  opened_at timestamptz not null,
  opened_by text not null,
  proof jsonb,
  answer jsonb,
  answered_on date,
  answered_at timestamptz,
  answered_by text,
  -- Some answer came after the day it was due; sending back sets a new day and does not undo that.
  ever_late boolean not null default false,
  outcome text,
  effect jsonb,
  closed_at timestamptz,
  closed_by text,
  version integer not null default 1,
  check (kind in ('one_code_two_names', 'one_name_two_codes', 'wrong_code', 'legacy_code')),
  check (state in ('open', 'answered', 'returned', 'closed', 'withdrawn')),
  check (outcome in ('corrected', 'confirmed', 'unknown'))
);
create index task_authority on corrections.task (authority_id, state, due_on, id);
create index task_division on corrections.task (division text_pattern_ops, state, due_on, id);
create index task_subject on corrections.task (subject_id) where subject_id is not null;
create unique index task_conflict on corrections.task (conflict_id) where conflict_id is not null and state <> 'withdrawn';
create index task_asked on corrections.task (conflict_id) where conflict_id is not null;
create unique index task_row on corrections.task (submission_id, row_n) where submission_id is not null and state <> 'withdrawn';
create unique index task_legacy on corrections.task (subject_id) where kind = 'legacy_code' and state in ('open', 'answered', 'returned');

-- Append-only history of a task and of a case.
create table corrections.act (
  about_id uuid not null,
  id uuid not null,
  action text not null,
  from_state text,
  to_state text not null,
  at timestamptz not null,
  actor text not null,
  actor_name text not null,
  authority_id uuid,
  note text not null default '',
  primary key (about_id, id)
);
create trigger act_append_only before update or delete on corrections.act
  for each row execute function platform.forbid_change();

-- Bringing two files together or taking one apart: proposed by one person, decided by another; so is taking it back.
create table corrections.file_case (
  id uuid primary key,
  no text not null unique,
  kind text not null,
  state text not null,
  from_id uuid not null,
  -- null until a split to a new subject is done.
  into_id uuid,
  new_subject jsonb,
  chosen jsonb not null,
  reason text not null,
  division text,
  task_id uuid,
  -- What it was when proposed, in figures; who decides must have seen the same.
  digest text not null,
  done jsonb,
  proposed_by text not null,
  proposed_name text not null,
  proposed_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  undo_by text,
  undo_reason text,
  undone_at timestamptz,
  version integer not null default 1,
  check (kind in ('merge', 'split')),
  check (state in ('proposed', 'done', 'rejected', 'withdrawn', 'undo_proposed', 'undone'))
);
create index file_case_state on corrections.file_case (state, proposed_at desc, id desc);
create unique index file_case_open on corrections.file_case (from_id) where state in ('proposed', 'undo_proposed');

create table corrections.number (
  kind text not null,
  on_day date not null,
  last integer not null,
  primary key (kind, on_day)
);

create view corrections.v_task as
  select id, no, kind, subject_id, division, category, authority_id, authority_name, to_office, state, outcome, opened_on, due_on,
    answered_on, ever_late, opened_at, answered_at, closed_at
  from corrections.task;
