-- The feed at full speed: what is handed on is read in one statement, and a delivery is found by the event that its peer names.

-- What may be handed on of a record: its publishable fields, its windows, and whether an objection is pending about it.
create view records.v_shared as
  select r.subject_id, r.id as record_id, r.item, r.division, r.authority_name, r.doc_no, r.decided_on, r.version, r.state,
    r.facts->>'subjectKind' as subject_kind, r.fields, r.windows,
    case when r.disposed > 0 then (
      select d.kind = 'disputed' from records.disposition d
      where d.subject_id = r.subject_id and d.record_id = r.id and d.kind in ('disputed', 'dispute_closed')
      order by d.n desc limit 1) end as disputed
  from records.record r;

-- Acknowledgements name the event alone.
create index delivery_event on exchange.delivery (peer_id, event_id);
