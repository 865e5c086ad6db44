-- What was refused and is taken up again, because an objection to the refusal was upheld, is the same item: it stays known as
-- refused once, and as taken up when it is accepted or granted.
create or replace view repair.v_refused as
  select i.subject_id, i.id as item_id, i.application_id, a.no, i.record_id, i.state, i.authority_id, i.authority_name, i.division,
    coalesce(i.decided_on, (i.updated_at at time zone 'Asia/Shanghai')::date) as decided_on,
    case when i.state in ('not_accepted', 'refused') then (
      select n.state from repair.item n
      where n.subject_id = i.subject_id and n.record_id = i.record_id and n.id > i.id and n.state in ('accepted', 'granted')
      order by n.id desc limit 1) when i.state in ('accepted', 'granted') then i.state end as again
  from repair.item i
  join repair.application a on a.subject_id = i.subject_id and a.id = i.application_id
  where i.state in ('not_accepted', 'refused') or exists (
    select 1 from repair.act t where t.subject_id = i.subject_id and t.item_id = i.id and t.action = 'take_up');
