-- The one notice of a window is a letter like any other: in the register, verified by its code, delivered with proof.
-- Notices from before carry none and stay what they were: printed from the page.
alter table repair.window_notice add column letter jsonb;

create view repair.v_window_letter as
select n.subject_id, n.id, n.application_id, n.no, n.letter ->> 'addressee' as subject_name, n.authority_id, n.made_at as at,
  n.on_day, n.letter
from repair.window_notice n
where n.letter is not null;

-- Of which kind of case a letter is; of a window's notice `item_id` is the application.
alter table certificates.letter drop constraint letter_of;
alter table certificates.letter add constraint letter_of check (of_kind in ('repair_item', 'objection', 'application'));

-- A further tax offence is a fact of its own (STA Order 54 art. 22).
alter table repair.fact drop constraint fact_fact_check;
alter table repair.fact add constraint fact_fact_check
  check (fact in ('dutiesPerformed', 'corrected', 'sameKindReoffended', 'heavierPenaltyAgain', 'taxOffenceAgain', 'annualReportFiled', 'informationPublished', 'nameChangeRegistered', 'addressRestored', 'taxesPaid'));

-- Not every application rests on a commitment: a shield does not, nor does leaving a court's list.
alter table repair.application drop constraint application_check;
alter table repair.application add constraint application_check
  check (state = 'draft' or (no is not null and submitted_at is not null));
