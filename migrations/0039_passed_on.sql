-- What another platform decides is counted there, and shields are passed on as repairs are (异地, D12).

alter table oversight.entry drop constraint entry_what_check;
alter table oversight.entry add constraint entry_what_check
  check (what in ('received', 'passed', 'accepted', 'granted', 'refused', 'not_accepted', 'withdrawn', 'lapsed', 'forged', 'revoked', 'shielded', 'plan_completed', 'restored', 'passed_on', 'came_back'));
-- Where items have been passed on, all is counted anew from the acts.
delete from oversight.entry where exists (select 1 from repair.act where action = 'pass_on');
delete from oversight.tally where exists (select 1 from repair.act where action = 'pass_on');
delete from oversight.progress where exists (select 1 from repair.act where action = 'pass_on');

alter table transfers.transfer drop constraint transfer_outcome_check;
alter table transfers.transfer add constraint transfer_outcome_check
  check (outcome in ('granted', 'refused', 'not_accepted', 'withdrawn', 'lapsed', 'ended_forged', 'revoked', 'shielded', 'plan_completed', 'restored'));
-- What is asked for: a repair, or a shield while a plan is carried out.
alter table transfers.transfer add column kind text not null default 'repair' check (kind in ('repair', 'shield'));
