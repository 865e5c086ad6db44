-- For other capabilities: what was handed in, with its balance.
create view collection.v_submission as
  select id, no, authority_id, authority_name, division, item, way_in, state, refusal, file_hash, file_name, total_bytes, total_rows,
    received, accepted, refused, pending, already_held, backfill, corrects, created_at, created_by, handed_in_by, finished_at
  from collection.submission;

-- One line for each thing that is wrong with a row that stands returned; `at` is when the row was handed in.
create view collection.v_refused_problem as
  select r.submission_id, r.n, s.authority_id, s.division, s.item, s.backfill, p.problem ->> 'code' as code, p.problem ->> 'field' as field,
    s.created_at as at
  from collection.row r
  join collection.submission s on s.id = r.submission_id
  cross join lateral jsonb_array_elements(r.problems) as p(problem)
  where r.verdict = 'refused';

alter table collection.submission
  -- Which of the proposals the collector accepted when handing in; the pipeline makes the proposals again and takes those.
  add column mending jsonb,
  -- The run was taken up again after this row: whoever was at it before had ended.
  add column continued_from integer;

-- A value that the platform proposed and a person accepted: the file keeps what stood there.
create table collection.mend (
  submission_id uuid not null references collection.submission,
  n integer not null,
  field text not null,
  was text not null,
  became text not null,
  rule text not null check (rule in ('code_look_alike', 'code_one_character', 'code_of_name', 'category_of_code', 'date_spelling', 'date_serial', 'amount_unit', 'choice_near', 'flag_mark', 'authority_code', 'authority_name')),
  accepted_by text not null,
  accepted_name text not null,
  accepted_at timestamptz not null,
  primary key (submission_id, n, field)
);
create trigger mend_append_only before update or delete on collection.mend
  for each row execute function platform.forbid_change();

-- What was annulled by mistake is reinstated by its authority, which says why.
alter table records.disposition drop constraint disposition_kind_check;
alter table records.disposition add constraint disposition_kind_check
  check (kind in ('repaired', 'annulled', 'shielded', 'restored', 'reinstated', 'revoked', 'corrected', 'disputed', 'dispute_closed', 'deregistered', 'delisted'));

-- For joins by other capabilities: organisations by the key of their present name. Persons are not in it.
create view subjects.v_by_name as
  select name_key, id as subject_id, name, uscc, division, status from subjects.subject where kind <> 'natural_person';

-- The key of a decision number now leaves out the closing 号 too, and knows more dashes and the traditional 號. Records held
-- under the former key take the new one. Where two were held under two spellings of one number, the first recorded has it; the
-- other keeps its former key, under which nothing arrives any more, and stands to be annulled by its authority.
with keyed as (
  select subject_id, id, item, authority_key, doc_key, recorded_at,
    regexp_replace(regexp_replace(regexp_replace(translate(doc_key, '號─━ー﹣﹘⸺⸻〜∼', '号-------~~'), '-{2,}', '-', 'g'),
      '第+(?=[0-9A-Z])', '', 'g'), '号+$', '') as new_key
  from records.record
), moving as (
  select k.subject_id, k.id, k.new_key,
    row_number() over (partition by k.subject_id, k.item, k.authority_key, k.new_key order by (k.doc_key = k.new_key) desc, k.recorded_at, k.id) as turn,
    k.doc_key <> k.new_key as moves
  from keyed k
)
update records.record r set doc_key = m.new_key
from moving m
where m.turn = 1 and m.moves and r.subject_id = m.subject_id and r.id = m.id;
