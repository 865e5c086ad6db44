-- Letters of objections stand in the same register as those of repair.
create view objections.v_letter as
select t.subject_id, t.id, o.id as objection_id, o.no, o.subject_name, o.record_id, o.record_item, o.doc_no, o.record_authority,
  o.record_decided_on, o.state,
  -- What the platform itself confirms is nobody's of the authorities.
  case when t.letter ->> 'kind' = 'receipt' then null else o.authority_id end as authority_id,
  -- Who checks it has no part in it before it is passed on.
  case when o.pushed_on is null then null else o.authority_id end as finder_id,
  o.window_authority_id, o.division, t.action, t.at, t.on_day, t.letter
from objections.act t
join objections.objection o on o.subject_id = t.subject_id and o.id = t.objection_id
where t.letter is not null;

-- Of which kind of case a letter is; `item_id` is then the repair item or the objection. Without an authority: of the platform.
alter table certificates.letter add column of_kind text not null default 'repair_item'
  constraint letter_of check (of_kind in ('repair_item', 'objection'));
alter table certificates.letter alter column authority_id drop not null;
